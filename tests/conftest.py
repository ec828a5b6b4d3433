"""What every test can use. People and worlds are built in builders.py and people.py."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import hashers
from django.core.management.commands import flush
from django.db import connection
from django.utils import translation

from tests.running import RunningHub, running_hub

HERE = Path(__file__).resolve().parent
LARGE_BYTES = 1024 * 1024
NAMES_OF_MODELS = {"django_content_type", "auth_permission"}
LANES = {"browser": {"browser"}, "faults": {"access", "faults", "ground"}}  # where `make test` looks for them


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that `make test` would not find is refused."""
    for marker, folders in LANES.items():
        for item in items:
            if item.get_closest_marker(marker) and item.path.relative_to(HERE).parts[0] not in folders:
                raise pytest.UsageError(f"{item.nodeid} is marked {marker}; see LANES in tests/conftest.py")


@pytest.fixture(scope="session")
def hub() -> Iterator[RunningHub]:
    """A whole hub with two web processes, shared by all browser and fault tests of the run. Its grace is short (M4)."""
    with running_hub(web=2, environment={"GRACE_WHEN_EMPTY_S": "12", "LOG_LEVEL": "WARNING"}) as hub:
        yield hub


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """The test database is a copy of the migrated one where this run has one (embedded.py)."""
    if template := os.environ.get("TEST_DATABASE_TEMPLATE"):
        connection.settings_dict["TEST"]["TEMPLATE"] = template


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> None:
    """Argon2 is slow on purpose; no test is about that."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    hashers.get_hashers.cache_clear()  # type: ignore[attr-defined]
    hashers.get_hashers_by_algorithm.cache_clear()  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Settings and brands are kept in the process; those of the test before were rolled back. No other process changes
    them here, so none is compared after some seconds, nor PostgreSQL's clock: that would now and then be one
    statement more where a test counts them.
    """
    from hub.base import clock, snapshots

    snapshots.forget_all()
    monkeypatch.setattr(snapshots, "CHECK_EVERY_S", 3600.0)
    monkeypatch.setattr(clock, "MEASURE_EVERY_S", 3600.0)


@pytest.fixture(autouse=True)
def _english() -> None:
    """A request leaves its language to the thread; the next test starts without it."""
    translation.deactivate()


@pytest.fixture(scope="session", autouse=True)
def _flush_what_was_written() -> None:
    """After a transactional test: empty the tables that have rows. To truncate all of them takes half a second.

    Ledger and audit refuse it; the flush goes past that, as a superuser may, and so past foreign keys. The names of
    models stay, so nobody need write them anew after each flush.
    """

    def sql_flush(self: Any, style: object, tables: list[str], **options: object) -> list[str]:
        tables = sorted(set(tables) - NAMES_OF_MODELS)
        written = {self.quote_name(table): size for table, size in _tables_with_rows(tables).items()}
        deletions = [
            f"DELETE FROM {table}" if size < LARGE_BYTES else f"TRUNCATE {table} CASCADE"
            for table, size in written.items()
        ]
        off, on = ("SET session_replication_role = replica", "SET session_replication_role = DEFAULT")
        seeds = ["INSERT INTO credits_hubclock VALUES (true, 0, 0) ON CONFLICT DO NOTHING"]  # as a migration did
        return [off, *deletions, *seeds, on] if deletions else []

    type(connection.ops).sql_flush = sql_flush  # type: ignore[assignment, method-assign]
    flush.emit_post_migrate_signal = lambda *_: None  # type: ignore[attr-defined]


def _tables_with_rows(tables: list[str]) -> dict[str, int]:
    """These, and how many bytes they have."""
    quoted = {table: connection.ops.quote_name(table) for table in tables}
    asked = [
        f"SELECT '{table}', pg_relation_size('{name}') WHERE EXISTS (SELECT FROM {name})"
        for table, name in quoted.items()
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        return dict(cursor.fetchall())
