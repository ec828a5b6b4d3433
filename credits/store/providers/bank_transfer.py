"""Bank transfer, for organisations: an order with a payment reference, booked by staff from the bank line (S2).

No bank is asked. The reference is a creditor reference of ISO 11649 ("RF", two check digits by ISO 7064 mod 97-10, then
here digits alone), which banks carry unchanged. Of digits, any one that is wrong and any two that changed places show.
"""

from __future__ import annotations

import hashlib
from typing import Final, NoReturn

from django.conf import settings

from credits.store.providers.base import (
    Capability,
    Forged,
    MandateStatus,
    Method,
    Money,
    Notice,
    NotOffered,
    Order,
    RefundStatus,
    Started,
    Status,
)

_BODY_DIGITS: Final = 16  # four groups; that no two orders share one, the table of purchases sees to besides


class BankTransfer:
    name = "bank"
    test = False
    capabilities: frozenset[Capability] = frozenset()

    def __init__(self, iban: str, holder: str, bic: str = "") -> None:
        self._account = {"iban": iban, "holder": holder} | ({"bic": bic} if bic else {})

    def methods(self) -> tuple[Method, ...]:
        return (Method.BANK_TRANSFER,)

    def start(self, order: Order, key: str) -> Started:
        """The same order has the same reference, however often it is started."""
        reference = reference_of(order.id)
        return Started(reference, instructions=self._account | {"reference": in_groups(reference)})

    def fetch(self, provider_ref: str) -> Status:
        _not_offered()

    def refund(self, provider_ref: str, amount: Money, key: str) -> RefundStatus:
        _not_offered()

    def fetch_refund(self, provider_ref: str, refund_ref: str) -> RefundStatus:
        _not_offered()

    def refs_of(self, notice: Notice) -> list[str]:
        raise Forged("A bank sends no notices.")

    def verify(self, notice: Notice) -> list[str]:
        raise Forged("A bank sends no notices.")

    def mandate(self, mandate_ref: str) -> MandateStatus:
        _not_offered()

    def charge(self, mandate_ref: str, order: Order, key: str) -> Started:
        _not_offered()

    def revoke(self, mandate_ref: str) -> None:
        _not_offered()


def configured() -> BankTransfer | None:
    if not settings.BANK_IBAN:
        return None
    return BankTransfer(settings.BANK_IBAN, settings.BANK_ACCOUNT_HOLDER, settings.BANK_BIC)


def reference_of(order_id: str) -> str:
    digest = hashlib.sha256(f"bank:{order_id}".encode(errors="surrogatepass")).digest()
    body = f"{int.from_bytes(digest) % 10**_BODY_DIGITS:0{_BODY_DIGITS}}"
    return f"RF{98 - _remainder(f'{body}RF00'):02}{body}"


def in_groups(reference: str) -> str:
    """In fours, as on paper."""
    return " ".join(reference[at : at + 4] for at in range(0, len(reference), 4))


def is_reference(text: str) -> bool:
    """Whether its check digits are right."""
    return len(text) > 4 and text.isalnum() and text.isascii() and _remainder(text[4:] + text[:4]) == 1


def _remainder(text: str) -> int:
    return int("".join(str(int(one, 36)) for one in text)) % 97


def _not_offered() -> NoReturn:
    raise NotOffered("A bank cannot be asked: staff book what its statement says.")
