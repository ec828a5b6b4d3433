"""X7: the hub refuses to start in production with what is only fit for a demo."""

import os
import subprocess
import sys

import pytest

from tests.running import ROOT

PRODUCTION = {
    "SECRET_KEY": "kR7-pWq2_zLx9vTn4-sYb8cHd3-fGj6mXa1-eUo5iQ",
    "ALLOWED_HOSTS": "hub.example",
    "PUBLIC_URL": "https://hub.example",
    "DATABASE_URL": "postgresql://hub@/hub",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
}


def _import_settings(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    clean = {"PATH": os.environ["PATH"], **environment}
    command = [sys.executable, "-c", "import hub.settings"]
    return subprocess.run(command, cwd=ROOT, env=clean, capture_output=True, text=True, check=False)


def test_x7_a_complete_production_environment_is_accepted() -> None:
    done = _import_settings(PRODUCTION)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY must be set"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY must be set"),
        ({"SECRET_KEY": "a" * 60}, "SECRET_KEY must be set"),
        ({"SECRET_KEY": "demo-" + PRODUCTION["SECRET_KEY"]}, "demo secret"),
        ({"SECRET_KEY": "django-insecure-" + PRODUCTION["SECRET_KEY"]}, "demo secret"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "hub.example,*"}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": ".example"}, "ALLOWED_HOSTS"),
        ({"PUBLIC_URL": "http://hub.example"}, "PUBLIC_URL"),
        ({"DATABASE_URL": ""}, "DATABASE_URL"),
        ({"REDIS_URL": ""}, "REDIS_URL"),
        ({"BALIE_CLOCK_OFFSET_S": "60"}, "BALIE_CLOCK_OFFSET_S"),
        ({"PORT": "many"}, "PORT must be a whole number"),
    ],
)
def test_x7_what_is_unsafe_is_refused_with_one_sentence(change: dict[str, str], complaint: str) -> None:
    done = _import_settings(PRODUCTION | change)
    assert done.returncode == 1
    assert complaint in done.stderr.strip().splitlines()[-1]


def test_x7_demo_mode_exists_only_with_debug() -> None:
    command = [sys.executable, "-c", "from hub import settings; print(settings.DEMO)"]
    for environment, said in ((PRODUCTION, "False"), (PRODUCTION | {"DEBUG": "1"}, "True")):
        clean = {"PATH": os.environ["PATH"], **environment}
        done = subprocess.run(command, cwd=ROOT, env=clean, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == said
