"""`/admin/money/`: what was sold, used and paid back, and what customers may still use, by day and provider (S3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from credits.admin.periods import DAY, MONTH, choices, period_of
from credits.admin.words import provider_name
from credits.store.days import Day, days, summed
from credits.store.flows import Flow, Flows, flows, joined
from credits.store.open_items import count_open_items
from credits.store.standing import last_standing
from hub.accounts.public import Person, owner_page
from hub.base.csv_files import csv_file
from hub.base.forms import Filled
from hub.site.public import person_of, shown


@dataclass(frozen=True, slots=True)
class Sold:
    """A row of sales with the name of its provider."""

    row: Day
    provider: object


def count_waiting(person: Person) -> int:
    """What stands in the rail: open items, for who may close them."""
    return count_open_items() if person.is_owner else 0


@require_safe
@owner_page
def index(request: HttpRequest) -> HttpResponse:
    period = period_of(request.GET)
    sales, moved = days(period.since, period.until), flows(period.since, period.until)
    values: dict[str, Any] = {
        "period": period,
        "choices": choices(),
        "form": Filled({"since": period.first, "until": period.last, "by": period.by}),
        "ways": [(DAY, pgettext("rows of a table", "By day")), (MONTH, pgettext("rows of a table", "By month"))],
        "totals": summed(sales, lambda _day: period.first, by_provider=False),
        "used": joined(moved.days) or Flow(period.first),
        "end": moved,
        "standing": last_standing(),
        "providers": _named(summed(sales, lambda _day: period.first)),
        "sales": _named(summed(sales, period.day_of)),
        "flows": by_period(moved, period.day_of),
        "wrong": [row.day for row in sales if not row.adds_up],
        "items": count_waiting(person_of(request)),
    }
    return shown(request, "admin/money/index.html", values)


def _named(rows: list[Day]) -> list[Sold]:
    return [Sold(row, provider_name(row.provider)) for row in rows]


def by_period(moved: Flows, day_of: Callable[[date], date]) -> list[Flow]:
    """A row of each day, or of each month by its first day; they come newest first."""
    found = []
    for first, rows in groupby(moved.days, key=lambda flow: day_of(flow.day)):
        one = joined(rows)
        if one is not None:
            found.append(Flow(first, **{name: getattr(one, name) for name in one.__slots__ if name != "day"}))
    return found


SALES_HEADS = (
    "day", "provider", "play_money", "currency", "purchases", "sold_cents", "vat_cents", "sold_credits",
    "ledger_credits", "refunded_cents", "charged_back_cents", "taken_back_credits",
)  # fmt: skip
FLOW_HEADS = (
    "day", "sold", "taken_back", "used", "given_back", "vouchers", "gifts", "taken_away", "expired", "debts_paid",
    "other", "outstanding", "owed",
)  # fmt: skip


@require_safe
@owner_page
def sales_file(request: HttpRequest) -> HttpResponse:
    """For bookkeeping: heads that do not change with the language, cents and credits as plain numbers."""
    period = period_of(request.GET)
    rows = summed(days(period.since, period.until), period.day_of)
    return csv_file("sales", [SALES_HEADS, *(sales_cells(row) for row in rows)])


def sales_cells(row: Day) -> list[object]:
    return [
        row.day.isoformat(), row.provider, int(row.test), row.currency, row.purchases, row.amount_cents, row.vat_cents,
        _credits(row.credits_m), _credits(row.ledger_m), row.refunded_cents, row.charged_back_cents,
        _credits(row.back_m),
    ]  # fmt: skip


@require_safe
@owner_page
def credits_file(request: HttpRequest) -> HttpResponse:
    period = period_of(request.GET)
    rows = by_period(flows(period.since, period.until), period.day_of)
    return csv_file("credits", [FLOW_HEADS, *(flow_cells(row) for row in rows)])


def flow_cells(row: Flow) -> list[object]:
    amounts = (
        row.sold_m, row.back_m, row.used_m, row.given_back_m, row.vouchers_m, row.gifts_m, row.taken_away_m,
        row.expired_m, row.debt_paid_m, row.other_m, row.outstanding_m, row.owed_m,
    )  # fmt: skip
    return [row.day.isoformat(), *map(_credits, amounts)]


def _credits(amount_m: int) -> float:
    """Millicredits as credits; a float of three decimals is exact enough for a spreadsheet, which has no others."""
    return amount_m / 1000
