"""Refusals, events, locks, threads: what every action stands on."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from hub.accounts.models import Department, User
from hub.base import events, threads
from hub.base.errors import Internal, NotFound, Taken, TooFast
from hub.base.locking import LockOrderError, lock, lock_one
from tests import people
from tests.running import eventually


def test_a_refusal_speaks_the_readers_language() -> None:
    refusal = Taken(by="Daan")
    assert refusal.text("en") == "Daan has taken this already."
    assert refusal.text("nl") == "Daan heeft dit al aangenomen."
    assert (refusal.code, refusal.status, refusal.params) == ("taken", 409, {"by": "Daan"})
    assert TooFast(retry_after_ms=500).retry_after_ms == 500
    assert "abc" in Internal("abc").text("nl")
    assert NotFound().text("xx") == NotFound().text("en")


@dataclass(frozen=True)
class Rang:
    number: int


@pytest.mark.django_db
def test_events_come_in_lists_and_a_listener_undoes_all(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[list[Rang]] = []
    monkeypatch.setitem(events._listeners, Rang, [])
    events.on(Rang)(heard.append)
    with transaction.atomic():
        events.emit([Rang(1), Rang(2)])
        events.emit([])
    assert heard == [[Rang(1), Rang(2)]]

    @events.on(Rang)
    def refuse(rung: list[Rang]) -> None:
        raise NotFound

    @transaction.atomic
    def act() -> None:
        Department.objects.create(name="Undone")
        events.emit([Rang(3)])

    with pytest.raises(NotFound):
        act()
    assert not Department.objects.filter(name="Undone").exists()


@pytest.mark.django_db(transaction=True)
def test_events_outside_a_transaction_are_refused() -> None:
    with pytest.raises(TransactionManagementError):
        events.emit([Rang(1)])


@pytest.mark.django_db(transaction=True)
def test_locks_need_a_transaction_and_one_order(monkeypatch: pytest.MonkeyPatch) -> None:
    department = people.make_department()
    user = people.make_agent()
    with pytest.raises(TransactionManagementError):
        lock_one(User, user.pk)
    with pytest.raises(LockOrderError), transaction.atomic():
        lock(Department.objects.all())  # has no place in the order
    monkeypatch.setattr(Department, "lock_rank", 5, raising=False)
    with transaction.atomic():
        assert lock_one(Department, department.pk) == department
        assert lock(User.objects.filter(pk__in=[user.pk, 0])) == [user]
    with transaction.atomic():
        lock_one(User, user.pk)
        with pytest.raises(LockOrderError):
            lock_one(Department, department.pk)
    with transaction.atomic():  # what the last transaction locked is not held against this one
        lock_one(Department, department.pk)


@pytest.mark.django_db(transaction=True)
def test_threads_are_few_and_give_their_connections_back() -> None:
    running, most, gate = 0, 0, threading.Lock()
    enough = threading.Event()

    def work() -> int:
        nonlocal running, most
        with gate:
            running += 1
            most = max(most, running)
            if running == threads.THREADS_MAX:
                enough.set()
        enough.wait(60)
        count: int = User.objects.count()
        with gate:
            running -= 1
        return count

    async def many() -> list[int]:
        return await asyncio.gather(*(threads.run(work) for _ in range(threads.THREADS_MAX * 2)))

    assert asyncio.run(many()) == [0] * threads.THREADS_MAX * 2
    assert most == threads.THREADS_MAX
    eventually(lambda: _busy_connections() == 1, what="the end of the threads' connections")


def _busy_connections() -> int:
    """Those of this database that are in a statement; this one's is the only one when the others are gone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active'")
        count: int = cursor.fetchone()[0]
        return count
