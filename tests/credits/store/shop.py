"""A shop for tests: packages, a provider that does as it is told, buyers."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from django.conf import settings
from django.test import override_settings

from credits.ledger.accounts import get_wallet, open_wallet
from credits.models import Package, Purchase
from credits.store import notices
from credits.store.providers import registry
from credits.store.providers.base import (
    Capability,
    MandateState,
    MandateStatus,
    Method,
    Money,
    Notice,
    Order,
    ProviderDown,
    RefundState,
    RefundStatus,
    Refused,
    Started,
    State,
    Status,
    Unknown,
)
from credits.store.purchases import Wish, start
from hub.accounts.public import Person, User
from tests.people import make_customer, person_of

_numbers = itertools.count(1)
CENTS = {50: 5000, 100: 9500}


@dataclass
class FakeProvider:
    """Its payments stand in memory, as at a provider: no crash or rollback of ours touches them."""

    name: str = "fake"
    test: bool = True
    capabilities: frozenset[Capability] = frozenset(Capability)
    payments: dict[str, Status] = field(default_factory=dict)
    by_key: dict[str, str] = field(default_factory=dict)
    refunds: dict[str, RefundStatus] = field(default_factory=dict)
    mandates: dict[str, MandateState] = field(default_factory=dict)
    down: bool = False
    refuses: bool = False
    slow_refunds: bool = False
    asked: int = 0

    def methods(self) -> tuple[Method, ...]:
        return (Method.IDEAL, Method.CARD)

    def start(self, order: Order, key: str) -> Started:
        self._answers()
        if self.refuses:
            raise Refused("no", "No.")
        if key not in self.by_key:
            ref = f"tr_{next(_numbers)}"
            self.by_key[key] = ref
            self.payments[ref] = Status(ref, State.OPEN, order.amount, test=self.test, order_id=order.id)
        return Started(self.by_key[key], redirect_url=f"https://pay.example/{self.by_key[key]}")

    def fetch(self, provider_ref: str) -> Status:
        self._answers()
        if provider_ref not in self.payments:
            raise Unknown(provider_ref)
        return self.payments[provider_ref]

    def refund(self, provider_ref: str, amount: Money, key: str) -> RefundStatus:
        self._answers()
        if key not in self.refunds:
            was = self.payments[provider_ref]
            left = was.amount.cents - was.refunded_cents - was.charged_back_cents
            if self.refuses or was.state != State.PAID or amount.cents > left:
                raise Refused("no", "No.")
            self.change(provider_ref, refunded_cents=was.refunded_cents + amount.cents)
            state = RefundState.PENDING if self.slow_refunds else RefundState.DONE
            self.refunds[key] = RefundStatus(key, state, amount)
        return self.refunds[key]

    def fetch_refund(self, provider_ref: str, refund_ref: str) -> RefundStatus:
        self._answers()
        return self.refunds[refund_ref]

    def refs_of(self, notice: Notice) -> list[str]:
        return [notice.body.decode()]

    def verify(self, notice: Notice) -> list[str]:
        self._answers()
        return self.refs_of(notice)

    def mandate(self, mandate_ref: str) -> MandateStatus:
        if mandate_ref not in self.mandates:
            raise Unknown(mandate_ref)
        return MandateStatus(mandate_ref, self.mandates[mandate_ref])

    def charge(self, mandate_ref: str, order: Order, key: str) -> Started:
        if self.mandates.get(mandate_ref) != MandateState.VALID:
            raise Refused("mandate", "No.")
        return self.start(order, key)

    def revoke(self, mandate_ref: str) -> None:
        self._answers()
        self.mandates[mandate_ref] = MandateState.INVALID

    def change(self, ref: str, **fields: object) -> None:
        self.payments[ref] = replace(self.payments[ref], **fields)  # type: ignore[arg-type]

    def pays(self, ref: str) -> None:
        self.change(ref, state=State.PAID)

    def _answers(self) -> None:
        self.asked += 1
        if self.down:
            raise ProviderDown("down")


@contextmanager
def open_shop(*providers: FakeProvider) -> Iterator[FakeProvider]:
    """These are the providers, and 50 and 100 credits are for sale."""
    for credits, cents in CENTS.items():
        Package.objects.update_or_create(
            credits=credits, defaults={"amount_cents": cents, "currency": "EUR", "vat_bp": 2100, "vat_at": "sale"}
        )
    before = registry.offered
    given = providers or (FakeProvider(),)
    registry.offered = lambda: given  # type: ignore[assignment]
    try:
        with override_settings(PUBLIC_URL=settings.PUBLIC_URL or "http://127.0.0.1:8000"):
            yield given[0]
    finally:
        registry.offered = before


def make_buyer() -> tuple[User, Person, int]:
    """A customer, who acts, and their wallet."""
    user = make_customer(email=f"buyer{next(_numbers)}@example.com")
    return user, person_of(user), open_wallet(user_id=user.pk)


def buys(person: Person, credits: int = 50, *, key: str = "", **fields: object) -> Purchase:
    wish = Wish(credits=credits, provider="fake", method="ideal", key=key or f"k{next(_numbers)}")
    return start(person, replace(wish, **fields))  # type: ignore[arg-type]


def receives(provider: str, notice: Notice, sender: str = "127.0.0.1") -> None:
    """What the door does with a notice; tests of the door itself knock at it (door.py)."""
    said = notices.read(provider, notice)
    if not notices.keep([said])[0]:
        notices.keep_stranger(said, sender)


def balance(wallet_id: int) -> int:
    return get_wallet(wallet_id).balance_m
