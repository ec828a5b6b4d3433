"""Reads the SQL files of this app. They hold what PostgreSQL itself must do: rules, the sweep, the audit, lots.

Files named `*_0001.sql` are run by a migration and never edited afterwards: a changed function is a new file and a new
migration. The others are statements that the code runs.
"""

from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent


@cache
def read(part: str, name: str) -> str:
    """The text of credits/<part>/sql/<name>.sql."""
    return (_HERE / part / "sql" / f"{name}.sql").read_text(encoding="utf-8")
