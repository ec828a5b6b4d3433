"""Reads the Procfile: one `name: command` a line, with `$NAME` and `${NAME:-default}` from the environment."""

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_LINE = re.compile(r"^([a-z][a-z0-9_-]*):\s*(\S.*)$")
_VARIABLE = re.compile(r"\$(?:\{(\w+)(?::-([^}]*))?\}|(\w+))")


@dataclass(frozen=True, slots=True)
class Entry:
    """One kind of process and its command, before the variables are filled in."""

    name: str
    command: str

    def words(self, environment: Mapping[str, str]) -> list[str]:
        """The command's words; an unset or empty variable gives its default."""

        def fill(found: re.Match[str]) -> str:
            return environment.get(found[1] or found[3], "") or found[2] or ""

        return shlex.split(_VARIABLE.sub(fill, self.command))


def read_procfile(path: Path) -> list[Entry]:
    """All entries in order; a line that is none raises ValueError."""
    entries = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        found = _LINE.match(line)
        if not found:
            raise ValueError(f"not a line of a Procfile: {line!r}")
        entries.append(Entry(found[1], found[2]))
    return entries
