"""One run against one target, in a process of its own: prints a JSON object per step. bench/messages.py starts it."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
from pathlib import Path

import uvloop

from bench.load.generator import Load, Plan
from bench.load.targets import Balie, SocketIo, Target, Tutorial
from bench.machine import REST_CPU, Awake, pin


def target_of(arguments: argparse.Namespace) -> Target:
    if arguments.target == "balie":
        return Balie(arguments.url, arguments.other, pairs=arguments.pairs_file)
    kinds: dict[str, type[Target]] = {"tutorial": Tutorial, "socketio": SocketIo}
    return kinds[arguments.target](arguments.url, arguments.other)


async def run(arguments: argparse.Namespace, awake: Awake) -> None:
    plan = Plan(pairs=arguments.pairs, seconds=arguments.seconds, quiet_s=arguments.quiet)
    load = Load(target_of(arguments), plan, awake)
    await load.open()
    steps: list[tuple[str, float, int]] = [(f"{rate:g}/s", rate, 0) for rate in arguments.rate]
    steps.append(("saturation", 0, arguments.window))
    watched = {name: int(pid) for name, pid in (one.split("=") for one in arguments.watch)}
    for _ in range(arguments.repeat):
        for name, rate, window in steps:
            result = await load.step(rate=rate, window=window, watched=watched)
            print(json.dumps({"step": name, **result}), flush=True)
    load.close()
    await asyncio.sleep(0.2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", choices=["balie", "tutorial", "socketio"])
    parser.add_argument("--url", required=True)
    parser.add_argument("--other", default="", help="the agents' server, when it is another one")
    parser.add_argument("--pairs", type=int, default=100)
    parser.add_argument("--pairs-file", type=Path)
    parser.add_argument("--rate", type=float, nargs="*", default=[100.0, 1000.0])
    parser.add_argument("--window", type=int, default=4, help="messages in flight per pair at saturation")
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--quiet", type=float, default=10.0)
    parser.add_argument("--watch", action="append", default=[], metavar="NAME=PID")
    arguments = parser.parse_args()
    pin(os.getpid(), REST_CPU)
    awake = Awake()
    awake.start()
    try:
        uvloop.run(run(arguments, awake))
    finally:
        awake.stop()


if __name__ == "__main__":
    main()
