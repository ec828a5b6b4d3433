"""A PostgreSQL of a bench's own, with fsync on as in production, and Django set up on it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def own_database(keep: Path | None = None) -> Iterator[None]:
    """Inside, `django.db.connection` is this server, migrated; afterwards it is gone, or kept in `keep`."""
    from hub.launcher.postgres import Postgres

    folder = keep or Path(tempfile.mkdtemp(prefix="balie-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    server = Postgres(folder, fast=False)
    server.start()
    try:
        _set_up_django(server.url(), folder)
        yield
        _close()
    finally:
        server.stop()
        if keep is None:
            shutil.rmtree(folder, ignore_errors=True)


def _set_up_django(url: str, folder: Path) -> None:
    os.environ.update(
        DJANGO_SETTINGS_MODULE="hub.settings",
        DATABASE_URL=url,
        DATABASE_POOL="0",
        DATABASE_STATEMENT_TIMEOUT_S="600",
        REDIS_URL="redis://127.0.0.1:1/0",
        VAR=str(folder / "var"),
        DEBUG="1",
        LOG_LEVEL="WARNING",
    )
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    settings.DEBUG = False  # or Django keeps every statement in memory
    call_command("migrate", verbosity=0)


def _close() -> None:
    from django.db import connections

    connections.close_all()
