"""The import contracts of pyproject.toml hold, and they do find what they are for."""

import subprocess
import sys
from pathlib import Path

import grimp

from tests.architecture.public_only import PublicOnlyContract
from tests.running import ROOT

LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")


def test_the_import_contracts_hold() -> None:
    done = subprocess.run([LINT_IMPORTS, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[done.stdout.find("Broken contracts") :]


def test_the_public_contract_sees_a_side_door() -> None:
    graph = grimp.ImportGraph()
    for importer, imported in (
        ("chat.queries", "credits.models"),
        ("chat.queries", "credits.public"),
        ("chat.billing", "credits.public"),
        ("hub.asgi", "chat.consumers.staff"),
        ("hub.asgi", "chat.models"),
        ("chat.queries", "hub.base.clock"),
    ):
        graph.add_module(importer)
        graph.add_module(imported)
        graph.add_import(importer=importer, imported=imported)
    contract = PublicOnlyContract(
        name="public",
        session_options={},
        contract_options={
            "apps": ["chat", "credits"],
            "joiners": ["hub.asgi"],
            "edges": ["consumers"],
            "doors": ["chat -> credits -> chat.billing"],
        },
    )
    assert contract.check(graph, verbose=False).metadata["offences"] == [
        "chat.queries imports credits.models",
        "chat.queries imports credits.public",
        "hub.asgi imports chat.models",
    ]
