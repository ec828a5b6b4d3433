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
        ({"SECRET_KEY_FALLBACKS": "demo-" + PRODUCTION["SECRET_KEY"]}, "demo secret"),
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


PAYPAL = {"PAYPAL_CLIENT_ID": "client", "PAYPAL_SECRET": "s3cret", "PAYPAL_WEBHOOK_ID": "1JE4291016473214C"}
BANK = {"BANK_IBAN": "NL91 ABNA 0417 1643 00", "BANK_ACCOUNT_HOLDER": "Balie B.V."}
TARGETPAY = {"TARGETPAY_OUTLET": "93393", "TARGETPAY_METHODS": "phone,ideal"}
PLAY = {"PAYMENTS_TEST": "1", "MOLLIE_API_KEY": "test_s3cret", "MOLLIE_URL": "http://127.0.0.1:9000"}


@pytest.mark.parametrize("change", [{"MOLLIE_API_KEY": "live_s3cret"}, PAYPAL, BANK, TARGETPAY, PLAY, PLAY | PAYPAL])
def test_s2_a_provider_with_all_its_settings_is_accepted(change: dict[str, str]) -> None:
    done = _import_settings(PRODUCTION | change)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"MOLLIE_API_KEY": "test_s3cret"}, "live_ key"),
        ({"MOLLIE_API_KEY": "live_s3cret", "PAYMENTS_TEST": "1"}, "test_ key"),
        ({"MOLLIE_API_KEY": "s3cret"}, "live_ key"),
        ({"MOLLIE_API_KEY": "live_s3cret", "MOLLIE_URL": "http://mollie.example"}, "https"),
        ({"MOLLIE_URL": "http://127.0.0.1.evil.example"}, "https"),
        ({"MOLLIE_URL": "https://user:s3cret@mollie.example"}, "https"),
        (PAYPAL | {"PAYPAL_SECRET": ""}, "PAYPAL_SECRET"),
        (PAYPAL | {"PAYPAL_WEBHOOK_ID": ""}, "PAYPAL_WEBHOOK_ID"),
        ({"PAYPAL_SECRET": "s3cret"}, "PAYPAL_CLIENT_ID"),
        (PAYPAL | {"PAYPAL_URL": "https://api-m.sandbox.paypal.com"}, "PAYMENTS_TEST"),
        (PAYPAL | {"PAYPAL_URL": "https://api-m.paypal.com", "PAYMENTS_TEST": "1"}, "PAYMENTS_TEST"),
        (TARGETPAY | {"TARGETPAY_METHODS": ""}, "TARGETPAY_METHODS"),
        (TARGETPAY | {"TARGETPAY_METHODS": "paysafecard"}, "TARGETPAY_METHODS"),
        (BANK | {"BANK_IBAN": "NL91ABNA0417164301"}, "IBAN"),
        (BANK | {"BANK_IBAN": "to our account"}, "IBAN"),
        (BANK | {"BANK_ACCOUNT_HOLDER": ""}, "BANK_ACCOUNT_HOLDER"),
    ],
)
def test_x7_half_a_provider_is_refused_without_telling_its_secret(change: dict[str, str], complaint: str) -> None:
    done = _import_settings(PRODUCTION | change)
    assert done.returncode == 1
    assert complaint in done.stderr.strip().splitlines()[-1]
    assert "s3cret" not in done.stderr


def test_x7_demo_mode_exists_only_with_debug() -> None:
    command = [sys.executable, "-c", "from hub import settings; print(settings.DEMO)"]
    for environment, said in ((PRODUCTION, "False"), (PRODUCTION | {"DEBUG": "1"}, "True")):
        clean = {"PATH": os.environ["PATH"], **environment}
        done = subprocess.run(command, cwd=ROOT, env=clean, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == said
