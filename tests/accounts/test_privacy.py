"""P10: own data as a file, to be forgotten, and how long data are kept. What is emptied: test_privacy_canary."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from chat.models import Message, MessageVersion, Session
from credits.models import Account, Transfer
from hub.accounts.access import load_person
from hub.accounts.actions import data_exports, erasure
from hub.accounts.actions.data_exports import ask_export, get_ready, make_exports
from hub.accounts.errors import CannotErase
from hub.accounts.models import AuditEntry, AuditNote, DataExport, ErasureRequest, Membership, User
from hub.accounts.tokens import Claims
from hub.base import clock, exporting, retention
from hub.base.errors import DomainError, Forbidden, NotFound, TooFast
from hub.base.models import HubSetting, OutboxMessage
from hub.base.personal_data import retentions
from hub.base.publish import CONTROL
from hub.base.registries import audits
from tests import people
from tests.builders import Actor, World, a_world, committed


@pytest.fixture
def world(db: None, settings: Any, tmp_path: Path) -> Iterator[World]:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    with a_world() as made:
        yield made


def browser_of(user: User) -> Client:
    client = Client()
    assert client.post("/login/", {"login": user.login_number, "password": people.PASSWORD}).status_code == 302
    return client


def a_chat(world: World, *, email: str = "sanne@example.com") -> tuple[Actor, Actor, Session]:
    """A customer, an agent, and a chat between them that is over."""
    department = world.department(price_m=2000)
    agent = world.agent(department)
    customer = world.customer(credits=100, email=email, password=people.PASSWORD)
    chat = customer.starts(department, "My printer is on fire")
    world.runs(seconds=1)
    agent.accepts(chat)
    agent.says(chat, "Which one?")
    world.passes(minutes=2)
    customer.ends(chat)
    agent.wraps_up(chat)
    world.runs(seconds=5)
    return customer, agent, chat


# -- A copy of one's data ------------------------------------------------------------------------------------------
def test_p10_an_export_is_made_once_and_told_by_mail(world: World) -> None:
    """Two clicks are one export; two workers make it once; the mail holds no link that opens it."""
    customer, agent, _ = a_chat(world)
    first, second = (ask_export(customer.person, customer.user) for _ in range(2))
    assert first.pk == second.pk
    assert (make_exports(), make_exports()) == (1, 0)
    mail = OutboxMessage.objects.get(purpose="export_ready")
    assert mail.to == "sanne@example.com"
    assert str(first.pk) not in mail.text + mail.html
    export = get_ready(customer.person, first.pk)
    with export.file.open() as file, zipfile.ZipFile(io.BytesIO(file.read())) as archive:
        data = json.loads(archive.read("data.json"))
    said = [row["text"] for row in data["tables"]["chat_message"]]
    assert "My printer is on fire" in said
    assert "Which one?" in said
    assert agent.user.name in {row["author_name"] for row in data["tables"]["chat_message"]}
    assert {line["reason"] for line in data["wallet"]} >= {"adjust", "charge"}
    assert sum(line["amount_millicredits"] for line in data["wallet"]) == customer.balance_m
    assert any(entry["fact"] == "privacy.export.asked" and entry["by"] == "you" for entry in data["audit"])


def test_p10_x1_an_export_opens_for_who_asked_and_for_nobody_else(world: World) -> None:
    customer, agent, _ = a_chat(world)
    export = ask_export(customer.person, customer.user)
    make_exports()
    for other in (world.customer("Tom Visser"), agent, world.owner(), world.visitor()):
        with pytest.raises(NotFound):
            get_ready(other.person, export.pk)
    assert get_ready(customer.person, export.pk).pk == export.pk


def test_p10_an_export_is_gone_after_its_days(world: World) -> None:
    customer, _, _ = a_chat(world)
    asked = ask_export(customer.person, customer.user)
    make_exports()
    made = DataExport.objects.get(pk=asked.pk)
    made.expires_at = clock.now() - timedelta(seconds=1)
    made.save()
    with pytest.raises(NotFound):
        get_ready(customer.person, made.pk)
    with committed():
        data_exports.remove_expired()
    assert not DataExport.objects.exists()
    assert not made.file.storage.exists(str(made.file.name))


def test_p10_the_complete_export_is_the_hub_owners(world: World) -> None:
    """What staff wrote for each other is read before it is handed over."""
    customer, agent, _ = a_chat(world)
    for who in (customer, agent):
        with pytest.raises(Forbidden):
            ask_export(who.person, customer.user, complete=True)
    owner = world.owner()
    made = ask_export(owner.person, customer.user, complete=True)
    make_exports()
    assert get_ready(owner.person, made.pk).complete
    assert not OutboxMessage.objects.filter(purpose="export_ready").exists()
    with pytest.raises(NotFound):
        get_ready(customer.person, made.pk)


def test_p10_x6_exports_are_limited(world: World) -> None:
    customer, _, _ = a_chat(world)
    for _ in range(data_exports.PER_DAY.most):
        ask_export(customer.person, customer.user)
        make_exports()
    with pytest.raises(TooFast):
        ask_export(customer.person, customer.user)


def test_p10_a_failed_export_is_said_and_does_not_stop_the_others(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer, _, _ = a_chat(world)
    other = world.customer("Tom Visser")
    made = [ask_export(who.person, who.user) for who in (customer, other)]
    write = exporting.write_zip

    def breaks(subject: Any, *arguments: Any, **options: Any) -> None:
        if subject.user_id == customer.id:
            raise OSError("no room")
        write(subject, *arguments, **options)

    monkeypatch.setattr(exporting, "write_zip", breaks)
    assert make_exports() == 2
    states = [DataExport.objects.get(pk=one.pk) for one in made]
    assert [bool(one.failed_at) for one in states] == [True, False]


# -- To be forgotten -----------------------------------------------------------------------------------------------
def test_p10_erasure_waits_and_can_be_called_off(world: World) -> None:
    customer, _, _ = a_chat(world)
    first = erasure.ask_erasure(customer.person, customer.user)
    assert erasure.ask_erasure(customer.person, customer.user).pk == first.pk
    world._travel.advance(days=13)
    erasure.carry_out_due()
    assert not User.objects.get(pk=customer.id).erased_at
    erasure.cancel_erasure(customer.person, customer.user)
    erasure.cancel_erasure(customer.person, customer.user)
    world._travel.advance(days=2)
    erasure.carry_out_due()
    assert not User.objects.get(pk=customer.id).erased_at
    purposes = OutboxMessage.objects.order_by("pk").values_list("purpose", flat=True)
    assert [one for one in purposes if one.startswith("erasure")] == ["erasure_asked", "erasure_cancelled"]


def test_p10_after_its_days_the_person_is_gone_and_the_books_add_up(world: World) -> None:
    """The number stays given, the ledger balanced, everybody signed out and every socket told."""
    customer, _, chat = a_chat(world)
    claims = Claims(side="visitor", expires_at=clock.now().timestamp() + 10**7, user_id=customer.id, sign_in_version=1)
    number, lines = customer.user.login_number, Transfer.objects.count()
    erasure.ask_erasure(customer.person, customer.user)
    world._travel.advance(days=14, seconds=1)
    world.published.clear()
    with committed():
        erasure.carry_out_due()
    gone = User.objects.get(pk=customer.id)
    assert (gone.login_number, gone.email, gone.name, gone.is_active) == (number, None, number, False)
    assert any(topic == CONTROL and f"{customer.id}" in text for topic, text in world.published)
    with pytest.raises(DomainError):
        load_person(claims)
    assert not Message.objects.filter(session=chat).exclude(text="").exists()
    assert Message.objects.filter(session=chat, event__type="ended").exists()
    assert Transfer.objects.count() == lines + 1  # what was left, to where expired credits go
    assert customer.user.wallet.account.balance_m == 0
    assert [offence for audit in audits for offence in audit.find()] == []
    assert ErasureRequest.objects.get(user=gone).done_at is not None
    assert AuditEntry.objects.filter(fact="privacy.erasure.done", target_id=str(gone.pk)).count() == 1
    erasure.carry_out_due()
    erasure.erase_again()
    assert Transfer.objects.count() == lines + 1


def test_p10_a_number_is_not_given_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    customer, _, _ = a_chat(world)
    with committed():
        erasure.erase_now(world.owner().person, customer.user)
    drawn = iter([int(customer.user.login_number) - 10_000_000, 5])
    monkeypatch.setattr("hub.accounts.actions.people.secrets.randbelow", lambda _: next(drawn))
    assert people.make_customer("Tom Visser").login_number == "10000005"


def test_p10_who_chats_cannot_be_erased(world: World) -> None:
    department = world.department()
    customer = world.customer()
    chat = customer.starts(department, "Hello")
    with pytest.raises(CannotErase) as refused:
        erasure.ask_erasure(customer.person, customer.user)
    assert "chat" in str(refused.value.params["reasons"])
    with pytest.raises(CannotErase):
        erasure.erase_now(world.owner().person, customer.user)
    customer.ends(chat)
    erasure.ask_erasure(customer.person, customer.user)


def test_p10_who_chats_on_the_day_is_erased_when_it_is_over(world: World) -> None:
    department = world.department()
    customer = world.customer()
    erasure.ask_erasure(customer.person, customer.user)
    world._travel.advance(days=15)
    customer.comes()
    chat = customer.starts(department, "One more thing")
    erasure.carry_out_due()
    assert User.objects.get(pk=customer.id).erased_at is None
    customer.ends(chat)
    erasure.carry_out_due()
    assert User.objects.get(pk=customer.id).erased_at is not None


def test_p10_p4_an_owner_hands_over_first_and_a_member_leaves(world: World) -> None:
    company = people.make_organisation()
    with pytest.raises(CannotErase) as refused:
        erasure.ask_erasure(people.person_of(company.owner), company.owner)
    assert company.organisation.name in str(refused.value.params["reasons"])
    with committed():
        erasure.erase_now(world.owner().person, company.employee)
    assert not Membership.objects.filter(user=company.employee).exists()


def test_p10_x1_only_oneself_asks_and_only_the_hub_owner_does_not_wait(world: World) -> None:
    customer, agent, _ = a_chat(world)
    other = world.customer("Tom Visser")
    for who in (other, agent, world.owner(), world.manager(world.department())):
        with pytest.raises(Forbidden):
            erasure.ask_erasure(who.person, customer.user)
        with pytest.raises(Forbidden):
            erasure.cancel_erasure(who.person, customer.user)
    for who in (customer, other, agent):
        with pytest.raises(Forbidden):
            erasure.erase_now(who.person, customer.user)
    with pytest.raises(CannotErase):
        erasure.erase_now(world.owner().person, agent.user)


def test_p10_after_a_restore_the_list_is_erased_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    gone, stays = world.customer("Sanne de Vries"), world.customer("Tom Visser")
    with committed():
        erasure.erase_now(world.owner().person, gone.user)
    said = io.StringIO()
    call_command("erased_people", stdout=said)
    assert said.getvalue().split() == [str(gone.id)]
    User.objects.filter(pk=gone.id).update(erased_at=None, is_active=True, first_name="Sanne")  # as in the backup
    monkeypatch.setattr("sys.stdin", io.StringIO(said.getvalue()))
    with committed():
        call_command("erased_people", "--again")
    assert User.objects.get(pk=gone.id).first_name == ""
    assert User.objects.get(pk=stays.id).erased_at is None


# -- The pages -----------------------------------------------------------------------------------------------------
def test_p10_the_pages_from_asking_to_having_it(world: World) -> None:
    customer, _, _ = a_chat(world)
    page = browser_of(customer.user)
    assert page.post("/profile/privacy/export/").status_code == 302
    assert "Being made" in page.get("/profile/privacy/").content.decode()
    make_exports()
    export = DataExport.objects.get()
    assert f"/profile/privacy/export/{export.pk}/" in page.get("/profile/privacy/").content.decode()
    file = page.get(f"/profile/privacy/export/{export.pk}/")
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert file.headers["Content-Type"] == "application/zip"
    assert file.content[:2] == b"PK"
    other = browser_of(people.make_customer("Tom Visser", password=people.PASSWORD))
    assert other.get(f"/profile/privacy/export/{export.pk}/").status_code == 404
    assert Client().get(f"/profile/privacy/export/{export.pk}/").status_code == 302


def test_p10_erasing_takes_the_password(world: World) -> None:
    customer, _, _ = a_chat(world)
    page = browser_of(customer.user)
    shown = page.get("/profile/privacy/erase/").content.decode()
    assert "credits that you still have" in shown
    wrong = page.post("/profile/privacy/erase/", {"password": "not this one"})
    assert (wrong.status_code, ErasureRequest.objects.count()) == (400, 0)
    assert page.post("/profile/privacy/erase/", {"password": people.PASSWORD}).status_code == 302
    assert ErasureRequest.objects.filter(cancelled_at=None).count() == 1
    assert "Keep my account" in page.get("/profile/privacy/").content.decode()
    assert page.get("/profile/privacy/erase/").status_code == 302
    assert page.post("/profile/privacy/keep/").status_code == 302
    assert ErasureRequest.objects.filter(cancelled_at=None).count() == 0


def test_p10_without_a_password_a_code_shows_who_it_is(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    user = people.make_customer("Tom Visser", email="tom@example.com")
    page = Client()
    page.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert "Send me a code" in page.get("/profile/privacy/erase/").content.decode()
    monkeypatch.setattr("hub.accounts.actions.codes.secrets.randbelow", lambda _: 123456)
    assert "one-time-code" in page.post("/profile/privacy/erase/", {"send": "1"}).content.decode()
    assert page.post("/profile/privacy/erase/", {"code": "654321"}).status_code == 400
    assert page.post("/profile/privacy/erase/", {"code": "123 456"}).status_code == 302
    assert ErasureRequest.objects.filter(user=user).count() == 1


# -- How long data are kept ----------------------------------------------------------------------------------------
def test_p10_every_rule_of_keeping_is_idempotent_and_in_batches(world: World) -> None:
    """A night that stops after the first batch goes on the next; a third finds nothing to do."""
    for number in range(3):
        customer, agent, chat = a_chat(world, email=f"sanne{number}@example.com")
        MessageVersion.objects.create(
            message=Message.objects.filter(session=chat)[0], text="before", replaced_at=clock.now()
        )
        agent.waives(chat, 1, "our fault")
    visitor = world.visitor()
    visitor_chat = visitor.starts(world.department(), "Just a question")
    visitor.ends(visitor_chat)
    Session.objects.update(browser={"page": "https://shop.example/"})
    world._travel.advance(days=365 * 4)
    first = retention.apply_all(batch_rows=1)
    assert {rule.name for rule in retentions} >= set(first)
    assert first["chats"] == 4
    assert first["visitors"] == 1
    assert MessageVersion.objects.count() == 0
    assert first["audit_notes"] == 3
    assert Message.objects.exclude(text="").count() == 0
    assert AuditNote.objects.exclude(text="").count() == 0
    assert User.objects.get(pk=visitor.id).erased_at is not None
    assert User.objects.get(pk=customer.id).erased_at is None
    assert set(retention.apply_all().values()) == {0}
    assert [offence for audit in audits for offence in audit.find()] == []
    assert Account.objects.filter(kind="wallet").count() >= 3


def test_p10_the_owner_says_how_long(world: World) -> None:
    """0 is for ever; a shorter period takes more."""
    _, _, chat = a_chat(world)
    world._travel.advance(days=40)
    assert retention.apply_all()["chats"] == 0
    HubSetting.objects.create(name="retention_days", value={"chats": 30, "audit_notes": 0})
    _forget_snapshots()
    done = retention.apply_all()
    assert done["chats"] == 1
    assert "audit_notes" not in done
    assert Session.objects.get(pk=chat.pk).emptied_at is not None


def test_p10_one_rule_that_fails_does_not_stop_the_others(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    a_chat(world)
    world._travel.advance(days=365 * 4)
    broken = retentions["edits"]

    def breaks(before: object, at_most: int) -> int:
        raise RuntimeError("no")

    monkeypatch.setitem(retentions._by_name, "edits", type(broken)(broken.name, broken.label, 1, breaks))
    done = retention.apply_all()
    assert (done["edits"], done["chats"]) == (0, 1)


def _forget_snapshots() -> None:
    """As if another process had changed the setting some seconds ago."""
    from hub.base import hub_settings

    hub_settings._snapshot.forget()
