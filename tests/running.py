"""A whole hub for tests: the real launcher in a process of its own, on its own port and folder."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from tests.cluster import lay_out

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS_MAX = 300.0
T = TypeVar("T")

# What the test run's own services and settings put into the environment; a launcher under test starts from nothing.
_OURS = (
    "DATABASE_URL",
    "REDIS_URL",
    "REDIS_PREFIX",
    "SECRET_KEY",
    "VAR",
    "DEBUG",
    "LOG_LEVEL",
    "PORT",
    "WEB",
    "DJANGO_SETTINGS_MODULE",
)


def eventually(answer: Callable[[], T], *, seconds: float = 90.0, what: str = "it") -> T:
    """Ask until the answer is true, and return it; fail with one sentence when it never is."""
    deadline = time.monotonic() + seconds
    while True:
        if found := answer():
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not happen within {seconds:.0f} s")
        time.sleep(0.05)


def is_alive(pid: int) -> bool:
    """Whether the process runs (a zombie does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def free_ports(count: int) -> int:
    """The first of so many neighbouring ports that are all free."""
    while True:
        with contextlib.ExitStack() as stack:
            first = stack.enter_context(socket.socket())
            first.bind(("127.0.0.1", 0))
            port: int = first.getsockname()[1]
            try:
                for number in range(port + 1, port + count):
                    stack.enter_context(socket.socket()).bind(("127.0.0.1", number))
            except OSError:
                continue
            return port


class RunningHub:
    """The launcher as a test sees it. `demo` is read anew each time, so pids are those of now."""

    def __init__(
        self, folder: Path, *, web: int = 1, environment: dict[str, str] | None = None, from_nothing: bool = False
    ) -> None:
        self.folder = folder
        self.from_nothing = from_nothing
        self.var = folder / "var"
        self.port = free_ports(web)
        self.log = folder / "launcher.log"
        self.environment = {name: value for name, value in os.environ.items() if name not in _OURS}
        self.environment |= {"VAR": str(self.var), "PORT": str(self.port), "WEB": str(web), **(environment or {})}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> "RunningHub":
        """Start and wait for the ready line. Unless told otherwise the first time begins on a migrated database."""
        if not self.var.exists() and not self.from_nothing:
            self.var.mkdir()
            lay_out(self.var)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "hub.launcher"],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            eventually(self._is_ready, seconds=START_SECONDS_MAX, what="the ready line")
        except AssertionError as late:
            raise AssertionError(f"{late}:\n{self.output()[-3000:]}") from None
        return self

    def output(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    @property
    def demo(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.var / "demo.json").read_text(encoding="utf-8"))
        return found

    @property
    def url(self) -> str:
        return str(self.demo["url"])

    def pids(self, kind: str) -> list[int]:
        return list(self.demo["pids"][kind])

    def all_pids(self) -> list[int]:
        return [pid for pids in self.demo["pids"].values() for pid in pids]

    def kill(self, kind: str, number: int = 0) -> int:
        """kill -9 one process of a kind, wait until the launcher has another in its place; answers the new pid."""
        old = self.pids(kind)[number]
        os.kill(old, signal.SIGKILL)
        eventually(lambda: self.pids(kind)[number] != old, what=f"another {kind}")
        return self.pids(kind)[number]

    def account(self, role: str) -> dict[str, Any]:
        """The first demo account with that role."""
        found: dict[str, Any] = next(account for account in self.demo["accounts"] if account["role"] == role)
        return found

    def manage(self, *words: str) -> subprocess.CompletedProcess[str]:
        """`manage.py …` beside this hub; the caller looks at returncode."""
        command = [sys.executable, "manage.py", *words]
        return subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)

    def stop(self, with_signal: int = signal.SIGINT) -> int:
        """Stop the launcher as a person does; answers its exit code."""
        if self.process is None:
            return 0
        if self.process.poll() is None:
            self.process.send_signal(with_signal)
        return self.process.wait(90)

    def _is_ready(self) -> bool:
        if self.process is not None and self.process.poll() is not None:
            raise AssertionError("the hub did not start")
        return f"Balie is ready: http://127.0.0.1:{self.port}/\n" in self.output()


@contextlib.contextmanager
def running_hub(*, web: int = 1, environment: dict[str, str] | None = None) -> Iterator[RunningHub]:
    """A hub that is ready, and gone afterwards."""
    with hub_folder() as folder:
        hub = RunningHub(folder, web=web, environment=environment)
        try:
            yield hub.start()
        finally:
            hub.stop()


@contextlib.contextmanager
def hub_folder() -> Iterator[Path]:
    """A folder that every account may enter (pytest's own are closed, and PostgreSQL may run as nobody)."""
    folder = Path(tempfile.mkdtemp(prefix="balie-hub-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
