"""The hub is down for ten minutes in the middle of a chat: nobody pays for them and nobody is sent away (M5)."""

import asyncio

import pytest

from tests.faults.client import Client
from tests.faults.long_waits import LongWaits
from tests.faults.world import Chat, audit_offences, make_pairs, open_chat, set_price
from tests.running import RunningHub

pytestmark = [pytest.mark.faults, pytest.mark.slow]

OUTAGE_S = 600


async def test_m5_ten_minutes_of_outage_cost_nothing(long_waits: LongWaits) -> None:
    """M5: blocks that fell due during an outage are shifted, and the ten minutes count against nobody."""
    await asyncio.to_thread(long_waits.result)  # from here on that hub is ours
    hub = long_waits.hub
    (pair,) = await asyncio.to_thread(make_pairs, hub, 1)
    set_price(hub, pair.department, price_m=50, block_s=OUTAGE_S)  # all the talk is one block
    async with open_chat(hub, pair) as chat:
        await chat.settle()
        meter = chat.customer.meters
        await chat.customer.until(lambda: meter[chat.session]["charged_m"] > 0, what="the first block")
        before = meter[chat.session]
        await asyncio.to_thread(_be_down_for, hub, OUTAGE_S)
        await asyncio.gather(*(_is_back(client) for client in (chat.customer, chat.agent)))
        await _talk_a_little(chat)
        ended = await chat.end()
        assert chat.offences() == []
        assert chat.money_offences(ended) == []
    assert ended["end_reason"] == "customer"
    assert ended["summary"]["charged_m"] == before["charged_m"], "the first block, and it is not even over"
    assert ended["summary"]["elapsed_s"] < OUTAGE_S / 2
    assert await asyncio.to_thread(audit_offences, hub) == ""


def _be_down_for(hub: RunningHub, seconds: int) -> None:
    """Stop everything and start again, that much later as PostgreSQL's clock is told here."""
    hub.stop()
    hub.environment["BALIE_CLOCK_OFFSET_S"] = str(seconds)
    hub.log = hub.folder / "launcher-again.log"
    hub.start()


async def _is_back(client: Client) -> None:
    await client.until(lambda: client.welcomes >= 2 and client.is_open, seconds=180, what="a new line")


async def _talk_a_little(chat: Chat) -> None:
    """Nobody was ended: both still talk, and the meter goes on where it stood."""
    await chat.agent.send(chat.session, "We were away; it did not cost you anything.")
    await chat.customer.send(chat.session, "Thank you.")
    await chat.settle()
    await chat.customer.until(
        lambda: chat.customer.meters[chat.session]["state"] == "running", what="a meter that runs again"
    )
    assert chat.customer.sessions[chat.session]["state"] == "active"
