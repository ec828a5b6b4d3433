"""A minute in which nothing happens, beside the other tests: what idle sockets and an absent customer come to."""

import asyncio
import threading
import time
from dataclasses import dataclass, field
from typing import Self

from tests.faults.client import Frame
from tests.faults.world import Chat, Pair, make_pairs, open_chat
from tests.promises import probe, promised
from tests.running import START_SECONDS_MAX, RunningHub

IDLE_S = 62.0
DELIVERED_WITHIN_S = 5.0
PAUSED_WITHIN_S = 150.0


@dataclass
class Minute:
    """What was seen."""

    closes: list[int | None] = field(default_factory=list)
    welcomes: list[int] = field(default_factory=list)
    delivered: bool = False
    away_s: float = -1.0
    away_session: Frame = field(default_factory=dict)
    away_meter: Frame = field(default_factory=dict)
    ran_before_away_s: float = -1.0
    share: float = 1.0  # of a core, while the customer was away


class LongWaits:
    """Starts the hub and watches it, in a thread with a loop of its own; `result` joins it."""

    def __init__(self, hub: RunningHub) -> None:
        self.hub = hub
        self.minute = Minute()
        self._failed: BaseException | None = None
        self._task: asyncio.Task[None] | None = None
        self._thread = threading.Thread(target=self._run, name="long-waits", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Nobody asks any more: do not wait for the rest of the minute."""
        if self._task is not None and self._thread.is_alive():
            self._task.get_loop().call_soon_threadsafe(self._task.cancel)
        self._thread.join(90)

    def result(self) -> Minute:
        self._thread.join(2 * PAUSED_WITHIN_S + START_SECONDS_MAX)
        if self._failed is not None:
            raise self._failed
        return self.minute

    def _run(self) -> None:
        try:
            self.hub.start()
            asyncio.run(self._both())
        except (Exception, asyncio.CancelledError) as failed:
            self._failed = failed

    async def _both(self) -> None:
        self._task = asyncio.current_task()
        idle, away = await asyncio.to_thread(make_pairs, self.hub, 2)
        await asyncio.gather(self._stay_idle(idle), self._go_away(away))

    async def _stay_idle(self, pair: Pair) -> None:
        async with open_chat(self.hub, pair) as chat:
            await chat.settle()
            both = (chat.customer, chat.agent)
            await asyncio.sleep(IDLE_S)
            self.minute.welcomes = [client.welcomes for client in both]
            self.minute.closes = [code for client in both for code in client.closes]
            with promised(DELIVERED_WITHIN_S, "a message on a line that was idle"):
                await _deliver(chat)
            self.minute.delivered = True

    async def _go_away(self, pair: Pair) -> None:
        async with open_chat(self.hub, pair) as chat:
            started_s = time.monotonic()
            left_s = time.monotonic()
            await chat.customer.leave()
            self.minute.ran_before_away_s = time.monotonic() - started_s
            agent, session = chat.agent, chat.session
            with probe() as machine:
                await agent.until(
                    lambda: agent.meters.get(session, {}).get("state") == "paused",
                    seconds=PAUSED_WITHIN_S,
                    what="a pause for an absent customer",
                )
                self.minute.away_s, self.minute.share = time.monotonic() - left_s, machine.share()
            self.minute.away_meter = agent.meters[session]
            self.minute.away_session = await agent.in_state(session, "waiting", reason="customer_away")


async def _deliver(chat: Chat) -> None:
    """A message from the agent, until it is in the customer's window."""
    answer = await chat.agent.send(chat.session, "Are you still there?")
    await chat.customer.shows(chat.session, answer["seq"])
