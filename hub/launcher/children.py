"""Starting a process so that it cannot outlive its parent."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

_PR_SET_PDEATHSIG = 1


def dies_with_parent(with_signal: int) -> Callable[[], None]:
    """A preexec_fn: the kernel sends the signal when the *thread* that started the child ends (Linux only).

    So children are started from the main thread alone. It runs after the change of user, which would clear it.
    """
    parent = os.getpid()
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None

    def prepare() -> None:
        if libc is not None:
            libc.prctl(_PR_SET_PDEATHSIG, with_signal)
            if os.getppid() != parent:  # the parent died before the line above
                os._exit(1)

    return prepare


@dataclass(frozen=True, slots=True)
class RunAs:
    """The account a process runs as; empty means ours."""

    uid: int | None = None
    gid: int | None = None

    def options(self) -> dict[str, Any]:
        return {} if self.uid is None else {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path, mode: int) -> None:
        if self.uid is not None:
            os.chown(path, self.uid, self.gid if self.gid is not None else -1)
        path.chmod(mode)


def start_child(
    command: Sequence[str | Path],
    *,
    environment: Mapping[str, str],
    output: IO[Any] | int,
    death_signal: int = signal.SIGTERM,
    run_as: RunAs | None = None,
    cwd: Path | str | None = None,
    standard_input: int = subprocess.DEVNULL,
    errors: IO[Any] | int | None = subprocess.STDOUT,
) -> subprocess.Popen[bytes]:
    """Start the command in a session of its own (a Ctrl-C in our terminal does not reach it) that ends when we do."""
    return subprocess.Popen(
        [str(part) for part in command],
        env=dict(environment),
        stdin=standard_input,
        stdout=output,
        stderr=errors,
        cwd=cwd,
        start_new_session=True,
        preexec_fn=dies_with_parent(death_signal),  # noqa: PLW1509 - it makes two system calls and takes no lock
        **(run_as.options() if run_as else {}),
    )


def stop_child(process: subprocess.Popen[bytes], with_signal: int, patience_s: float) -> None:
    """Ask with the signal, wait, then kill the whole session."""
    if process.poll() is None:
        process.send_signal(with_signal)
        try:
            process.wait(patience_s)
        except subprocess.TimeoutExpired:
            kill_session(process.pid)
            process.wait()


def kill_session(pid: int) -> None:
    """Kill a process that leads its own session, and all of that session."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
