"""What every payment provider is asked and answers: data, never pages (S2). See docs/how/payments.md.

Amounts are whole cents with a currency. `ref` is the provider's own id of a payment: the only thing by which a payment
is found. A notice is a trigger; what holds is what `fetch` answers (S3). Nothing here knows purchases or wallets.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Method(StrEnum):
    """How the payer pays. The provider decides which of these it offers."""

    IDEAL = "ideal"
    CARD = "card"
    BANCONTACT = "bancontact"
    PAYPAL = "paypal"
    PHONE = "phone"
    BANK_TRANSFER = "bank_transfer"
    DIRECT_DEBIT = "direct_debit"  # never chosen by a payer: how a mandate given through a bank is charged
    SANDBOX = "sandbox"


class State(StrEnum):
    """Of a payment. OPEN: nothing happened yet. PENDING: the payer did their part, the money is not certain."""

    OPEN = "open"
    PENDING = "pending"
    PAID = "paid"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class RefundState(StrEnum):
    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"  # also cancelled: the money stays with us


class MandateState(StrEnum):
    PENDING = "pending"
    VALID = "valid"
    INVALID = "invalid"  # also revoked by the payer at the bank


class Capability(StrEnum):
    """What not every provider does. What is asked of one that lacks it raises NotOffered."""

    FETCH = "fetch"  # without it, staff say what came in (bank transfer)
    REFUND = "refund"
    MANDATE = "mandate"
    NOTICE = "notice"  # without it, only asking tells


@dataclass(frozen=True, slots=True)
class Money:
    cents: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.cents) is not int or self.cents < 0:
            raise ValueError("An amount is a whole number of cents, not below 0.")
        if not (len(self.currency) == 3 and self.currency.isascii() and self.currency.isupper()):
            raise ValueError("A currency is three capitals (ISO 4217).")


@dataclass(frozen=True, slots=True)
class Payer:
    """`customer_ref` is the provider's id of this payer from an earlier mandate, where it has such ids."""

    name: str
    email: str
    customer_ref: str | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """`id` is ours. `mandate`: the payer agrees to later charges by this payment; some refuse it without a `payer`."""

    id: str
    amount: Money
    description: str
    method: Method
    return_url: str
    cancel_url: str
    notice_url: str
    locale: str = "en"
    payer: Payer | None = None
    mandate: bool = False


@dataclass(frozen=True, slots=True)
class Started:
    """Where the payer goes, or, without a page, what they have to know (`instructions`: a number to call, an IBAN)."""

    provider_ref: str
    redirect_url: str | None = None
    instructions: Mapping[str, str] = field(default_factory=dict)
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """A payment as the provider has it now; PAID stays PAID when money goes back.

    `refunded_cents` and `charged_back_cents` are sums as they stand: a chargeback that is reversed lowers the second.
    `order_id` is our own id as the provider kept it, None where it keeps none.
    """

    provider_ref: str
    state: State
    amount: Money
    test: bool
    refunded_cents: int = 0
    charged_back_cents: int = 0
    method: Method | None = None
    paid_at: datetime | None = None
    mandate_ref: str | None = None
    order_id: str | None = None


@dataclass(frozen=True, slots=True)
class RefundStatus:
    refund_ref: str
    state: RefundState
    amount: Money


@dataclass(frozen=True, slots=True)
class MandateStatus:
    mandate_ref: str
    state: MandateState


@dataclass(frozen=True, slots=True)
class Notice:
    """A request to our notice address, as it came. Header names are lower case."""

    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)


class ProviderError(Exception):
    """What a provider can answer but what was wished. Holds no secret: staff may read it, logs may keep it."""


class ProviderDown(ProviderError):
    """No answer, or none that can be read: perhaps it was done, perhaps not. Ask again later, with the same key."""

    def __init__(self, reason: str, retry_after_s: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after_s = retry_after_s


class Refused(ProviderError):
    """The provider understood and said no; the same again is answered the same. `code` and `words` are its own."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(f"{code}: {words}")
        self.code = code
        self.words = words


class Unknown(ProviderError):
    """The provider knows no payment, refund or mandate of this id (in this mode, of this account)."""


class NotOffered(ProviderError):
    """Not every provider refunds, keeps mandates or sends notices."""


class Forged(ProviderError):
    """This notice does not come from the provider, or cannot be read. Nothing follows from it."""


class Provider(Protocol):
    """Every call may raise ProviderDown; those that change something take a `key`, a UUID, and do it once per key.

    `test`: works with play money. A status whose `test` differs from it is of another world and settles nothing.
    """

    name: str
    test: bool
    capabilities: frozenset[Capability]

    def methods(self) -> tuple[Method, ...]:
        """What a payer may choose here, in the order in which they are shown."""
        ...

    def start(self, order: Order, key: str) -> Started:
        """Raises Refused."""
        ...

    def fetch(self, provider_ref: str) -> Status:
        """How it stands. Also takes the last step where a provider wants one after the payer's consent.

        A state the provider invents later reads as OPEN: it is asked again and nothing is booked. Raises Unknown, also
        for a payment that it has put away unpaid, and NotOffered.
        """
        ...

    def refund(self, provider_ref: str, amount: Money, key: str) -> RefundStatus:
        """Money back, all or part. Raises Refused, Unknown, NotOffered."""
        ...

    def fetch_refund(self, provider_ref: str, refund_ref: str) -> RefundStatus:
        """Raises Unknown, NotOffered."""
        ...

    def refs_of(self, notice: Notice) -> list[str]:
        """At the door, without asking anybody: payments it names, [] where only `verify` can tell. Raises Forged."""
        ...

    def verify(self, notice: Notice) -> list[str]:
        """By the worker: refs of the payments to `fetch`, once the provider vouches for the notice. Raises Forged."""
        ...

    def mandate(self, mandate_ref: str) -> MandateStatus:
        """Raises Unknown, NotOffered."""
        ...

    def charge(self, mandate_ref: str, order: Order, key: str) -> Started:
        """A payment without the payer (S6). Raises Refused, Unknown, NotOffered."""
        ...

    def revoke(self, mandate_ref: str) -> None:
        """Nothing can be charged by it any more; a mandate that is gone already is fine. Raises NotOffered."""
        ...
