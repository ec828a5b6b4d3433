"""Who is there, as the board says it, and what the meter makes of it (D1, M5)."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.faults.client import Client
from tests.faults.proxy import proxy_to
from tests.faults.world import Pair, make_pairs, open_chat
from tests.promises import SLACK, probe, promised
from tests.running import RunningHub

pytestmark = [pytest.mark.faults, pytest.mark.slow]

CLOSED_S = 5.0
SILENT_S = 15.0
ONLINE_S = 60.0  # no rule: a fact to begin with
STAYS_S = 5.0  # D1 again: who were gone would have been shown so by then
LEASED_WITHIN_S = 1.5  # each process writes its leases once a second


class Board:
    """What a board shows of the agents, put together from its frames."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def status(self, agent_id: str) -> str:
        row: dict[str, Any] = {}
        for frame in self._client.frames:
            if frame["type"] == "board" and agent_id in (frame.get("agents") or {}):
                row = frame["agents"][agent_id] or {}
        return str(row.get("status", "offline"))

    async def shows(self, agent_id: str, status: str, *, seconds: float) -> float:
        """Wait until it shows that; how long it took."""
        from_s = time.monotonic()
        await self._client.until(
            lambda: self.status(agent_id) == status, seconds=seconds, what=f"{status}, now {self.status(agent_id)}"
        )
        return time.monotonic() - from_s


@contextlib.asynccontextmanager
async def board_of(hub: RunningHub) -> AsyncIterator[Board]:
    """The owner's board, on the first web process; it comes back by itself."""
    async with Client(hub.demo["urls"], hub.account("owner")["token"], "staff", name="board") as client:
        await client.opened()
        await client.ask("board.subscribe", topic="all")
        await client.frame("board", full=True)
        yield Board(client)


@contextlib.asynccontextmanager
async def agent_on(url: str, pair: Pair, *, returns: bool = True) -> AsyncIterator[tuple[Client, str]]:
    """An agent's window and the agent's id, online."""
    async with Client([url], pair.staff, "staff", name="agent", returns=returns) as client:
        await client.opened()
        await client.ask("presence.set", status="online", capacity=4)
        yield client, str(client.frames[0]["you"]["id"])


async def test_d1_a_closed_connection_shows_within_5_s_but_only_the_last_of_several_tabs(hub: RunningHub) -> None:
    """D1"""
    (pair,) = await asyncio.to_thread(make_pairs, hub, 1)
    first_url, second_url = hub.demo["urls"]
    async with (
        board_of(hub) as board,
        agent_on(first_url, pair) as (one_tab, agent_id),
        agent_on(second_url, pair) as (other_tab, _),
    ):
        await board.shows(agent_id, "online", seconds=ONLINE_S)
        await _stay_for(LEASED_WITHIN_S)
        await one_tab.leave()
        with pytest.raises(AssertionError, match="did not happen"):
            await board.shows(agent_id, "offline", seconds=STAYS_S)
        await other_tab.leave()
        with promised(CLOSED_S, "the end of the last tab"):
            await board.shows(agent_id, "offline", seconds=SLACK * CLOSED_S)


async def test_d1_a_killed_web_process_shows_within_5_s(hub: RunningHub) -> None:
    """D1: nobody could say goodbye; the lease of the process is what tells."""
    (pair,) = await asyncio.to_thread(make_pairs, hub, 1)
    async with board_of(hub) as board, agent_on(hub.demo["urls"][1], pair, returns=False) as (_, agent_id):
        await board.shows(agent_id, "online", seconds=ONLINE_S)
        killing = asyncio.create_task(asyncio.to_thread(hub.kill, "web", 1))
        with promised(CLOSED_S, "the end of a process"):
            await board.shows(agent_id, "offline", seconds=SLACK * CLOSED_S)
        await killing


async def test_d1_m5_a_silent_line_shows_within_15_s_and_is_not_billed(hub: RunningHub) -> None:
    """D1, M5: the agent's line goes dead in a chat. The meter stops, counted back to the last sign of life."""
    (pair,) = await asyncio.to_thread(make_pairs, hub, 1)
    async with (
        board_of(hub) as board,
        proxy_to(hub.port + 1) as cable,
        open_chat(hub, pair, agent_url=cable.url) as chat,
    ):
        agent_id = str(chat.agent.frames[0]["you"]["id"])
        await board.shows(agent_id, "online", seconds=ONLINE_S)
        running = chat.customer.meters[chat.session]
        await _stay_for(2 * chat.agent.ping_every_s)
        pulled_s = time.monotonic()
        cable.go_silent()
        chat.agent.returns = False
        with probe() as machine:
            with promised(SILENT_S, "a silent line"):
                await board.shows(agent_id, "offline", seconds=SLACK * SILENT_S)
            await chat.customer.until(lambda: chat.customer.meters[chat.session]["state"] == "paused", what="a pause")
        paused = chat.customer.meters[chat.session]
        silent_s = time.monotonic() - pulled_s
        assert silent_s > chat.agent.ping_every_s, "so soon that counting back proves nothing"
        since_start_s = paused["elapsed_s"] - running["elapsed_s"]
        assert since_start_s <= 2 * chat.agent.ping_every_s + 2 / machine.share(), "the silence was billed"
        await chat.customer.in_state(chat.session, "waiting", reason="agent_away")


async def _stay_for(seconds: float) -> None:
    """Time that has to pass by itself: it is what the test is about."""
    await asyncio.sleep(seconds)
