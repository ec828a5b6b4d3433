"""Runs the jobs that the apps registered, in one process at a time. See docs/how/dispatcher.md.

Leader is who holds an advisory lock on a connection of its own; when that connection breaks, for whatever reason, a
standby has it within a second. Every job may run twice, so leadership is for economy and order, not for safety.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, Any, Final

import psycopg
import structlog

from hub import loading

if TYPE_CHECKING:
    from hub.base.registries import Ear, Job

log = structlog.get_logger(__name__)

LOCK_KEY: Final = 0x42616C69650001  # "Balie", 1: which advisory lock is the leader's
CHANNEL: Final = "balie_wake"
STANDBY_LOOKS_EVERY_S: Final = 0.5
LISTENS_AT_MOST_S: Final = 0.25  # so that a SIGTERM is heeded soon
STOPS_WITHIN_S: Final = 5.0
BEAT: Final = "dispatcher.beat"
PROMPT_S: Final = 10.0  # what runs at least so often never waits for a thread behind what runs seldom
THREADS: Final = {"beat": 1, "prompt": 4, "seldom": 2}
SLOW_S: Final = 2.0
HANGS_S: Final = 60.0

# A leader that was cut off must notice before its successor has begun to matter: not minutes of TCP.
CONNECTION_OPTIONS: Final[dict[str, Any]] = {
    "connect_timeout": 3,
    "tcp_user_timeout": 3000,
    "keepalives": 1,
    "keepalives_idle": 1,
    "keepalives_interval": 1,
    "keepalives_count": 2,
}


class Schedule:
    """Which jobs are due, and that none runs beside itself."""

    def __init__(self, jobs: Iterable[Job], now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._jobs = {job.name: job for job in jobs}
        self._due = dict.fromkeys(self._jobs, 0.0)
        self._running: set[str] = set()
        self._lock = threading.Lock()

    def wake(self, topic: str) -> None:
        with self._lock:
            for job in self._jobs.values():
                if topic in job.wakes:
                    self._due[job.name] = 0.0

    def take_due(self) -> list[Job]:
        """The jobs to run now; each counts as running until done() is called for it."""
        at = self._now()
        with self._lock:
            due = [job for job in self._jobs.values() if self._due[job.name] <= at and job.name not in self._running]
            for job in due:
                self._running.add(job.name)
                self._due[job.name] = at + job.every_s
            return due

    def done(self, job: Job) -> None:
        with self._lock:
            self._running.discard(job.name)

    def seconds_to_next(self) -> float:
        with self._lock:
            waiting = [due for name, due in self._due.items() if name not in self._running]
        return max(min(waiting, default=self._now() + LISTENS_AT_MOST_S) - self._now(), 0.0)


class Lanes:
    """Threads for jobs, in lanes of their own: for the beat, for what runs every few seconds, and for the rest.

    However long housekeeping takes, and however much of it is due at once when a leader begins, it stands before
    neither meters and queues nor the sign of life.
    """

    def __init__(self, run: Callable[[Job, Schedule], None]) -> None:
        self._run = run
        self._lanes = {name: ThreadPoolExecutor(most, thread_name_prefix=name) for name, most in THREADS.items()}
        self._running: dict[Future[None], tuple[Job, float]] = {}

    def start(self, job: Job, schedule: Schedule) -> None:
        lane = "beat" if job.name == BEAT else "prompt" if job.every_s <= PROMPT_S else "seldom"
        self._running[self._lanes[lane].submit(self._run, job, schedule)] = (job, time.monotonic())

    def look(self) -> None:
        """Forget what has ended; say once what does not end."""
        now = time.monotonic()
        self._running = {one: known for one, known in self._running.items() if not one.done()}
        for one, (job, since) in self._running.items():
            if one.running() and now - since > HANGS_S:
                log.error("dispatcher.job_hangs", job=job.name, seconds=round(now - since))
                self._running[one] = (job, float("inf"))

    def close(self) -> None:
        """Give what runs a while to end. Not longer: it may hang."""
        wait(self._running, timeout=STOPS_WITHIN_S)
        for lane in self._lanes.values():
            lane.shutdown(wait=False, cancel_futures=True)


class Dispatcher:
    def __init__(self, jobs: Iterable[Job], ears: Iterable[Ear], *, lock_key: int = LOCK_KEY) -> None:
        self._jobs = list(jobs)
        self._ears = {ear.name: ear for ear in ears}
        self._lock_key = lock_key
        self._stopping = threading.Event()
        self.leads = threading.Event()

    def stop(self) -> None:
        self._stopping.set()

    def run(self) -> None:
        """Until stop(): stand by, lead, and begin again when the connection is lost."""
        while not self._stopping.is_set():
            try:
                with connect() as connection:
                    if self._become_leader(connection):
                        self._lead(connection)
            except psycopg.Error as lost:
                log.warning("dispatcher.connection_lost", error=str(lost).strip(), led=self.leads.is_set())
                self._stopping.wait(STANDBY_LOOKS_EVERY_S)
            finally:
                self.leads.clear()

    def _become_leader(self, connection: psycopg.Connection[Any]) -> bool:
        while not self._stopping.is_set():
            row = connection.execute("select pg_try_advisory_lock(%s)", [self._lock_key]).fetchone()
            if row is not None and row[0]:
                return True
            self._stopping.wait(STANDBY_LOOKS_EVERY_S)
        return False

    def _lead(self, connection: psycopg.Connection[Any]) -> None:
        log.info("dispatcher.leads")
        connection.execute(f"listen {CHANNEL}")
        schedule = Schedule(self._jobs)
        self.leads.set()
        for ear in self._ears.values():
            ear.hear(None)
        lanes = Lanes(_run)
        try:
            while not self._stopping.is_set():
                for job in schedule.take_due():
                    lanes.start(job, schedule)
                lanes.look()
                self._listen(connection, schedule)
        finally:
            lanes.close()
        log.info("dispatcher.stops")

    def _listen(self, connection: psycopg.Connection[Any], schedule: Schedule) -> None:
        """Wait for wakes until the next job is due. What came together is heard together."""
        seconds = min(schedule.seconds_to_next(), LISTENS_AT_MOST_S)
        for notice in connection.notifies(timeout=seconds, stop_after=1):
            topic, _, detail = notice.payload.partition(":")
            schedule.wake(topic)
            ear = self._ears.get(topic)
            if ear is not None and detail:
                ear.hear(detail)


def _run(job: Job, schedule: Schedule) -> None:
    """One job, whose failure is logged and nobody else's."""
    from django.db import connections

    begun = time.monotonic()
    try:
        job.run()
    except Exception:
        log.exception("dispatcher.job_failed", job=job.name)
    finally:
        connections.close_all()
        schedule.done(job)
    took_s = time.monotonic() - begun
    if took_s > SLOW_S:
        log.warning("dispatcher.job_slow", job=job.name, seconds=round(took_s, 2))


def connect() -> psycopg.Connection[Any]:
    """A connection of the dispatcher's own: the lock and LISTEN are a session's, so no pool may come between."""
    from django.db import connection as configured

    known = configured.get_connection_params()
    wanted = {
        name: known[name] for name in ("host", "port", "dbname", "user", "password", "sslmode") if known.get(name)
    }
    return psycopg.connect(**wanted, **CONNECTION_OPTIONS, application_name="balie-dispatcher", autocommit=True)


def _beat() -> None:
    from hub.base import heartbeat

    heartbeat.beat("dispatcher")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")
    import django

    loading.begins()
    django.setup()
    from hub.base.registries import Job, ears, jobs

    loading.ends()

    dispatcher = Dispatcher([Job(BEAT, 1.0, _beat), *jobs], ears)
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: dispatcher.stop())
    dispatcher.run()


if __name__ == "__main__":
    main()
