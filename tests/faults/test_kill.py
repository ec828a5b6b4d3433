"""Whatever dies, what was acknowledged is there once and in order, and no block is charged twice (C5, C6, M2, M5)."""

import asyncio
import contextlib
from collections.abc import Sequence
from pathlib import Path

import pytest

from hub.probe import ask
from tests.faults.client import Frame
from tests.faults.history import History
from tests.faults.world import Chat, audit_offences, make_pairs, open_chat, set_price
from tests.running import RunningHub, eventually

pytestmark = [pytest.mark.faults, pytest.mark.slow]

BLOCK_S = 2
PRICE_M = 50
CHATS = 3
SAY_EVERY_S = 0.1
BETWEEN_KILLS_S = 2.0
KILLS = [("web", 0), ("dispatcher", 0), ("redis", 0), ("postgres", 0), ("web", 1)]


async def test_c5_a_stream_of_messages_survives_every_kill(hub: RunningHub, tmp_path: Path) -> None:
    """C5, C6, M2: kill -9 of both web processes, the dispatcher, Valkey and PostgreSQL while both sides talk."""
    history = History()
    pairs = await asyncio.to_thread(make_pairs, hub, CHATS)
    for department in {pair.department for pair in pairs}:
        set_price(hub, department, price_m=PRICE_M, block_s=BLOCK_S)
    async with contextlib.AsyncExitStack() as stack:
        stack.callback(history.write, tmp_path / "history.jsonl")
        chats = [await stack.enter_async_context(open_chat(hub, pair, history=history)) for pair in pairs]
        talks = [asyncio.create_task(chat.talk(every_s=SAY_EVERY_S)) for chat in chats]
        await _kill_one_after_the_other(hub)
        for talk in talks:
            talk.cancel()
        await asyncio.gather(*(chat.settle() for chat in chats))
        ended = await asyncio.gather(*(chat.end() for chat in chats))
        assert _offences(chats, ended) == []
    assert history.count("unknown") > 0, "no kill hit a message on its way: nothing was tried"
    assert history.count("ok") > 100
    assert await asyncio.to_thread(audit_offences, hub) == ""


async def _kill_one_after_the_other(hub: RunningHub) -> None:
    await asyncio.sleep(BETWEEN_KILLS_S)
    for kind, number in KILLS:
        await asyncio.to_thread(hub.kill, kind, number)
        await asyncio.to_thread(_wait_until_ready, hub)
        await asyncio.sleep(BETWEEN_KILLS_S)


def _wait_until_ready(hub: RunningHub) -> None:
    for port in (hub.port, hub.port + 1):
        eventually(lambda port=port: ask("/readyz", port=port)[0] == 200, what="ready again")  # type: ignore[misc]


def _offences(chats: Sequence[Chat], ended: Sequence[Frame]) -> list[str]:
    found = [f"chat {number}: {offence}" for number, chat in enumerate(chats) for offence in chat.offences()]
    for number, (chat, session) in enumerate(zip(chats, ended, strict=True)):
        assert session["summary"]["charged_m"] > 0
        found += [f"chat {number}: {offence}" for offence in chat.money_offences(session)]
    return found
