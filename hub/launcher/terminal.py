"""What the launcher says, and how it notices that nobody can hear it any more.

A thread of its own writes, from a bounded queue: a reader that stopped reading (a pipe that is full, a terminal that is
held with Ctrl-S) must not hold up the launcher, which then could neither start again what died nor stop.
"""

import os
import queue
import select
import sys
import threading

LINES_WAITING_MAX = 5000
FLUSH_SECONDS_MAX = 1.0

_lines: queue.Queue[str] = queue.Queue(LINES_WAITING_MAX)
_gone = threading.Event()
_started = threading.Lock()


def say(text: str) -> None:
    """Have one line written. Never waits; what does not fit is dropped."""
    if _started.acquire(blocking=False):  # kept for good: one writer per process
        threading.Thread(target=_write_lines, daemon=True).start()
    try:
        _lines.put_nowait(text)
    except queue.Full:
        return


def flush() -> None:
    """Wait until all is written, for a moment at most."""
    done = threading.Thread(target=_lines.join, daemon=True)
    done.start()
    done.join(FLUSH_SECONDS_MAX)


def _write_lines() -> None:
    while True:
        rest = (_lines.get() + "\n").encode("utf-8", errors="replace")
        try:
            # Straight to the descriptor: a thread that hangs in sys.stdout would spoil the interpreter's way out.
            while rest:
                rest = rest[os.write(sys.stdout.fileno(), rest) :]
        except (OSError, ValueError):
            _gone.set()
        finally:
            _lines.task_done()


def is_gone() -> bool:
    """Whether the terminal was closed or the pipe's reader left.

    With make as the session's leader the kernel hangs up make alone, and make passes nothing on: so we look ourselves.
    """
    if _gone.is_set():
        return True
    try:
        watch = select.poll()
        watch.register(sys.stdout.fileno(), 0)
        bad = select.POLLHUP | select.POLLERR | select.POLLNVAL
        return any(event & bad for _, event in watch.poll(0))
    except (OSError, ValueError):
        return True
