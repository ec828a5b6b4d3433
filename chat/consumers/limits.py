"""How much one socket may send (X6; docs/how/live-core.md)."""

from __future__ import annotations

from math import ceil
from typing import Final, NamedTuple

SOCKETS_PER_VISITOR: Final = 5
SOCKETS_PER_STAFF: Final = 20
BAD_FRAMES_MAX: Final = 10
BAD_FRAMES_WITHIN_S: Final = 60.0


class Rate(NamedTuple):
    burst: float
    per_second: float


VISITOR: Final = Rate(20, 5)
STAFF: Final = Rate(200, 50)  # and API tokens
LOAD: Final = Rate(2000, 1000)  # tokens of load generators, in demo mode only


class Bucket:
    """A token bucket. Who goes on while it is empty digs deeper, and is closed when a whole burst was refused."""

    __slots__ = ("_left", "_stamp", "rate")

    def __init__(self, rate: Rate, now: float) -> None:
        self.rate = rate
        self._left = rate.burst
        self._stamp = now

    def take(self, now: float) -> bool:
        burst, per_second = self.rate
        self._left = min(burst, self._left + (now - self._stamp) * per_second) - 1
        self._stamp = now
        return self._left >= 0

    @property
    def overrun(self) -> bool:
        return self._left < -self.rate.burst

    @property
    def retry_after_ms(self) -> int:
        """After this a frame is accepted: who waits as told gets through. A millisecond more, for what floats round."""
        return ceil((1 - self._left) / self.rate.per_second * 1000) + 1


class BadFrames:
    """The bad frames of the last minute."""

    __slots__ = ("_times",)

    def __init__(self) -> None:
        self._times: list[float] = []

    def add(self, now: float) -> bool:
        """True when this was one too many."""
        self._times = [time for time in self._times if now - time < BAD_FRAMES_WITHIN_S]
        self._times.append(now)
        return len(self._times) >= BAD_FRAMES_MAX
