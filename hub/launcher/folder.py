"""The folder VAR: one launcher at a time, and no process left over from one that was killed."""

import fcntl
import json
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path


class Refused(Exception):
    """The hub cannot start here; the text says in one sentence why and what to do."""


class Folder:
    """VAR, locked for as long as this object's process lives."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._create()
        self._lock = self._take_lock()

    def _create(self) -> None:
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            (self.path / ".writable").touch()
        except OSError as error:
            raise Refused(
                f"{self.path} cannot be written ({error.strerror}); choose another: VAR=/tmp/balie make run"
            ) from error

    def _take_lock(self) -> int:
        """flock: the kernel gives it back however we end."""
        handle = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            raise Refused(
                f"{self.path} is in use by another hub; stop it, or choose another: VAR=var2 make run"
            ) from None
        return handle

    def secret(self) -> str:
        """The demo's SECRET_KEY: random, kept, and marked so that production refuses it (X7)."""
        path = self.path / "secret"
        if not path.exists():
            self.write("secret", f"demo-{secrets.token_urlsafe(48)}\n")
        return path.read_text(encoding="utf-8").strip()

    def write(self, name: str, text: str) -> None:
        """Replace a file in one step, readable by us alone: a reader sees the old or the new, never half."""
        path = self.path / name
        partial = path.with_name(f".{name}.new")
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        partial.replace(path)

    def remember(self, pids: Iterable[int]) -> None:
        """Note our children, for the next launcher to end if we are killed where the kernel does not do it for us."""
        if sys.platform != "linux":
            self.write("children.json", json.dumps({str(pid): _started(pid) for pid in pids}))

    def end_leftovers(self) -> None:
        """End what a killed launcher left. A pid that is another process by now (another start) is let be."""
        for pid, started in self._remembered().items():
            if started and _started(int(pid)) == started:
                # SIGQUIT ends all of ours at once; PostgreSQL takes it as an immediate shutdown and recovers.
                os.kill(int(pid), signal.SIGQUIT)

    def _remembered(self) -> dict[str, str]:
        try:
            noted: dict[str, str] = json.loads((self.path / "children.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return noted


def _started(pid: int) -> str:
    """When the process was started, as a mark that a reused pid does not have."""
    done = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return done.stdout.strip()
