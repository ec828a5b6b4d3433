"""Silence is noticed: idle sockets stay, deaf ones heal (F1, F5, F6), an absent customer is not billed (M5)."""

import asyncio

import pytest
import redis

from tests.faults.long_waits import IDLE_S, LongWaits
from tests.faults.world import Chat, make_pairs, open_chat
from tests.promises import SLACK, promised
from tests.running import RunningHub

pytestmark = [pytest.mark.faults, pytest.mark.slow]

HEALED_WITHIN_S = 20.0


def test_f1_an_idle_socket_stays_open_for_a_minute_and_still_delivers(long_waits: LongWaits) -> None:
    """F1: redis-py 8 gives up on a connection on which nothing is said for 5 s, unless told otherwise."""
    minute = long_waits.result()
    assert IDLE_S >= 60
    assert minute.closes == []
    assert minute.welcomes == [1, 1]
    assert minute.delivered


def test_m5_a_customer_who_is_away_for_a_minute_pauses_the_meter(long_waits: LongWaits) -> None:
    """M5, with the real setting: 60 s after the last sign of life (one every 15 s), and counted back to it."""
    minute = long_waits.result()
    assert minute.away_s >= 60 - 15 - 1
    assert (minute.away_s - 60) * minute.share <= 5, f"after {minute.away_s:.0f} s, {minute.share:.0%} of a core"
    assert minute.away_meter["elapsed_s"] <= minute.ran_before_away_s + 3 / minute.share
    assert minute.away_session["reason"] == "customer_away"


async def test_f5_after_flushall_every_open_socket_shows_the_next_message(hub: RunningHub) -> None:
    """F5, C5"""
    (pair,) = make_pairs(hub, 1)
    async with open_chat(hub, pair) as chat:
        with redis.Redis.from_url(hub.demo["redis_url"]) as client:
            client.flushall()
        with promised(HEALED_WITHIN_S, "the next message on both sides"):
            await _both_hear(chat)
        assert [chat.customer.closes, chat.agent.closes] == [[], []]
        assert chat.offences() == []


async def test_f6_after_a_valkey_restart_every_open_socket_shows_the_next_message(hub: RunningHub) -> None:
    """F6, C5"""
    (pair,) = make_pairs(hub, 1)
    async with open_chat(hub, pair) as chat:
        await asyncio.to_thread(hub.kill, "redis")
        with promised(HEALED_WITHIN_S, "the next message on both sides"):
            await _both_hear(chat)
        assert [chat.customer.closes, chat.agent.closes] == [[], []]
        assert chat.offences() == []


async def _both_hear(chat: Chat) -> None:
    answers = await asyncio.gather(
        chat.agent.send(chat.session, "Do you hear me?"), chat.customer.send(chat.session, "I do, and you?")
    )
    last_seq = max(answer["seq"] for answer in answers)
    longest_s = SLACK * HEALED_WITHIN_S
    await asyncio.gather(
        *(client.shows(chat.session, last_seq, seconds=longest_s) for client in (chat.customer, chat.agent))
    )
