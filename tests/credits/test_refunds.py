"""Refunds by staff (M6), and `manage.py audit`."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from credits.errors import AboveLimit, KeyReused, NothingToRefund, ReasonMissing, TooLateToRefund, WrongAmount
from credits.metering.meters import end_meter, open_meter, start_meter
from credits.models import Refund, TransferNote
from credits.public import charges
from credits.refunds import refund_charges
from hub.base.tasks import audit_everything
from tests.credits.money import MINUTE, balance_of, everything_adds_up, make_wallet, reference_of, running, state_of
from tests.hub_time import HubTime


@pytest.fixture
def wallet(time: HubTime) -> int:
    return make_wallet(10_000)


@pytest.fixture
def meter(time: HubTime, wallet: int) -> int:
    """Ended, with three blocks charged."""
    made = running(wallet, MINUTE)
    time.runs(121)
    end_meter(made, "agent")
    return made


def refund(meter: int, amount_m: int, key: str = "k", **changes: Any) -> int:
    said = {"reason": "not_solved", "actor_id": None, "level": "owner", **changes}
    return refund_charges(reference=reference_of(meter), amount_m=amount_m, key=key, **said)


def test_the_newest_charges_go_back_first_each_once_M6(meter: int, wallet: int) -> None:
    refund(meter, 3_000)
    assert [(c.block, c.refunded_m) for c in charges(meter)] == [(1, 0), (2, 1_000), (3, 2_000)]
    assert balance_of(wallet) == 7_000
    with pytest.raises(NothingToRefund):
        refund(meter, 2_001, "more")  # of the second no more can come: once per charge
    refund(meter, 2_000, "rest")
    assert state_of(meter) == ("ended", 3, 1_000)
    assert everything_adds_up()


def test_each_wallet_gets_back_what_it_paid_M6(time: HubTime) -> None:
    """A session that was reopened after the customer joined an organisation was paid by two wallets."""
    later, earlier = make_wallet(10_000), make_wallet(10_000)
    for wallet in (earlier, later):
        meter = open_meter(wallet_id=wallet, price=MINUTE, reference="session-of-two")
        start_meter(meter)
        time.runs(61)
        end_meter(meter, "agent")
    said: dict[str, Any] = {"reference": "session-of-two", "reason": "quality", "actor_id": None}
    refund_charges(amount_m=5_000, key="newest first", **said)
    assert (balance_of(earlier), balance_of(later)) == (7_000, 10_000)
    with pytest.raises(NothingToRefund):
        refund_charges(amount_m=2_001, key="of a charge no more than once", **said)
    refund_charges(amount_m=2_000, key="the rest", **said)
    assert (balance_of(earlier), balance_of(later)) == (9_000, 10_000)
    assert everything_adds_up()


def test_a_refund_asked_for_twice_is_one_M6(meter: int, wallet: int) -> None:
    assert refund(meter, 2_000) == refund(meter, 2_000)
    assert balance_of(wallet) == 6_000
    with pytest.raises(KeyReused):
        refund(meter, 1_000)


def test_never_more_than_was_charged_M6(meter: int, wallet: int) -> None:
    with pytest.raises(NothingToRefund):
        refund(meter, 6_001)
    assert balance_of(wallet) == 4_000
    assert not Refund.objects.exists()
    with pytest.raises(NothingToRefund):
        refund_charges(reference="unknown", amount_m=1, reason="quality", actor_id=None, key="x")


def test_what_still_runs_is_not_refunded_M6(time: HubTime, wallet: int) -> None:
    live = running(wallet, MINUTE)
    time.runs(1)
    with pytest.raises(NothingToRefund):
        refund(live, 1_000)


def test_a_refund_is_limited_by_role_and_window_M6(time: HubTime, meter: int, settings: Any) -> None:
    settings.REFUND_LIMITS_MILLICREDITS = {"agent": 2_500, "manager": 5_000, "owner": None}
    refund(meter, 2_000, "a", level="agent")
    with pytest.raises(AboveLimit):
        refund(meter, 501, "b", level="agent")  # both together
    with pytest.raises(AboveLimit):
        refund(meter, 1, "c", level="")
    refund(meter, 1_000, "d", level="manager")
    time.is_down(int(timedelta(days=31).total_seconds()))
    with pytest.raises(TooLateToRefund):
        refund(meter, 1, "e")


def test_a_refund_has_a_reason_and_its_words_stand_beside_the_ledger_M6_P10(meter: int) -> None:
    for reason in ("", "  "):
        with pytest.raises(ReasonMissing):
            refund(meter, 1, reason=reason)
    with pytest.raises(WrongAmount):
        refund(meter, 0)
    refund(meter, 1, reason="the printer of Mrs Jansen still does not print")
    assert Refund.objects.get().reason == "other"
    assert TransferNote.objects.filter(text__contains="Jansen").count() == 1


def test_the_audit_command_says_that_everything_adds_up_M7(meter: int) -> None:
    said = StringIO()
    call_command("audit", stdout=said)
    assert "credits" in said.getvalue()


def test_the_nightly_audit_counts_what_does_not_add_up_M7(meter: int, wallet: int) -> None:
    assert audit_everything() == 0
    with connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        cursor.execute("update credits_account set balance_m = 999 where id = %s", [wallet])
        cursor.execute("set local session_replication_role = default")
    assert audit_everything() == 1


def test_the_audit_command_fails_with_the_rows_M7(meter: int, wallet: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        cursor.execute("update credits_account set balance_m = 999 where id = %s", [wallet])
        cursor.execute("set local session_replication_role = default")
    said = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("audit", stdout=said, stderr=StringIO())
    assert ended.value.code == 1
    assert f"credits.balance: account {wallet}: expected 4000, found 999" in said.getvalue()
