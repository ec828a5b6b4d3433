"""Servers that play a mail server and SMS providers: real sockets on loopback, with the answers a test asks for."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit


@dataclass
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: str

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body))

    @property
    def query(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}


@dataclass
class HttpStandIn:
    """Answers `answers` in turn, the last one for ever: status, body, headers; None closes without an answer."""

    url: str = ""
    answers: list[tuple[int, str, dict[str, str]] | None] = field(default_factory=lambda: [(200, "{}", {})])
    requests: list[Request] = field(default_factory=list)
    silent: threading.Event | None = None  # hold every answer until it is set

    def answer(self, status: int, body: object = "", **headers: str) -> None:
        text = body if isinstance(body, str) else json.dumps(body)
        self.answers = [(status, text, {name.replace("_", "-"): value for name, value in headers.items()})]


@contextmanager
def http_stand_in() -> Iterator[HttpStandIn]:
    stand_in = HttpStandIn()

    class Handler(BaseHTTPRequestHandler):
        disable_nagle_algorithm = True  # else the body waits 40 ms for the client to have seen the headers

        def _any(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length).decode()
            stand_in.requests.append(Request(self.command, self.path, dict(self.headers), body))
            if stand_in.silent is not None:
                stand_in.silent.wait(20)
            answer = stand_in.answers.pop(0) if len(stand_in.answers) > 1 else stand_in.answers[0]
            if answer is None:
                self.connection.close()
                return
            status, text, headers = answer
            self.send_response(status)
            for name, value in {"Content-Length": str(len(text.encode())), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text.encode())

        do_GET = _any  # noqa: N815
        do_POST = _any  # noqa: N815

        def log_message(self, *args: Any) -> None:
            pass

        def handle_one_request(self) -> None:
            try:
                super().handle_one_request()
            except (OSError, ValueError):
                self.close_connection = True

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    with _served(server):
        stand_in.url = f"http://127.0.0.1:{server.server_address[1]}/"
        yield stand_in


@dataclass
class SmtpStandIn:
    """Speaks enough SMTP. `replies` are by command (`RCPT`, `DATA`, `END` after the mail itself); '' hangs up."""

    port: int = 0
    replies: dict[str, str] = field(default_factory=dict)
    mails: list[tuple[str, bytes]] = field(default_factory=list)  # recipient and text
    connections: int = 0


class SmtpConversation(socketserver.StreamRequestHandler):
    timeout = 20
    stand_in: SmtpStandIn

    def handle(self) -> None:
        self.stand_in.connections += 1
        self._say(self.stand_in.replies.get("HELLO", "220 stand-in"))
        to = ""
        while line := self.rfile.readline().decode().strip():
            command = line.split(":")[0].split(" ")[0].upper()
            if command == "RCPT":
                to = line.partition("<")[2].partition(">")[0]
            if not self._say(self.stand_in.replies.get(command, _usual(command))) or command == "QUIT":
                return
            if command == "DATA" and not self._take_mail(to):
                return

    def _take_mail(self, to: str) -> bool:
        if not self.stand_in.replies.get("DATA", "354").startswith("354"):
            return True
        self.stand_in.mails.append((to, self._text()))
        return self._say(self.stand_in.replies.get("END", "250 queued"))

    def _say(self, reply: str) -> bool:
        if reply:
            self.wfile.write(f"{reply}\r\n".encode())
        return bool(reply)

    def _text(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b"."))
        return b"".join(lines)


class SmtpServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


@contextmanager
def smtp_stand_in() -> Iterator[SmtpStandIn]:
    stand_in = SmtpStandIn()
    server = SmtpServer(("127.0.0.1", 0), type("Conversation", (SmtpConversation,), {"stand_in": stand_in}))
    with _served(server):
        stand_in.port = server.server_address[1]
        yield stand_in


def _usual(command: str) -> str:
    return {"EHLO": "250 stand-in", "DATA": "354 go on", "QUIT": "221 bye"}.get(command, "250 ok")


@contextmanager
def _served(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
