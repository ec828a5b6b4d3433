"""How to talk to one kind of chat server: where to connect, how to sign in, how to phrase a message and read one."""

from __future__ import annotations

import json
import re
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.load.generator import Line

Role = str  # "c" customer, "a" agent
MARK = b"~"


class Target:
    """`hits` finds the numbers of messages in a frame: on the sender's own line an ack, on the other's a delivery."""

    def __init__(self, url: str, other: str = "") -> None:
        self.url = url.rstrip("/")
        self.other = other.rstrip("/") or self.url  # the agents' server

    def address(self, role: Role, pair: int) -> str:
        raise NotImplementedError

    def headers(self, role: Role, pair: int) -> list[tuple[str, str]]:
        return []

    async def sign_in(self, line: Line) -> None:
        """Until messages may be sent."""

    def message(self, line: Line, number: int, text: str) -> bytes:
        raise NotImplementedError

    def hits(self, line: Line, data: bytes) -> list[int]:
        return find_marks(data)

    def base(self, role: Role) -> str:
        return self.url if role == "c" else self.other


def mark(number: int) -> str:
    return f"~{number:09d}~"


def find_marks(data: bytes) -> list[int]:
    """All marks in a payload, in order, each once."""
    found: list[int] = []
    at = data.find(MARK)
    while at >= 0 and at + 11 <= len(data):
        digits = data[at + 1 : at + 10]
        if data[at + 10] == MARK[0] and digits.isdigit():
            number = int(digits)
            if not found or found[-1] != number:
                found.append(number)
            at += 10
        at = data.find(MARK, at + 1)
    return found


class Balie(Target):
    """Our protocol, with sign-in by token and hello. `pairs`: JSON lines {visitor, staff, session}."""

    def __init__(self, url: str, other: str = "", *, pairs: Path) -> None:
        super().__init__(url, other)
        self.rows = [json.loads(line) for line in pairs.read_text().splitlines()]
        self._run = secrets.token_hex(4)
        self._number = re.compile(rb'"(?:re|id)":"%s-0000-7000-8000-(\d{12})"' % self._run.encode())

    def address(self, role: Role, pair: int) -> str:
        return f"{self.base(role)}/ws/{'visitor' if role == 'c' else 'staff'}/"

    def headers(self, role: Role, pair: int) -> list[tuple[str, str]]:
        token = self.rows[pair]["visitor" if role == "c" else "staff"]
        return [("Sec-WebSocket-Protocol", f"balie.v1, bearer.{token}")]

    async def sign_in(self, line: Line) -> None:
        line.send(b'{"type":"hello","protocol":1}')
        while b'"type":"welcome"' not in await line.next():
            pass

    def message(self, line: Line, number: int, text: str) -> bytes:
        return b'{"type":"message.send","id":"%b-0000-7000-8000-%012d","session":"%b","text":"%b"}' % (
            self._run.encode(),
            number,
            self.rows[line.pair]["session"].encode(),
            text.encode(),
        )

    def hits(self, line: Line, data: bytes) -> list[int]:
        return [int(number) for number in self._number.findall(data)]


class Tutorial(Target):
    """Plain JSON, one room per pair; the sender's echo is the ack."""

    def address(self, role: Role, pair: int) -> str:
        return f"{self.base(role)}/ws/{pair}/{role}"

    def message(self, line: Line, number: int, text: str) -> bytes:
        return b'{"type":"msg","id":"%b","body":"%b"}' % (mark(number).encode(), text.encode())


class SocketIo(Target):
    """Socket.IO 4 over WebSocket alone: event "msg" with an acknowledgement."""

    def address(self, role: Role, pair: int) -> str:
        return f"{self.base(role)}/socket.io/?EIO=4&transport=websocket&room={pair}&role={role}"

    async def sign_in(self, line: Line) -> None:
        if not (await line.next()).startswith(b"0"):
            raise ConnectionError("no Engine.IO")
        line.send(b"40")
        while not (await line.next()).startswith(b"40"):
            pass

    def message(self, line: Line, number: int, text: str) -> bytes:
        return b'42%d["msg",{"id":"%b","body":"%b"}]' % (number, mark(number).encode(), text.encode())

    def hits(self, line: Line, data: bytes) -> list[int]:
        if data == b"2":  # Engine.IO's ping
            line.send(b"3")
            return []
        return find_marks(data)
