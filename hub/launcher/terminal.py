"""What the launcher says, and how it notices that nobody can hear it any more."""

import select
import sys
import threading

_lock = threading.Lock()
_gone = threading.Event()


def say(text: str) -> None:
    """Write one line. A terminal that is gone is noticed here, and remembered."""
    try:
        with _lock:
            sys.stdout.write(text + "\n")
            sys.stdout.flush()
    except (OSError, ValueError):
        _gone.set()


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
