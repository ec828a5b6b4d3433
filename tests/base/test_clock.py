"""The hub's time is PostgreSQL's."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, transaction
from django.test import override_settings

from hub.base import clock

pytestmark = pytest.mark.django_db


def database_time() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (at,) = cursor.fetchone()
    return datetime.fromtimestamp(at.timestamp(), UTC)


def test_now_is_the_databases_time() -> None:
    clock.measure()
    assert abs(clock.now() - database_time()) < timedelta(seconds=10)
    assert clock.now().tzinfo is UTC


def test_now_costs_no_statement_once_it_is_known(django_assert_num_queries: object) -> None:
    clock.measure()
    with django_assert_num_queries(0):  # type: ignore[operator]
        clock.now()


def test_a_broken_transaction_does_not_stop_the_clock() -> None:
    clock.measure()
    with transaction.atomic():
        with connection.cursor() as cursor, pytest.raises(DatabaseError):
            cursor.execute("SELECT nothing_of_the_kind")
        clock.measure()
        assert clock.now() > datetime(2020, 1, 1, tzinfo=UTC)
        transaction.set_rollback(True)


def test_an_event_loop_never_waits_for_it() -> None:
    clock.measure()

    async def ask() -> datetime:
        return clock.now()

    assert abs(asyncio.run(ask()) - clock.now()) < timedelta(seconds=10)


def test_tests_move_it() -> None:
    with clock.freeze(datetime(2026, 3, 29, 1, 59, tzinfo=UTC)) as time:
        assert clock.now() == clock.now()
        assert time.advance(minutes=2) == datetime(2026, 3, 29, 2, 1, tzinfo=UTC)
    with clock.travel(minutes=10):
        assert clock.now() - database_time() > timedelta(minutes=9)


def test_x7_the_environment_moves_it_only_with_debug(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BALIE_CLOCK_OFFSET_S", "3600")
    assert clock.now() - database_time() > timedelta(minutes=59)
    with override_settings(DEMO=False), pytest.raises(ImproperlyConfigured):
        clock.now()
