"""Seconds that a rule promises, on a machine that has other things to do as well.

A rule's seconds are those of a machine with a core to spare. While a promise is waited for, a process of our own
computes a little now and then, and compares what it got of a core with what it asked for. Where it got all, the seconds
are the rule's own; where it got half, a thing may take twice as long, and at most SLACK times.
"""

import contextlib
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Final

SLACK: Final = 4  # nobody waits longer than so many times a rule's seconds
_BURST = """
import time
while True:
    began, had = time.monotonic(), time.process_time()
    while time.process_time() - had < 0.02:
        pass
    print(time.process_time() - had, time.monotonic() - began, flush=True)
    time.sleep(0.15)
"""


class Probe:
    """What share of a core somebody gets who computes, from its making on."""

    def __init__(self) -> None:
        self._asked_s = self._took_s = 0.0
        command = [sys.executable, "-I", "-S", "-c", _BURST]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def share(self) -> float:
        """From 1 (a core to spare) down to 1 / SLACK."""
        return max(1 / SLACK, self._asked_s / self._took_s) if self._took_s else 1.0

    def stop(self) -> None:
        self._process.kill()
        self._reader.join()
        self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()

    def _read(self) -> None:
        for line in self._process.stdout or ():
            asked_s, took_s = (float(word) for word in line.split())
            self._asked_s += asked_s
            self._took_s += took_s


@contextlib.contextmanager
def probe() -> Iterator[Probe]:
    made = Probe()
    try:
        yield made
    finally:
        made.stop()


@contextlib.contextmanager
def promised(seconds: float, what: str) -> Iterator[None]:
    """What happens inside takes no longer than that. Inside, wait for facts, for `SLACK * seconds` at most."""
    with probe() as machine:
        began_s = time.monotonic()
        yield
        took_s = time.monotonic() - began_s
    free_s = took_s * machine.share()
    assert free_s <= seconds, (
        f"{what} took {took_s:.1f} s; {seconds:g} s are promised, and {machine.share():.0%} of a core was to be had"
    )
