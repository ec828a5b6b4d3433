"""docker-compose.yml, Dockerfile, Procfile, settings and docs/operations.md say the same."""

import re
import shlex
from typing import Any

import pytest
import yaml

from hub.launcher.procfile import read_procfile
from tests.running import ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
HOW_MANY = {"web": 2, "worker": 1, "beat": 1, "dispatcher": 2}
IN_CONTAINER = {"HOST": "0.0.0.0", "PORT": "8000", "VAR": "/var/lib/balie"}


def _of_kind(kind: str) -> list[dict[str, Any]]:
    return [service for name, service in SERVICES.items() if name.rstrip("0123456789") == kind]


@pytest.mark.parametrize("kind", HOW_MANY)
def test_containers_run_what_the_procfile_runs(kind: str) -> None:
    entry = next(entry for entry in read_procfile(ROOT / "Procfile") if entry.name == kind)
    services = _of_kind(kind)
    assert len(services) == HOW_MANY[kind]
    for service in services:
        assert shlex.split(service["command"]) == entry.words(IN_CONTAINER)
        assert {name: service["environment"][name] for name in IN_CONTAINER} == IN_CONTAINER


def test_every_kind_of_the_procfile_is_there() -> None:
    assert {entry.name for entry in read_procfile(ROOT / "Procfile")} == set(HOW_MANY)


def test_every_service_that_stays_has_a_health_check_and_starts_again() -> None:
    for name, service in SERVICES.items():
        if name != "prepare":
            assert service["healthcheck"]["test"], name
            assert service["restart"] == "unless-stopped", name


def test_nothing_runs_as_root() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    users = re.findall(r"^USER (\S+)$", dockerfile, flags=re.MULTILINE)
    assert users == ["balie"]
    assert dockerfile.index("USER balie") < dockerfile.index("\nCMD ")
    for name, service in SERVICES.items():
        if service.get("image") != "balie":
            assert service["user"].split(":")[0] not in ("", "root", "0"), name


def test_data_are_in_volumes_that_are_declared() -> None:
    for name in ("postgres", "valkey", "web1"):
        named = [volume.split(":")[0] for volume in SERVICES[name]["volumes"]]
        assert any(volume in COMPOSE["volumes"] for volume in named), name


def test_databases_and_the_hub_are_not_open_to_the_network() -> None:
    assert [name for name, service in SERVICES.items() if service.get("ports")] == ["proxy"]


def test_web_processes_wait_for_the_migrations() -> None:
    for name, service in SERVICES.items():
        if service.get("image") == "balie" and name != "prepare":
            assert service["depends_on"] == {"prepare": {"condition": "service_completed_successfully"}}


def _read_by_settings() -> set[str]:
    text = (ROOT / "hub" / "settings.py").read_text(encoding="utf-8")
    return set(re.findall(r'_(?:text|flag|number|names)\(\s*"([A-Z_]+)"', text))


def test_operations_names_every_variable_and_no_other() -> None:
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([A-Z_]+)` \|", text, flags=re.MULTILINE)
    told = set(rows)
    assert len(rows) == len(told), "one row a variable"
    elsewhere = {"HOST", "WEB", "BALIE_BROWSER"}  # of the Procfile, the launcher and the browser tests
    assert told == _read_by_settings() | elsewhere


def test_the_containers_set_only_variables_that_are_read() -> None:
    example = (ROOT / "docs" / "environment.example").read_text(encoding="utf-8")
    named = set(re.findall(r"^([A-Z_]+)=", example, flags=re.MULTILINE)) | set(SERVICES["web1"]["environment"])
    of_compose = {"PUBLIC_HOST", "POSTGRES_PASSWORD", "VALKEY_PASSWORD", "HOST"}
    assert sorted(named - of_compose - _read_by_settings()) == []


def test_x5_x6_the_proxy_takes_no_body_that_would_fill_the_disk() -> None:
    """Whoever sends one need not be signed in: it is written down before anybody looks at whose it is."""
    caddyfile = (ROOT / "docs" / "Caddyfile").read_text(encoding="utf-8")
    assert re.search(r"request_body \{\s+max_size [1-9]MB\s+\}", caddyfile)


def test_the_proxy_knows_every_web_process() -> None:
    caddyfile = (ROOT / "docs" / "Caddyfile").read_text(encoding="utf-8")
    found = re.search(r"reverse_proxy (.+) \{", caddyfile)
    assert found is not None
    assert sorted(found[1].split()) == sorted(f"{name}:8000" for name in SERVICES if name.startswith("web"))
