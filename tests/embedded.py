"""Pytest plugin (`-p tests.embedded`): a PostgreSQL and a Valkey for this run, before Django reads its settings."""

import atexit
import gc
import os
import shutil
import signal
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from hub import loading

_DEFAULTS = {
    "SECRET_KEY": "tests-only-0123456789-abcdefghijklmnopqrstuvwxyz",
    "DEBUG": "1",
    "LOG_LEVEL": "WARNING",
    # Playwright's sync API keeps an event loop in the thread, which Django would take for asynchronous code.
    "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
}

TEMPLATE = "migrated"
COLLECT_AFTER = 20_000, 20, 50


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Generator[None, object, object]:
    loading.begins()
    for name, value in _DEFAULTS.items():
        os.environ[name] = os.environ.get(name) or value
    # A run that is ended (by a time limit, say) ends as by Ctrl-C: fixtures stop the hubs that they started.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    # Workers of xdist share one Valkey; each has its own keys and channels in it.
    os.environ["REDIS_PREFIX"] = f"balie-tests-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    if _needs_services():
        _start_services()
    return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtestloop() -> Generator[None, object, object]:
    """All is loaded. What tests leave is collected less often than by itself."""
    loading.ends()
    gc.set_threshold(*COLLECT_AFTER)
    return (yield)


def _needs_services() -> bool:
    """Not in a worker of xdist (it inherits the addresses), nor where both are given."""
    given = os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")
    return not given and "PYTEST_XDIST_WORKER" not in os.environ


def _start_services() -> None:
    from hub.launcher.postgres import Postgres
    from hub.launcher.valkey import Valkey
    from tests.cluster import lay_out

    folder = Path(tempfile.mkdtemp(prefix="balie-tests-"))
    folder.chmod(0o755)
    try:
        lay_out(folder)
    except RuntimeError as failed:
        raise pytest.UsageError(str(failed)) from None
    postgres, valkey = Postgres(folder, fast=True), Valkey(folder, fast=True)

    def stop() -> None:
        valkey.stop()
        postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(stop)
    valkey.start()
    postgres.start()
    _keep_as_template(postgres.url("postgres"))
    os.environ["DATABASE_URL"] = postgres.url()
    os.environ["REDIS_URL"] = valkey.url
    os.environ["VAR"] = str(folder / "var")
    (folder / "var" / "static").mkdir(parents=True)


def _keep_as_template(url: str) -> None:
    """The migrated database is what each worker copies; nobody may be connected to it meanwhile."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"alter database hub rename to {TEMPLATE}")
        connection.execute("create database hub")
    os.environ["TEST_DATABASE_TEMPLATE"] = TEMPLATE
