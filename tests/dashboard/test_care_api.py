"""A4: what staff do about a customer on screen, over the API (A1, L6, P9, P10); thin over the same actions."""

from __future__ import annotations

from typing import Any

import pytest

from credits import public as money
from credits.models import Approval
from hub.accounts.actions import data_exports
from hub.accounts.models import Department, SignedInDevice, StaffNote, User
from hub.base import clock
from hub.base.models import OutboxMessage
from hub.base.outbox import put_mail
from tests import people
from tests.dashboard.test_setup_api import Caller

pytestmark = pytest.mark.django_db


@pytest.fixture
def department() -> Department:
    return people.make_department()


@pytest.fixture
def sanne(department: Department) -> User:
    return people.make_customer("Sanne de Vries", email="sanne@example.com", department=department)


@pytest.fixture
def agent(department: Department) -> Caller:
    return Caller(people.make_agent(departments=[department]))


@pytest.fixture
def manager(department: Department) -> Caller:
    return Caller(people.make_manager(departments=[department]))


@pytest.fixture
def owner() -> Caller:
    return Caller(people.make_owner())


def test_A1_notes_are_added_read_changed_and_removed(sanne: User, agent: Caller, manager: Caller) -> None:
    status, made = agent.sends("post", f"customers/{sanne.pk}/notes/", {"text": "Likes tea"})
    assert (status, made["author"]["name"]) == (201, "Marko Horvat")
    assert agent.sends("patch", f"notes/{made['id']}/", {"text": "Likes coffee"})[1]["edited_at"] is not None
    assert [one["text"] for one in manager.asks(f"customers/{sanne.pk}/notes/")[1]["results"]] == ["Likes coffee"]
    assert manager.sends("patch", f"notes/{made['id']}/", {"text": "x"})[0] == 403
    assert manager.sends("post", f"customers/{sanne.pk}/notes/", {"text": " "})[0] == 400
    assert manager.sends("delete", f"notes/{made['id']}/", {})[0] == 204
    assert not StaffNote.objects.exists()


def test_A1_organisations_have_notes_too(owner: Caller) -> None:
    office = people.make_organisation().organisation
    owner.sends("post", f"organisations/{office.pk}/notes/", {"text": "Pays late"})
    assert [one["text"] for one in owner.asks(f"organisations/{office.pk}/notes/")[1]["results"]] == ["Pays late"]


def test_P9_a_customers_device_is_signed_out(sanne: User, agent: Caller) -> None:
    now = clock.now()
    SignedInDevice.objects.create(user=sanne, kind="browser", means="code", created_at=now, last_seen_at=now)
    (device,) = agent.asks(f"customers/{sanne.pk}/devices/")[1]["results"]
    assert agent.asks(f"devices/{device['id']}/")[1]["means"] == "code"
    assert agent.sends("delete", f"devices/{device['id']}/", {})[0] == 204
    assert agent.asks(f"customers/{sanne.pk}/devices/")[1]["results"] == []
    assert agent.sends("delete", f"devices/{device['id']}/", {})[0] == 404


def test_P10_a_copy_of_ones_data_is_asked_for_and_fetched_by_nobody_else(sanne: User, owner: Caller) -> None:
    own = Caller(sanne)
    status, asked = own.sends("post", "me/exports/", {})
    assert (status, asked["state"], asked["complete"]) == (202, "making", False)
    assert own._client.get(f"/api/v1/exports/{asked['id']}/").status_code == 404
    data_exports.make_exports()
    assert own.asks("me/exports/")[1]["results"][0]["state"] == "ready"
    file = own._client.get(f"/api/v1/exports/{asked['id']}/")
    assert b"".join(file.streaming_content).startswith(b"PK")  # type: ignore[attr-defined]
    assert "attachment" in file.headers["Content-Disposition"]
    assert Caller(people.make_customer())._client.get(f"/api/v1/exports/{asked['id']}/").status_code == 404
    assert owner._client.get(f"/api/v1/exports/{asked['id']}/").status_code == 404
    assert owner.sends("post", f"customers/{sanne.pk}/exports/", {})[1]["complete"] is True


def test_P5_P10_only_the_owner_erases_and_only_whom_they_name(sanne: User, owner: Caller, manager: Caller) -> None:
    at = f"customers/{sanne.pk}/erase/"
    assert manager.sends("post", at, {"login": sanne.login_number})[0] == 404
    assert owner.sends("post", at, {"login": "00000000"})[0] == 400
    assert owner.sends("post", at, {"login": sanne.login_number})[0] == 204
    sanne.refresh_from_db()
    assert sanne.erased_at is not None
    assert owner.sends("post", at, {"login": sanne.login_number})[0] == 404


def test_A1_doubles_are_looked_at_and_merged(sanne: User, department: Department, manager: Caller) -> None:
    double = people.make_customer("S. de Vries", mobile="+31612345678", department=department)
    at = f"customers/{sanne.pk}/merge/"
    seen = manager.sends("post", at, {"gone": double.pk, "preview": True})[1]
    assert (seen["merged"], seen["obstacles"], seen["gone"]["name"]) == (False, [], "S. de Vries")
    assert manager.sends("post", at, {"gone": double.pk})[1]["merged"] is True
    double.refresh_from_db()
    assert double.merged_into_id == sanne.pk
    assert manager.sends("post", at, {"gone": 999_999_999})[0] == 404


def test_A1_customers_are_imported_and_faults_are_told(manager: Caller, agent: Caller) -> None:
    table = "first name,email,shoe size\nIvo,ivo@example.com,43\nAna,no address,38\n"
    looked = manager.sends("post", "customers/import/", {"csv": table, "preview": True})[1]
    assert (looked["made"], looked["good"], looked["unknown"]) == (0, 1, ["shoe size"])
    assert [row["line"] for row in looked["faulty"]] == [3]
    assert not User.objects.filter(email="ivo@example.com").exists()
    assert manager.sends("post", "customers/import/", {"csv": table})[1]["made"] == 1
    assert User.objects.filter(email="ivo@example.com").exists()
    assert agent.sends("post", "customers/import/", {"csv": table})[0] == 403


def test_L6_a_second_person_approves_or_declines(sanne: User, agent: Caller, manager: Caller) -> None:
    wallet = money.open_wallet(user_id=sanne.pk)
    asked_by = User.objects.get(level=User.Level.AGENT)
    two = [
        Approval.objects.create(
            key=f"asked-{number}", what="adjust", wallet_id=wallet, amount_m=1000, text="gift", asked_by=asked_by,
            asked_at=clock.now(),
        )
        for number in range(2)
    ]  # fmt: skip
    (second, first) = manager.asks("approvals/")[1]["results"]
    assert [first["id"], second["id"]] == [str(row.pk) for row in two]
    assert (first["may_approve"], first["amount_m"], first["asked_by"]["name"]) == (True, 1000, "Marko Horvat")
    assert agent.sends("post", f"approvals/{first['id']}/approve/", {})[0] in (403, 409)
    assert manager.sends("post", f"approvals/{first['id']}/approve/", {})[1]["state"] == "approved"
    assert manager.sends("post", f"approvals/{first['id']}/approve/", {})[0] == 409
    assert manager.sends("post", f"approvals/{second['id']}/decline/", {})[1]["state"] == "declined"
    assert money.get_wallet(wallet).available_m == 1000
    assert len(manager.asks("approvals/?state=answered")[1]["results"]) == 2
    assert manager.asks("approvals/?state=x")[0] == 400


def test_the_owner_sees_the_outbox_and_has_messages_sent_again(owner: Caller) -> None:
    ids = [
        put_mail(to=f"{name}@example.com", template="erasure_cancelled", language="en", context={}, about="x")
        for name in ("a", "b")
    ]
    OutboxMessage.objects.filter(pk=ids[0]).update(state="failed", error="refused")
    listed: list[dict[str, Any]] = owner.asks("outbox/?state=failed")[1]["results"]
    assert [(one["to"], one["error"]) for one in listed] == [("a@example.com", "refused")]
    assert "text" not in listed[0]
    assert owner.sends("post", f"outbox/{ids[0]}/retry/", {})[1]["state"] == "waiting"
    OutboxMessage.objects.filter(pk=ids[0]).update(state="failed")
    assert owner.sends("post", "outbox/retry/", {})[1] == {"count": 1}
    assert owner.sends("post", f"outbox/{ids[1]}/resend/", {})[0] == 201
    assert len(owner.asks("outbox/?q=b@example.com")[1]["results"]) == 2
