"""The launcher's parts that need no process."""

import json
import subprocess
from pathlib import Path

import pytest

from hub.launcher import catalogs, node, reach
from hub.launcher.beside import adopt_running_hub
from hub.launcher.children import RunAs
from hub.launcher.folder import Folder, Refused
from hub.launcher.procfile import Entry, read_procfile
from hub.launcher.supervisor import RESTARTS_MAX, RestartBudget


def test_procfile_variables_have_defaults() -> None:
    entry = Entry("web", "daphne -b ${HOST:-127.0.0.1} -p $PORT 'a b'")
    assert entry.words({"PORT": "81"}) == ["daphne", "-b", "127.0.0.1", "-p", "81", "a b"]
    assert entry.words({"PORT": "81", "HOST": "::"})[2] == "::"


def test_a_procfile_with_a_bad_line_is_refused(tmp_path: Path) -> None:
    (tmp_path / "Procfile").write_text("# fine\n\nweb: x\nno colon here\n")
    with pytest.raises(ValueError, match="no colon here"):
        read_procfile(tmp_path / "Procfile")


def test_five_restarts_a_minute_and_no_more() -> None:
    budget = RestartBudget()
    assert all(budget.spend(now_s) for now_s in range(RESTARTS_MAX))
    assert not budget.spend(30)
    assert budget.spend(61)


def test_one_hub_per_folder(tmp_path: Path) -> None:
    first = Folder(tmp_path / "var")
    with pytest.raises(Refused, match="is in use by another hub"):
        Folder(tmp_path / "var")
    assert first.secret() == first.secret()
    assert first.secret().startswith("demo-")


def test_commands_beside_a_hub_adopt_its_addresses(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("demo-1")
    (tmp_path / "demo.json").write_text(json.dumps({"database_url": "postgresql:///a", "redis_url": "redis://b"}))
    environment = {"VAR": str(tmp_path), "REDIS_URL": "redis://mine"}
    assert adopt_running_hub(environment)
    assert environment["DATABASE_URL"] == "postgresql:///a"
    assert environment["REDIS_URL"] == "redis://mine"
    assert not adopt_running_hub({"VAR": str(tmp_path), "DATABASE_URL": "postgresql:///other"})
    assert not adopt_running_hub({"VAR": str(tmp_path / "nothing")})


@pytest.mark.parametrize(
    ("version", "recent"),
    [
        *[(version, True) for version in ("v22.18.0", "v24.1.0", "v26.0.0")],
        *[(version, False) for version in ("v22.12.0", "v20.20.2", "v23.11.0", "v25.1.0", "", "nonsense")],
    ],
)
def test_only_a_recent_node_of_the_machine_is_used(version: str, recent: bool) -> None:
    assert node.is_recent(version) is recent


def test_catalogs_are_compiled_once_and_without_fuzzy_guesses(tmp_path: Path) -> None:
    folder = tmp_path / "nl" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        'msgid "Queue"\nmsgstr "Wachtrij"\n\n#, fuzzy\nmsgid "Chat"\nmsgstr "Kat"\n',
        encoding="utf-8",
    )
    assert catalogs.compile_catalogs(tmp_path) == 1
    assert catalogs.compile_catalogs(tmp_path) == 0
    compiled = (folder / "django.mo").read_bytes()
    assert b"Wachtrij" in compiled
    assert b"Kat" not in compiled


def test_programs_that_nobody_cannot_reach_are_copied_and_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(reach, "is_reachable", lambda path, run_as: False)
    programs = reach.reachable_programs(tmp_path, RunAs())
    said = subprocess.run([programs / "initdb", "--version"], env={}, capture_output=True, text=True, check=True)
    assert said.stdout.startswith("initdb (PostgreSQL)")
    assert reach.reachable_programs(tmp_path, RunAs()) == programs
