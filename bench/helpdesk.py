"""django-helpdesk beside our lists of tickets: installed in an environment of its own, on the same PostgreSQL server.

It has 100,000 tickets where ours has all it was filled with. Told is what a screen costs: its page with the filters and
the rows that the page then fetches, beside our page, which has its rows; and the rows alone, beside our API.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.portal import Visit, _measure

if TYPE_CHECKING:
    from django.test import Client

TICKETS = 100_000
TIMES_FASTER_MIN = 20
ROWS = 25  # on its page, and on ours
DATABASE = "helpdesk"
HERE = Path(__file__).parent / "peers" / "helpdesk"
# The name of each of its steps, and what ours is asked for.
OURS = {
    "list, open ones": "status=live",
    "list, closed ones": "status=closed",
    "list, all": "sort=updated",
    "list, all, row 12,476": "",  # where the caller says: far down
    "list, of one agent": "agent={agent}",
    "search, a common word": "q=printer&sort=updated",
    "search, a rare word": "q=w31999&sort=updated",
}


def compare(page: Client, api: Client, far: dict[str, str], agent: int) -> None:
    """`far`: where row 25,000 of ours is, in the page's words and in the API's."""
    print(
        f"| beside django-helpdesk with {TICKETS:,} tickets | its page + rows, ms | its rows, ms (statements) |", end=""
    )
    print(" our page, ms | our rows, ms (statements) | times faster: screen, rows | |")
    print("|---|---|---|---|---|---|---|")
    for step in _steps():
        asked = OURS[step["name"]].format(agent=agent)
        screen, _ = _ours(page, f"/admin/tickets/?{asked or far['page']}")
        rows, statements = _ours(api, f"/api/v1/tickets/?{asked or far['api']}&limit={ROWS}")
        factors = (step["page_ms"] + step["rows_ms"]) / screen, step["rows_ms"] / rows
        missed = "" if min(factors) >= TIMES_FASTER_MIN else "**missed**"
        theirs = f"{step['page_ms']:.0f} + {step['rows_ms']:.0f} | {step['rows_ms']:.0f} ({step['statements']})"
        ours = f"{screen:.0f} | {rows:.0f} ({statements})"
        print(f"| {step['name']} | {theirs} | {ours} | {factors[0]:.0f}, {factors[1]:.0f} | {missed} |", flush=True)
    print()


def _ours(client: Client, path: str) -> tuple[float, int]:
    times, _busy, statements = _measure(Visit("owner", path, client, [path]))
    return statistics.median(times), statements


def _steps() -> Iterator[dict[str, Any]]:
    """What it prints, a line for each step."""
    from django.db import connection

    python, known = _install(), connection.get_connection_params()
    _make_database()
    environment = {f"DSN_{name.upper()}": str(known.get(name, "")) for name in ("host", "port", "user", "password")}
    environment["DSN_NAME"] = DATABASE
    command = [str(python), "measure.py", str(TICKETS)]
    with subprocess.Popen(
        command, cwd=HERE, env={"PATH": os.environ["PATH"], **environment}, stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        for line in running.stdout:
            yield json.loads(line)
    if running.returncode:
        raise SystemExit("django-helpdesk could not be measured.")


def _install() -> Path:
    """Its Python, made once; what is installed is what requirements.txt has the hashes of."""
    python = HERE / ".venv" / "bin" / "python"
    if not python.exists():
        uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or "uv"
        subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, str(HERE / ".venv")], check=True)
        required = ["-r", str(HERE / "requirements.txt")]
        subprocess.run(
            [uv, "pip", "install", "--quiet", "--require-hashes", "--python", str(python), *required], check=True
        )
    return python


def _make_database() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select from pg_database where datname = %s", [DATABASE])
        if not cursor.rowcount:
            cursor.execute(f"create database {DATABASE}")
