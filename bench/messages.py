"""Messages: latency at 100 and 1,000 a second, saturation and CPU per message, per server core, beside the peers.

    python -m bench.messages                     all targets, three steps of each kind
    python -m bench.messages --targets daphne uvicorn --repeat 1

100 chats, customer to agent, 100 bytes, each acknowledged after commit and delivered. The server has CPU 0; generator,
PostgreSQL (fsync on) and Valkey share CPU 1. Peers run in the same session, on the same PostgreSQL and Valkey.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from bench.machine import REST_CPU
from bench.servers import ROOT, Services, Web, hub, make_chats, peer, services

TARGETS = ("daphne", "uvicorn", "two daphne", "two uvicorn", "socketio", "tutorial")
SOCKETIO = ROOT / "bench" / "peers" / "socketio"
Result = dict[str, Any]


def main(words: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--targets", nargs="*", default=list(TARGETS), choices=TARGETS)
    parser.add_argument("--pairs", type=int, default=100)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3.0)
    arguments = parser.parse_args(words)
    results: dict[str, list[Result]] = {}
    with services() as both:
        chats = make_chats(both, arguments.pairs) if any(_is_ours(name) for name in arguments.targets) else Path()
        for name in arguments.targets:
            with _server(name, both) as webs:
                results[name] = list(_run(name, webs, both, chats, arguments))
            for line in table(name, results[name]):
                print(line, flush=True)


def _is_ours(name: str) -> bool:
    return name not in ("socketio", "tutorial")


@contextlib.contextmanager
def _server(name: str, both: Services) -> Iterator[list[Web]]:
    with contextlib.ExitStack() as stack:
        if name == "socketio":
            yield [stack.enter_context(peer(["node", "server.js"], both, _installed()))]
        elif name == "tutorial":
            app = "bench.peers.tutorial.app"
            environment = {**both.environment, "DSN": both.postgres.url()}
            subprocess.run([sys.executable, "-m", app], cwd=ROOT, env=environment, check=True)
            command = [sys.executable, "-m", "daphne", "-v", "0", "-p", "{port}", f"{app}:application"]
            yield [stack.enter_context(peer(command, both))]
        else:
            kind = name.rpartition(" ")[2]
            webs = [stack.enter_context(hub(kind, both))]
            if name.startswith("two"):  # customers on the first, agents on the second
                webs.append(stack.enter_context(hub(kind, both, cpu=REST_CPU)))
            yield webs


def _installed() -> Path:
    """The packages of the socket.io peer, installed when they are asked for."""
    if not (SOCKETIO / "node_modules").is_dir():
        npm = shutil.which("npm") or "npm"
        subprocess.run([npm, "ci", "--silent"], cwd=SOCKETIO, check=True)
    return SOCKETIO


def _run(name: str, webs: list[Web], both: Services, chats: Path, arguments: argparse.Namespace) -> Iterator[Result]:
    """The generator, in a process of its own."""
    command = [sys.executable, "-m", "bench.load", "balie" if _is_ours(name) else name, "--url", webs[0].url]
    command += ["--pairs", str(arguments.pairs), "--seconds", str(arguments.seconds)]
    command += ["--repeat", str(arguments.repeat)]
    command += ["--pairs-file", str(chats)] if _is_ours(name) else []
    command += ["--other", webs[-1].url] if len(webs) > 1 else []
    if name == "tutorial":  # it saturates far below 1,000/s, and at two in flight
        command += ["--rate", "100", "--window", "2"]
    watched = {"server": webs[0].pid, **({"other": webs[1].pid} if len(webs) > 1 else {}), **both.watched()}
    for watch, pid in watched.items():
        command += ["--watch", f"{watch}={pid}"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        for line in child.stdout or ():
            yield json.loads(line)
    if child.returncode:
        raise RuntimeError(f"the generator failed on {name}")


def table(name: str, results: list[Result]) -> Iterable[str]:
    """A markdown row per step: medians of the clean steps, or of all where none was clean."""
    for step in dict.fromkeys(result["step"] for result in results):
        rows = [result for result in results if result["step"] == step]
        clean = [row for row in rows if row["clean"]]
        shown = clean or rows

        def middle(*path: str, rows: list[Result] = shown) -> float:
            return statistics.median(_dig(row, path) for row in rows)

        latency = " / ".join(f"{middle('e2e', part):.1f}" for part in ("p50", "p95", "p99"))
        acks = " / ".join(f"{middle('ack', part):.1f}" for part in ("p50", "p99"))
        micros = " + ".join(f"{middle('us', part):.0f}" for part in rows[0]["us"])
        bad = sum(row["lost"] + row["unacked"] + row["doubled"] + row["closed"] for row in rows)
        cells = [
            f"{name}, {step}",
            f"{len(clean)}/{len(rows)}",
            f"{middle('rate'):,.0f}",
            latency,
            acks,
            micros,
            f"{bad}",
        ]
        yield f"| {' | '.join(cells)} |"


def _dig(row: Result, path: Iterable[str]) -> float:
    value: Any = row
    for part in path:
        value = value[part]
    return float(value)


HEAD = (
    "| target, step | clean/all | msg/s | e2e p50 / p95 / p99 ms | ack p50 / p99 ms "
    "| µs per msg: server (+ other) + PostgreSQL + Valkey | lost, unacked, doubled, closed |\n" + "|---" * 7 + "|"
)

if __name__ == "__main__":
    print(HEAD)
    main()
