"""A payment provider on loopback: real sockets, state that lives through a test, and faults that a test orders."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlsplit


class Fault(StrEnum):
    """What goes wrong with one request. LOST does what was asked and then says nothing; the others do nothing."""

    CUT = "cut"  # hangs up
    LOST = "lost"
    HALF = "half"  # promises more than it sends
    SLOW = "slow"  # says nothing for longer than anybody waits
    DRIP = "drip"  # a byte now and then, for ever
    OVERSIZED = "oversized"
    GARBLED = "garbled"
    REDIRECT = "redirect"
    BROKEN = "500"
    BUSY = "429"
    SIGNED_OUT = "401"


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]  # names in lower case
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.body or b"{}")
        return document

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))


@dataclass
class Reply:
    body: object = ""
    status: int = 200

    def as_bytes(self) -> bytes:
        return self.body.encode() if isinstance(self.body, str) else json.dumps(self.body).encode()


@dataclass
class StandIn:
    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)  # of the next requests, one each
    elsewhere: str = ""  # where REDIRECT points to
    over: threading.Event = field(default_factory=threading.Event)

    def answer(self, asked: Asked) -> Reply:
        raise NotImplementedError

    def asked_for(self, method: str, path: str) -> list[Asked]:
        return [one for one in self.asked if one.method == method and one.path == path]


SomeStandIn = TypeVar("SomeStandIn", bound=StandIn)


class Conversation(BaseHTTPRequestHandler):
    stand_in: StandIn
    protocol_version = "HTTP/1.1"
    timeout = 20
    disable_nagle_algorithm = True  # else the body waits 40 ms for the client to have seen the headers

    def _any(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(self.command, parts.path, dict(parse_qsl(parts.query)), headers, body)
        self.stand_in.asked.append(asked)
        fault = self.stand_in.faults.pop(0) if self.stand_in.faults else None
        if fault is None:
            reply = self.stand_in.answer(asked)
            self._say(reply.status, reply.as_bytes())
        else:
            self._fail(fault, asked)

    do_GET = do_POST = do_DELETE = _any  # noqa: N815

    def _fail(self, fault: Fault, asked: Asked) -> None:
        self.close_connection = True
        if fault is Fault.LOST:
            self.stand_in.answer(asked)
        elif fault is Fault.SLOW:
            self.stand_in.over.wait(20)
        elif fault is Fault.GARBLED:
            self._say(200, b"<html>We are back soon</html>")
        elif fault is Fault.OVERSIZED:
            self._say(200, b'{"a": "' + b"x" * 2_000_000 + b'"}')
        elif fault is Fault.REDIRECT:
            self._say(302, b"", Location=self.stand_in.elsewhere)
        elif fault in (Fault.BROKEN, Fault.BUSY, Fault.SIGNED_OUT):
            self._say(int(fault), b'{"detail": "no"}')
        elif fault is not Fault.CUT:
            self._say_part(fault)

    def _say(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _say_part(self, fault: Fault) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "5000")
        self.end_headers()
        self.wfile.write(b'{"id":')
        while fault is Fault.DRIP and not self.stand_in.over.wait(0.05):
            self.wfile.write(b" ")

    def log_message(self, *args: Any) -> None:
        pass

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except (OSError, ValueError):
            self.close_connection = True


@contextmanager
def served(stand_in: SomeStandIn) -> Iterator[SomeStandIn]:
    class Handler(Conversation):
        pass

    Handler.stand_in = stand_in
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    stand_in.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield stand_in
    finally:
        stand_in.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
