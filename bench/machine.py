"""The machine under a measurement: CPU and memory of process trees, noise from others, CPUs that do not halt."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
SERVER_CPU = 0
REST_CPU = 1  # generator, PostgreSQL, Valkey
CLEAN_SHARE_MAX = 0.1  # a step is noisy when others take more than this share of the machine


def pin(pid: int, cpu: int) -> None:
    """Keep a process, and what it starts from now on, on one CPU; on a machine with one CPU nothing is pinned."""
    if (os.cpu_count() or 1) > 1:
        for task in os.listdir(f"/proc/{pid}/task"):
            os.sched_setaffinity(int(task), {cpu})


def tree(pid: int) -> list[int]:
    """The process and all below it."""
    found, todo = [], [pid]
    while todo:
        one = todo.pop()
        found.append(one)
        for children in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                todo += [int(child) for child in children.read_text().split()]
            except (OSError, ValueError):
                continue
    return found


def cpu_seconds(pid: int) -> float:
    """Of a process tree, reaped children included."""
    total = 0
    for one in tree(pid):
        try:
            parts = Path(f"/proc/{one}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        total += sum(int(part) for part in parts[11:15])
    return total / TICK


def pss_kib(pid: int) -> int:
    """Memory of a process tree, shared pages divided among their users."""
    total = 0
    for one in tree(pid):
        try:
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total


def machine_seconds(awake: Awake) -> float:
    """Busy and stolen CPU seconds of the whole machine, less what the spinners took."""
    with open("/proc/stat") as file:
        values = [int(value) for value in file.readline().split()[1:9]]
    return (sum(values[:3]) + values[5] + values[6] + values[7]) / TICK - awake.cpu_seconds()


async def wait_for_quiet(seconds_max: float, awake: Awake, share: float = 0.15) -> None:
    """Until a second in which the machine does little else, but not for ever."""
    end = time.monotonic() + seconds_max
    while time.monotonic() < end:
        before = machine_seconds(awake)
        await asyncio.sleep(1)
        if machine_seconds(awake) - before < share:
            return


class Awake:
    """One idle-priority spinner per CPU, so that a virtual CPU never halts between messages.

    On a virtual machine the halt and the wake-up through the hypervisor can cost milliseconds and drown what is
    measured; a SCHED_IDLE process takes only time that nobody else wants.
    """

    def __init__(self) -> None:
        self._pids: list[int] = []

    def start(self) -> None:
        parent = os.getpid()
        for cpu in range(os.cpu_count() or 1):
            pid = os.fork()
            if pid == 0:
                _spin(parent, cpu)
            self._pids.append(pid)

    def cpu_seconds(self) -> float:
        return sum(cpu_seconds(pid) for pid in self._pids)

    def stop(self) -> None:
        for pid in self._pids:
            os.kill(pid, 9)
            os.waitpid(pid, 0)
        self._pids.clear()


def _spin(parent: int, cpu: int) -> None:
    os.setsid()  # a session of its own, for where the kernel groups by session
    with contextlib.suppress(OSError):
        Path("/proc/self/autogroup").write_text("19")
    os.sched_setaffinity(0, {cpu})
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    while os.getppid() == parent:
        for _ in range(200_000):
            pass
    os._exit(0)
