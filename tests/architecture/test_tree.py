"""What must be true of the files themselves: locks, addresses, generated files, versions."""

import json
import re
import subprocess
from importlib.metadata import version
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.running import ROOT

# The least versions that have the fixes we rely on (denial of service and sign-in advisories; see docs/decisions).
FLOORS = {"django": "5.2.14", "daphne": "4.2.2", "django-otp": "1.7.5", "kombu": "5.7.0", "channels-redis": "4.3.0"}
# Written so that this file does not hold them itself.
REGISTRIES = re.compile(
    "|".join(
        re.escape(name.replace("_", ".")) for name in ("pypi_org", "pythonhosted_", "registry_npmjs", "deb_debian_org")
    )
)


def _tracked(*patterns: str) -> list[Path]:
    done = subprocess.run(
        ["git", "ls-files", "-z", "--", *patterns], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [path for name in done.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text)[:3])


@pytest.mark.parametrize(("package", "floor"), FLOORS.items())
def test_locked_versions_are_not_below_the_fixes(package: str, floor: str) -> None:
    assert _numbers(version(package)) >= _numbers(floor)


def test_python_locks_have_hashes_and_no_addresses() -> None:
    locks = _tracked("requirements*.txt")
    assert len(locks) >= 4
    for lock in locks:
        text = lock.read_text(encoding="utf-8")
        pinned = re.findall(r"^[a-z0-9][\w.\[\],-]*==", text, flags=re.MULTILINE)
        blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
        assert len(pinned) == len(blocks)
        assert all("--hash=sha256:" in block for block in blocks)
        assert "://" not in text


def test_npm_locks_have_hashes_and_no_resolved_addresses() -> None:
    locks = _tracked("*package-lock.json")
    assert len(locks) >= 2
    for lock in locks:
        packages = json.loads(lock.read_text(encoding="utf-8"))["packages"]
        outside = {name: entry for name, entry in packages.items() if name}
        assert [name for name, entry in outside.items() if "resolved" in entry] == []
        assert [name for name, entry in outside.items() if not entry.get("integrity")] == []


def test_no_tracked_file_names_a_package_registry() -> None:
    offences = []
    for path in _tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if REGISTRIES.search(text):
            offences.append(str(path.relative_to(ROOT)))
    assert offences == []


@pytest.mark.django_db
def test_migrations_say_what_the_models_say() -> None:
    said = StringIO()
    try:
        call_command("makemigrations", "--check", "--dry-run", stdout=said, verbosity=1)
    except SystemExit:
        pytest.fail(said.getvalue())


def test_nothing_built_is_tracked() -> None:
    assert _tracked("*.mo", "frontend/dist/*", "node_modules/*", "var/*", "*.pyc") == []
