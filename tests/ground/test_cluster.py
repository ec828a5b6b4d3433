"""The cluster that tests copy is that of the migrations as they are now."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import cluster
from tests.running import ROOT


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("credits/migrations/0001_initial.py", "credits/ledger/sql/rules.sql", "hub/site/models.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("one")
    monkeypatch.setattr(cluster, "ROOT", tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", ["credits/migrations/0001_initial.py", "credits/ledger/sql/rules.sql"])
def test_a_change_of_what_migrations_read_makes_another(checkout: Path, name: str) -> None:
    before = cluster.key()
    (checkout / name).write_text("two")
    assert cluster.key() != before


@pytest.mark.parametrize("name", ["chat/migrations/0001_initial.py", "hub/base/sql/rules.sql"])
def test_what_is_added_makes_another(checkout: Path, name: str) -> None:
    before = cluster.key()
    (checkout / name).parent.mkdir(parents=True)
    (checkout / name).write_text("one")
    assert cluster.key() != before


def test_other_code_leaves_it(checkout: Path) -> None:
    before = cluster.key()
    (checkout / "hub/site/models.py").write_text("two")
    assert cluster.key() == before


def test_no_app_is_forgotten() -> None:
    """What lies in folders with a dot, a virtualenv under bench/ say, is none of ours."""
    ours = (ROOT / name for name in os.listdir(ROOT) if not name.startswith((".", "node_modules")))
    assert {path.name for path in ours if any(_migrations_in(path))} == set(cluster.APPS)


def _migrations_in(folder: Path) -> Iterator[str]:
    for path, folders, _files in os.walk(folder):
        folders[:] = [one for one in folders if not one.startswith((".", "node_modules"))]
        if "migrations" in folders:
            yield path
