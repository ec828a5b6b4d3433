"""The channel layer is a hint: flushed, killed and restarted, it delays a message by a beat and loses none (C5)."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import time

import pytest

from tests.chat.live.conftest import Stack
from tests.chat.live.harness import LOAD, Client, clients, token, until, web
from tests.chat.live.world import Chat, make_chat
from tests.promises import probe

LAYER_WAITS_S = 30  # for one publish, when Valkey hangs (its socket_timeout in settings)


async def hears_at_once(chat: Chat, sender: Client, reader: Client) -> None:
    """A message reaches the other side by itself, and not only when a beat (every 2 s here) tells of it."""
    for _ in range(5):
        asked = reader.catch_ups
        answer = await sender.say(chat.id, "live")
        assert answer["type"] == "ok"
        await until(lambda seq=answer["seq"]: seq in reader.seen.get(chat.id, {}))  # type: ignore[misc]
        if reader.catch_ups == asked:
            return
    raise AssertionError("every message waits for a beat")


def test_flushall_and_a_restart_of_valkey_heal_without_a_reconnect_c5(stack: Stack) -> None:
    """Done-list 7: after FLUSHALL and after a restart every open socket shows the next message; acks never wait."""
    chat = make_chat()

    async def go() -> None:
        async with clients((stack.a, chat.customer), (stack.b, chat.agent)) as (c, g):
            await hears_at_once(chat, c, g)
            await flush(stack)
            await hears_at_once(chat, c, g)
            process = stack.valkey.process
            assert process is not None
            process.kill()
            process.wait()
            last = [(await c.say(chat.id, "in the dark"))["seq"] for _ in range(5)][-1]
            await until(lambda: g.contiguous(chat.id) == last)  # by the beat alone
            async with Client(stack.b, chat.agent) as late:  # signing in works without Valkey
                assert (await late.say(chat.id, "and more"))["type"] == "ok"
            stack.valkey.start()
            healed = len(g.of("beat"))
            await until(lambda: len(g.of("beat")) > healed + 1)
            await hears_at_once(chat, c, g)
            assert (c.ws.close_code, g.ws.close_code) == (None, None)

    asyncio.run(go())


async def flush(stack: Stack) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", stack.valkey.port)
    writer.write(f"AUTH {stack.valkey.password}\r\nFLUSHALL\r\n".encode())
    await reader.readline()
    await reader.readline()
    writer.close()


def test_a_valkey_that_hangs_delays_no_ack(stack: Stack) -> None:
    chat = make_chat()
    process = stack.valkey.process
    assert process is not None

    async def go() -> None:
        async with clients((stack.a, chat.customer), (stack.b, chat.agent)) as (c, g):
            process.send_signal(signal.SIGSTOP)
            try:
                started = time.monotonic()
                for _ in range(12):  # below the burst that a visitor is allowed
                    assert (await c.say(chat.id, "x"))["type"] == "ok"
                assert time.monotonic() - started < LAYER_WAITS_S, "an ack waits for the layer"
                await until(lambda: g.contiguous(chat.id) == 12)  # by the beat
            finally:
                process.send_signal(signal.SIGCONT)
            await hears_at_once(chat, c, g)
            assert (c.ws.close_code, g.ws.close_code) == (None, None)

    asyncio.run(go())


@pytest.mark.parametrize("kind", ["daphne", "uvicorn"])
def test_a_slow_reader_is_cut_off_and_memory_stays_bounded(stack: Stack, kind: str) -> None:
    """Protocol limits: 256 frames wait, then 4008; the others are not disturbed (F8)."""
    chat = make_chat()

    async def go() -> None:
        async with (
            Client(process, chat.customer, LOAD) as c,
            Client(process, chat.agent, LOAD) as reader,
        ):
            deaf = stack_of.enter_context(say_hello_and_never_read(process.port, token(chat.agent)))
            before, slowest = process.rss_mib(), 0.0
            for _ in range(60):
                started = time.monotonic()
                await asyncio.gather(*[c.say(chat.id, "x" * 8000) for _ in range(20)])
                slowest = max(slowest, time.monotonic() - started)
            await until(lambda: reader.contiguous(chat.id) == 1200)
            await until(lambda: is_cut_off(deaf))
            grown = process.rss_mib() - before
            assert grown < 20, f"{grown:.1f} MiB more"
            assert slowest * machine.share() < 5

    with (
        web(kind, stack.folder, **stack.environment) as process,
        probe() as machine,
        contextlib.ExitStack() as stack_of,
    ):
        asyncio.run(go())


def say_hello_and_never_read(port: int, bearer: str) -> socket.socket:
    hello = b'{"type":"hello","protocol":1}'
    deaf = socket.create_connection(("127.0.0.1", port))
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
    deaf.sendall(
        b"GET /ws/staff/ HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        b"Sec-WebSocket-Protocol: balie.v1, bearer." + bearer.encode() + b"\r\n\r\n"
    )
    deaf.recv(1000)
    deaf.sendall(bytes([0x81, 0x80 | len(hello), 0, 0, 0, 0]) + hello)
    return deaf


def is_cut_off(deaf: socket.socket) -> bool:
    """Reset, or at its end: writing to it fails."""
    try:
        deaf.send(bytes([0x8A, 0x80, 0, 0, 0, 0]))  # a pong that nobody asked for
    except OSError:
        return True
    return False
