"""`make bench`: every measurement, or those that are named (`python -m bench messages connections`)."""

from __future__ import annotations

import subprocess
import sys

MEASUREMENTS = ("messages", "connections", "meters", "board", "portal", "wallet", "payments", "knowledge", "tickets")


def main() -> None:
    wanted = sys.argv[1:] or MEASUREMENTS
    for name in wanted:
        if name not in MEASUREMENTS:
            raise SystemExit(f"There is no measurement {name}; there are {', '.join(MEASUREMENTS)}.")
    for name in wanted:
        print(f"\n## {name}\n", flush=True)
        # Each in a process of its own: each sets Django up on a database of its own.
        subprocess.run([sys.executable, "-m", f"bench.{name}"], check=True)


if __name__ == "__main__":
    main()
