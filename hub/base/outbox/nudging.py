"""Tell a worker that there is something to do. A hint: without it beat's sweep finds the row some seconds later.

The broker may hang or be gone, and whoever asked for a code must not wait for it: a thread of its own does the call,
and many nudges at once are one.
"""

from __future__ import annotations

import threading
import time
from importlib import import_module

import structlog

log = structlog.get_logger(__name__)

DRAIN_TASK = "base.drain_outbox"
REST_S = 0.05
CELERY = "hub.celery"  # stands above us on the ladder; by name, and only once there is something to say
_asked = threading.Event()
_tasks: set[str] = set()
_starting = threading.Lock()
_thread: threading.Thread | None = None


def nudge(task: str = DRAIN_TASK) -> None:
    """Never raises, never waits."""
    _tasks.add(task)
    _asked.set()
    _ensure_thread()


def _ensure_thread() -> None:
    global _thread
    with _starting:
        if _thread is None or not _thread.is_alive():
            _thread = threading.Thread(target=_run, name="outbox-nudge", daemon=True)
            _thread.start()


def _run() -> None:
    while _asked.wait():
        _asked.clear()
        while _tasks:
            _send(_tasks.pop())
        time.sleep(REST_S)  # what is asked for meanwhile is one


def _send(task: str) -> None:
    try:
        import_module(CELERY).app.send_task(task, expires=30, retry=False, ignore_result=True)
    except Exception as error:
        log.warning("outbox.nudge_failed", error=type(error).__name__)
