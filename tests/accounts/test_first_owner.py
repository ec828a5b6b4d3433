"""A new hub: its first person and its first website, from the command line."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from hub.accounts.models import AuditEntry, User
from hub.site.models import Website

pytestmark = pytest.mark.django_db


def create_owner(monkeypatch: pytest.MonkeyPatch, password: str, email: str = "ingrid@example.com") -> str:
    monkeypatch.setattr("sys.stdin", StringIO(password + "\n"))
    out = StringIO()
    call_command("create_owner", name="Ingrid van Loon", email=email, stdout=out)
    return out.getvalue()


def test_the_first_owner_enrols_a_second_factor_at_sign_in(monkeypatch: pytest.MonkeyPatch) -> None:
    said = create_owner(monkeypatch, "a long enough sentence")
    owner = User.objects.get(email="ingrid@example.com")
    assert owner.login_number in said
    assert (owner.level, owner.last_name) == ("owner", "van Loon")
    assert AuditEntry.objects.filter(fact="people.owner.created", target_id=str(owner.pk)).exists()
    step = Client().post("/login/", {"login": owner.email, "password": "a long enough sentence"})
    assert step["Location"] == "/login/second-factor/"


@pytest.mark.parametrize(("password", "email"), [("short", "a@example.com"), ("a long enough sentence", "nobody")])
def test_a_weak_password_or_no_address_is_refused(monkeypatch: pytest.MonkeyPatch, password: str, email: str) -> None:
    with pytest.raises(CommandError):
        create_owner(monkeypatch, password, email)
    assert not User.objects.exists()


def test_an_address_in_use_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    create_owner(monkeypatch, "a long enough sentence")
    with pytest.raises(CommandError):
        create_owner(monkeypatch, "a long enough sentence", "INGRID@example.com")


def test_a_website_gets_a_key_and_a_secret() -> None:
    out = StringIO()
    call_command("create_website", "--name", "Shop", "--origin", "https://shop.example", stdout=out)
    website = Website.objects.get()
    assert website.site_key in out.getvalue()
    assert website.secret in out.getvalue()
    for wrong in ("shop.example", "https://shop.example/", "ftp://shop.example", "*"):
        with pytest.raises(CommandError):
            call_command("create_website", "--name", "Shop", "--origin", wrong)
