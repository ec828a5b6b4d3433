"""A promise is held to its seconds where the machine is free, and to no more than what it measured where it is not."""

import subprocess
import sys
import time

import pytest

from tests.promises import SLACK, Probe, promised

SPINS = "while True: pass"


class Reading(Probe):
    """A probe that has read so much already, and no process."""

    def __init__(self, asked_s: float, took_s: float) -> None:
        self._asked_s, self._took_s = asked_s, took_s

    def stop(self) -> None:
        pass


@pytest.mark.parametrize(("asked_s", "took_s", "share"), [(0, 0, 1), (1, 1, 1), (1, 2, 0.5), (1, 40, 1 / SLACK)])
def test_the_share_is_what_was_got_of_what_was_asked(asked_s: float, took_s: float, share: float) -> None:
    assert Reading(asked_s, took_s).share() == share


@pytest.mark.parametrize(("share", "holds"), [(1, False), (0.4, True)])
def test_what_takes_too_long_fails_unless_the_machine_was_busy(
    monkeypatch: pytest.MonkeyPatch, share: float, holds: bool
) -> None:
    monkeypatch.setattr("tests.promises.Probe", lambda: Reading(share, 1))
    seconds = iter([0.0, 2.0])
    monkeypatch.setattr(time, "monotonic", lambda: next(seconds))
    if holds:
        with promised(1, "it"):
            pass
    else:
        with pytest.raises(AssertionError, match=r"it took 2[.]0 s; 1 s are"), promised(1, "it"):
            pass


def test_a_busy_machine_is_noticed() -> None:
    """Six that compute on what has fewer cores."""
    import os

    count = 3 * (os.cpu_count() or 1)
    spinning = [subprocess.Popen([sys.executable, "-I", "-S", "-c", SPINS]) for _ in range(count)]
    probe = Probe()
    try:
        deadline = time.monotonic() + 60
        while probe.share() > 0.8 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert probe.share() <= 0.8
    finally:
        probe.stop()
        for process in spinning:
            process.kill()
            process.wait()
