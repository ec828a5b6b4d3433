"""Keeps the Procfile's processes running: starts again what dies, gives up on what dies too often."""

import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from subprocess import PIPE, Popen

from hub.launcher import terminal
from hub.launcher.children import start_child

RESTARTS_MAX = 5
RESTARTS_WINDOW_S = 60.0
LAST_WORDS_LINES = 20


class GaveUp(Exception):
    """Something died more than RESTARTS_MAX times in a minute; the text holds its last words."""


class RestartBudget:
    """At most RESTARTS_MAX restarts within RESTARTS_WINDOW_S."""

    def __init__(self) -> None:
        self._times: deque[float] = deque()

    def spend(self, now_s: float) -> bool:
        """Whether one more restart is allowed now; if so it is counted."""
        while self._times and now_s - self._times[0] > RESTARTS_WINDOW_S:
            self._times.popleft()
        if len(self._times) >= RESTARTS_MAX:
            return False
        self._times.append(now_s)
        return True


class Worker:
    """One process of the Procfile: `web.1` is the first of kind `web`."""

    def __init__(
        self, kind: str, label: str, command: Sequence[str], environment: Mapping[str, str], cwd: Path
    ) -> None:
        self.kind = kind
        self.label = label
        self.command = command
        self.environment = environment
        self.cwd = cwd
        self.process: Popen[bytes] | None = None
        self.budget = RestartBudget()
        self.last_words: deque[str] = deque(maxlen=LAST_WORDS_LINES)

    @property
    def pid(self) -> int:
        return self.process.pid if self.process else 0

    def start(self) -> None:
        """Start it and a thread that passes its lines on. Only ever called from the main thread (see children)."""
        self.process = start_child(self.command, environment=self.environment, output=PIPE, cwd=self.cwd)
        threading.Thread(target=self._pass_on, args=(self.process,), daemon=True).start()

    def has_died(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def revive(self) -> None:
        """Start it again, or raise GaveUp with what it said last."""
        code = self.process.returncode if self.process else None
        if not self.budget.spend(time.monotonic()):
            words = "\n".join(self.last_words)
            raise GaveUp(
                f"{self.label} died {RESTARTS_MAX + 1} times within a minute (exit {code}). Its last words:\n{words}"
            )
        terminal.say(f"{self.label:<12}| ended with {code}, starting it again")
        self.start()

    def _pass_on(self, process: Popen[bytes]) -> None:
        if process.stdout is None:
            return
        for line in process.stdout:
            text = line.decode("utf-8", errors="replace").rstrip()
            self.last_words.append(text)
            terminal.say(f"{self.label:<12}| {text}")
