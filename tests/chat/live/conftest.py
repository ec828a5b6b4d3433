"""A database of its own and web processes of our own, for tests that need what is really committed."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from hub.launcher.catalogs import compile_catalogs
from hub.launcher.valkey import Valkey
from tests.chat.live.harness import ROOT, Web, database_url, web

SERVER = os.environ.get("LIVE_TEST_SERVER", "daphne")
BEAT_S = 2


@dataclass
class Stack:
    """Two web processes, their Valkey and their database."""

    a: Web
    b: Web
    valkey: Valkey
    folder: Path
    environment: dict[str, str]


@pytest.fixture(scope="session")
def live_database_name() -> Iterator[str]:
    """A migrated database beside the test database: what is written here is committed and other processes see it."""
    name = f"live_{os.getpid()}"
    url = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))
    if template := os.environ.get("TEST_DATABASE_TEMPLATE"):
        _administer(f"create database {name} template {template}")
    else:
        _administer(f"create database {name}")
        migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(migrate, cwd=ROOT, env={**os.environ, "DATABASE_URL": url}, check=True)
    yield name
    _administer(f"drop database {name} with (force)")


@pytest.fixture(scope="module")
def live_database(live_database_name: str, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Django's connection stands on the live database while a module's tests run."""
    place = connection.settings_dict
    before = place["NAME"]
    with django_db_blocker.unblock():
        _disconnect()
        place["NAME"] = live_database_name
        try:
            yield
        finally:
            _disconnect()
            place["NAME"] = before


def _disconnect() -> None:
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's


def _administer(statement: str) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as db:
        db.execute(statement)


@pytest.fixture(scope="session")
def live_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="balie-live-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def processes(live_database_name: str, live_folder: Path) -> Iterator[Stack]:
    """Started once a run: to start a web process costs more than most of these tests."""
    compile_catalogs(ROOT / "frontend" / "locale")  # errors are told in the reader's language
    valkey = Valkey(live_folder, fast=True)
    with contextlib.ExitStack() as running:
        running.callback(valkey.stop)
        valkey.start()
        environment = {
            "DATABASE_URL": database_url(live_database_name),
            "REDIS_URL": valkey.url,
            "LIVE_BEAT_S": str(BEAT_S),
            "LIVE_RIGHTS_S": str(BEAT_S),
            "LOG_JSON": "1",
            "LOG_LEVEL": "INFO",
        }
        a, b = (running.enter_context(web(SERVER, live_folder, **environment)) for _ in "ab")
        yield Stack(a, b, valkey, live_folder, environment)


@pytest.fixture(scope="module")
def stack(live_database: None, processes: Stack) -> Stack:
    """All of it runs, whatever a module before has killed and, because it failed, not started again."""
    if processes.valkey.process is None or processes.valkey.process.poll() is not None:
        processes.valkey.start()
    for one in (processes.a, processes.b):
        if one.child.poll() is not None:
            one.start()
    return processes
