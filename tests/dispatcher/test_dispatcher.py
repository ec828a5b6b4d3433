"""One leader at a time, a standby within three seconds, jobs that do not disturb each other."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from hub.base.registries import Ear, Job
from hub.dispatcher import BEAT, Dispatcher, Schedule, connect
from tests.promises import SLACK, promised

pytestmark = pytest.mark.django_db(transaction=True)

_keys = itertools.count(0x7E57_0001)
TAKES_OVER_WITHIN_S = 3.0
LONGEST_S = TAKES_OVER_WITHIN_S * SLACK


class Standing:
    """A dispatcher in a thread of its own."""

    def __init__(self, key: int, *jobs: Job, ears: tuple[Ear, ...] = ()) -> None:
        self.dispatcher = Dispatcher(jobs, ears, lock_key=key)
        self._thread = threading.Thread(target=self.dispatcher.run)

    def __enter__(self) -> Standing:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stops()

    def stops(self) -> None:
        self.dispatcher.stop()
        self._thread.join(60)
        assert not self._thread.is_alive(), "it stops when it is told to"

    def leads(self, within_s: float = LONGEST_S) -> bool:
        return self.dispatcher.leads.wait(within_s)


def comes_true(fact: Callable[[], bool], within_s: float = LONGEST_S) -> bool:
    """Look again and again, at most so long."""
    until = time.monotonic() + within_s
    while not fact():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


@pytest.fixture
def key() -> int:
    return next(_keys)


class Counting:
    """A job that counts how often it ran, and whether it ever ran beside itself."""

    def __init__(self) -> None:
        self.runs = 0
        self.beside_itself = False
        self._running = threading.Lock()

    def __call__(self) -> None:
        if not self._running.acquire(blocking=False):
            self.beside_itself = True
            return
        try:
            self.runs += 1
        finally:
            self._running.release()


def test_of_two_only_one_leads_and_the_other_takes_over_when_it_stops(key: int) -> None:
    mine, yours = Counting(), Counting()
    with Standing(key, Job("mine", 0.02, mine)) as first:
        assert first.leads()
        assert comes_true(lambda: mine.runs > 3)
        with Standing(key, Job("yours", 0.02, yours)) as second:
            assert not second.leads(1.2)
            assert yours.runs == 0
            first.stops()
            with promised(TAKES_OVER_WITHIN_S, "taking over"):
                assert second.leads()
            assert comes_true(lambda: yours.runs > 0)


def test_a_leader_whose_connection_is_cut_stops_leading_and_somebody_leads_again(key: int) -> None:
    """As when its machine is gone: PostgreSQL ends the session, and the lock with it."""
    with Standing(key) as first, Standing(key) as second:
        assert comes_true(lambda: first.dispatcher.leads.is_set() or second.dispatcher.leads.is_set())
        with connection.cursor() as cursor:
            cursor.execute(
                "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted"
                " and objid = %s::bigint & 4294967295 and database = (select oid from pg_database"
                " where datname = current_database())",
                [key],
            )
            assert cursor.rowcount == 1
        with promised(TAKES_OVER_WITHIN_S, "taking over"):
            assert comes_true(lambda: first.dispatcher.leads.is_set() ^ second.dispatcher.leads.is_set())


def test_a_job_that_fails_is_run_again_and_disturbs_nobody(key: int) -> None:
    failures, other = Counting(), Counting()

    def fails() -> None:
        failures()
        raise RuntimeError("on purpose")

    with Standing(key, Job("fails", 0.02, fails), Job("other", 0.02, other)):
        assert comes_true(lambda: failures.runs > 3 and other.runs > 3)


def test_a_slow_job_holds_up_neither_the_others_nor_itself(key: int) -> None:
    slow_may_go_on, other, slow = threading.Event(), Counting(), Counting()

    def runs_slowly() -> None:
        slow()
        slow_may_go_on.wait(60)

    with Standing(key, Job("slow", 0.02, runs_slowly), Job("other", 0.02, other)):
        assert comes_true(lambda: other.runs > 5)
        assert slow.runs == 1
        slow_may_go_on.set()


class Hanging:
    """Jobs that do not end before they may."""

    def __init__(self) -> None:
        self.may_go_on = threading.Event()

    def jobs(self, count: int, every_s: float) -> list[Job]:
        return [Job(f"hangs-{number}", every_s, self._run) for number in range(count)]

    def _run(self) -> None:
        self.may_go_on.wait(60)


@pytest.fixture
def hanging() -> Iterator[Hanging]:
    made = Hanging()
    yield made
    made.may_go_on.set()


def test_slow_housekeeping_delays_neither_the_beat_nor_what_runs_each_second(key: int, hanging: Hanging) -> None:
    """However much of it is due at once, as all is when a leader begins."""
    sweep, beat = Counting(), Counting()
    with Standing(key, *hanging.jobs(8, every_s=15), Job("sweep", 0.02, sweep), Job(BEAT, 0.02, beat)):
        assert comes_true(lambda: sweep.runs > 5 and beat.runs > 5)
        hanging.may_go_on.set()


def test_the_beat_goes_on_whatever_hangs_and_what_hangs_is_said_once(
    key: int, hanging: Hanging, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr("hub.dispatcher.HANGS_S", 0.05)
    monkeypatch.setattr("hub.dispatcher.log.error", lambda _event, job, **_: said.append(job))
    beat = Counting()
    with Standing(key, *hanging.jobs(8, every_s=1), Job(BEAT, 0.02, beat)):
        assert comes_true(lambda: bool(said))
        beats = beat.runs
        assert comes_true(lambda: beat.runs > beats + 5)
        hanging.may_go_on.set()
    assert len(said) == len(set(said))


def test_a_job_that_hangs_does_not_keep_the_lead(key: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """It gets a while to end; then a standby may lead, or the same process anew."""
    monkeypatch.setattr("hub.dispatcher.STOPS_WITHIN_S", 0.2)
    hangs, may_go_on = threading.Event(), threading.Event()

    def hang() -> None:
        hangs.set()
        may_go_on.wait(60)

    try:
        with Standing(key, Job("hangs", 3600, hang)) as standing:
            assert hangs.wait(LONGEST_S)
            standing.dispatcher.stop()
            assert comes_true(lambda: not standing.dispatcher.leads.is_set())
    finally:
        may_go_on.set()


def test_a_wake_runs_its_jobs_at_once_and_tells_the_ear(key: int) -> None:
    woken, untouched = Counting(), Counting()
    heard: list[str | None] = []
    jobs = (Job("woken", 3600, woken, frozenset({"something"})), Job("untouched", 3600, untouched))
    with Standing(key, *jobs, ears=(Ear("something", heard.append),)) as standing:
        assert standing.leads()
        assert comes_true(lambda: woken.runs == 1 and untouched.runs == 1)
        with connection.cursor() as cursor:
            cursor.execute("select pg_notify('balie_wake', 'something:s:1')")
        assert comes_true(lambda: woken.runs == 2)  # in an hour, if nobody woke it
        assert untouched.runs == 1
        assert heard == [None, "s:1"], "a new leader is told that it may have missed something"


def test_a_job_gives_its_connections_back(key: int) -> None:
    def asks() -> None:
        with connection.cursor() as cursor:
            cursor.execute("select 1")

    asked = Counting()
    with Standing(key, Job("asks", 0.01, asks), Job("asked", 0.01, asked)):
        assert comes_true(lambda: asked.runs > 6)
        with connect() as line:
            row = line.execute("select count(*) from pg_stat_activity where datname = current_database()").fetchone()
            assert row is not None
            assert row[0] < 20


def test_a_schedule_runs_each_job_in_its_own_time() -> None:
    now = [0.0]
    often, seldom = Job("often", 1, lambda: None), Job("seldom", 10, lambda: None)
    schedule = Schedule([often, seldom], now=lambda: now[0])
    assert schedule.take_due() == [often, seldom]
    assert schedule.take_due() == [], "running jobs are not taken again"
    for job in (often, seldom):
        schedule.done(job)
    assert schedule.take_due() == []
    assert schedule.seconds_to_next() == 1
    now[0] = 1.5
    assert schedule.take_due() == [often]
    schedule.done(often)
    now[0] = 10
    assert schedule.take_due() == [often, seldom]


@contextmanager
def process() -> Iterator[subprocess.Popen[bytes]]:
    """The real thing, as the Procfile starts it, on this test's database."""
    known = urlsplit(os.environ["DATABASE_URL"])
    url = urlunsplit(known._replace(path=f"/{connection.settings_dict['NAME']}"))
    started = subprocess.Popen([sys.executable, "-m", "hub.dispatcher"], env={**os.environ, "DATABASE_URL": url})
    try:
        yield started
    finally:
        if started.poll() is None:
            started.kill()
            started.wait(60)


def _beats() -> bool:
    from hub.base.models import Heartbeat

    return Heartbeat.objects.filter(name="dispatcher").exists()


def test_the_process_leads_beats_and_stops_when_told() -> None:
    """/readyz reads its beat; SIGTERM ends it at once and without an error."""
    from hub.base.models import Heartbeat

    with process() as first:
        assert comes_true(_beats, within_s=60)
        with process() as standby:
            first.kill()
            first.wait(60)
            Heartbeat.objects.all().delete()
            assert comes_true(_beats, within_s=60)
            standby.send_signal(signal.SIGTERM)
            assert standby.wait(60) == 0
