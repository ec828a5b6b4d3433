"""Time as the hub lives it: a frozen clock, the dispatcher's beats, and outages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from credits.metering.hub_time import beat
from credits.metering.tick import tick
from hub.base import clock

BEAT_EVERY_S = 10  # any step up to 15 s is the hub being up


class HubTime:
    """`runs` is time in which the hub is up, `is_down` time in which it is not."""

    def __init__(self, travel: clock.Travel) -> None:
        self._travel = travel
        beat(clock.now())  # whatever was before, the hub is up from now

    @property
    def now(self) -> datetime:
        return clock.now()

    def beats(self, seconds: int) -> None:
        """The hub is up for so long and charges nothing meanwhile."""
        while seconds > 0:
            step = min(seconds, BEAT_EVERY_S)
            self._travel.advance(seconds=step)
            beat(clock.now())
            seconds -= step

    def runs(self, seconds: int) -> None:
        """The hub is up for so long, and ticks at least every ten seconds."""
        while seconds > 0:
            step = min(seconds, BEAT_EVERY_S)
            self._travel.advance(seconds=step)
            tick()
            seconds -= step

    def is_down(self, seconds: int) -> None:
        """Nobody beats for so long; then the hub is up again."""
        self._travel.advance(seconds=seconds)
        tick()


@contextmanager
def hub_time(at: datetime | None = None) -> Iterator[HubTime]:
    """The hub's time from here on moves only by what is done with it; it begins at a whole second."""
    with clock.freeze((at or clock.now()).replace(microsecond=0)) as travel:
        yield HubTime(travel)
