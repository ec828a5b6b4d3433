"""L5: what came into a wallet and what was used of it, by month of the reader’s calendar; old lines count once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from credits.ledger import overview
from credits.ledger.accounts import open_wallet
from credits.ledger.overview import months
from credits.metering.meters import end_meter, start_meter
from credits.metering.pricing import Price
from credits.models import Transfer
from credits.refunds import refund_charges
from hub.base import clock
from tests.credits.money import make_wallet, opened, reference_of, top_up
from tests.hub_time import HubTime
from tests.people import make_customer, make_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    """Wallets of two tests may have one id."""
    overview._kept.cache_clear()
    with timezone.override("Europe/Amsterdam"):
        yield
    overview._kept.cache_clear()


def used(wallet_id: int, time: HubTime, price_m: int = 1_000, spender_id: int | None = None) -> int:
    """A chat of one block."""
    meter = opened(wallet_id, Price(price_m, 60), spender_id=spender_id)
    start_meter(meter)
    time.runs(1)
    end_meter(meter, "agent")
    return meter


def asked_from(wallet_id: int, spender_id: int) -> int:
    """Behind which line the database is asked to add up."""
    with CaptureQueriesContext(connection) as captured:
        months(wallet_id, back=5, spenders=[spender_id])
    (statement,) = [one["sql"] for one in captured if "with lines" in one["sql"]]
    return int(re.findall(r"\bid > (\d+)", statement)[0])


MOVED = {
    datetime(2026, 10, 10, 12, tzinfo=UTC): 1_000,
    datetime(2026, 11, 21, 22, 59, tzinfo=UTC): 200,  # 30 Aban in Amsterdam
    datetime(2026, 11, 21, 23, 0, tzinfo=UTC): 30,  # 1 Azar there
}


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", [(date(2026, 11, 1), 230), (date(2026, 10, 1), 1_000)]),
        ("fa", [(date(2026, 11, 22), 30), (date(2026, 10, 23), 200), (date(2026, 9, 23), 1_000)]),
    ],
)
def test_l5_u1_a_month_is_one_of_the_readers_calendar(language: str, shown: list[tuple[date, int]]) -> None:
    wallet = make_wallet()
    for at, amount_m in MOVED.items():
        with clock.freeze(at):
            top_up(wallet, amount_m)
    with clock.freeze(datetime(2026, 11, 25, tzinfo=UTC)), translation.override(language):
        assert [(month.month, month.added_m) for month in months(wallet, back=5, spenders=None)] == shown


def test_l5_m6_what_was_given_back_is_taken_off(time: HubTime) -> None:
    wallet = make_wallet(50_000)
    meter = used(wallet, time, 3_000)
    used(wallet, time, 2_000)
    refund_charges(reference=reference_of(meter), amount_m=1_000, reason="test", actor_id=None, key="back")
    (month,) = months(wallet, back=5, spenders=None)
    assert (month.added_m, month.used_m) == (50_000, 4_000)


def test_l5_old_lines_of_a_member_are_added_up_once_and_every_line_counts_once(
    time: HubTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overview, "LINES_READ_ANEW", 0)
    office = make_organisation()
    wallet, behind = open_wallet(organisation_id=office.organisation.pk), [0]
    top_up(wallet, 50_000)
    for chats in range(1, 4):
        used(wallet, time, spender_id=office.employee.pk)
        assert asked_from(wallet, office.employee.pk) == behind[-1]
        (month,) = months(wallet, back=5, spenders=[office.employee.pk])
        assert (month.added_m, month.used_m) == (0, chats * 1_000)
        behind.append(Transfer.objects.latest("pk").pk)


def test_p4_whose_lines_count_is_kept_apart(time: HubTime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overview, "LINES_READ_ANEW", 0)
    office = make_organisation()
    wallet = open_wallet(organisation_id=office.organisation.pk)
    top_up(wallet, 50_000)
    spenders = (None, [office.manager.pk, office.employee.pk], [office.employee.pk], [make_customer().pk])
    for times in (1, 2):
        for user, price_m in ((office.employee, 1_000), (office.manager, 200), (office.owner, 30)):
            used(wallet, time, price_m, user.pk)
        found = [[(one.added_m, one.used_m) for one in months(wallet, back=5, spenders=them)] for them in spenders]
        assert found == [[(50_000, 1_230 * times)], [(0, 1_200 * times)], [(0, 1_000 * times)], []]


def test_l5_another_month_begins_and_old_ones_go() -> None:
    wallet = make_wallet()
    with clock.freeze(datetime(2026, 1, 15, 12, tzinfo=UTC)) as time:
        for _ in range(8):
            top_up(wallet, 1_000)
            shown = months(wallet, back=5, spenders=None)
            time.advance(days=30)
    assert len(shown) == 6
    assert shown[0].month - shown[-1].month > timedelta(days=140)
