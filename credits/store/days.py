"""The daily reconciliation (S3): by day and provider what was sold, and the open items that somebody looks into."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Q

from credits.models import BankLine, MoneyRefund, Purchase
from credits.sql import read
from hub.base import clock

STALE_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Day:
    """Sums over the purchases paid on that day. `ledger_m` is what the ledger says of `credits_m`."""

    day: date
    provider: str
    test: bool
    currency: str
    purchases: int
    amount_cents: int
    credits_m: int
    ledger_m: int
    refunded_cents: int
    charged_back_cents: int
    taken_back_m: int

    @property
    def adds_up(self) -> bool:
        return self.credits_m == self.ledger_m


@dataclass(frozen=True, slots=True)
class OpenItems:
    """What does not settle by itself."""

    purchases: list[Purchase]
    refunds: list[MoneyRefund]
    bank_lines: list[BankLine]


def days(since: datetime, until: datetime) -> list[Day]:
    """The newest first, in the hub's zone."""
    with connection.cursor() as cursor:
        cursor.execute(read("store", "days"), {"zone": settings.TIME_ZONE, "since": since, "until": until})
        return [Day(*row) for row in cursor]


def open_items(limit: int = 200) -> OpenItems:
    """Purchases in trouble, refunds that wait for more than a day or for a person, bank lines that name no order."""
    stale = clock.now() - STALE_AFTER
    waiting = Q(state__in=(MoneyRefund.State.ASKED, MoneyRefund.State.PENDING))
    refunds = MoneyRefund.objects.filter(waiting & (Q(created_at__lt=stale) | ~Q(trouble="")))
    return OpenItems(
        list(Purchase.objects.exclude(trouble="").order_by("created_at")[:limit]),
        list(refunds.select_related("purchase").order_by("created_at")[:limit]),
        list(BankLine.objects.filter(state=BankLine.State.OPEN).order_by("pk")[:limit]),
    )
