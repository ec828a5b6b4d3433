"""What staff do to customers and companies on screen (A1, L6, M6, P3, P6, P9, P10, P12), bad input included."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from credits import public as money
from credits.models import Approval
from hub.accounts.models import AuditEntry, Invitation, Organisation, SignedInDevice, StaffNote, User
from hub.base import clock, snapshots
from hub.base.models import HubSetting, OutboxMessage
from tests import people
from tests.accounts.letters import purposes
from tests.dashboard.admin_windows import Window
from tests.dashboard.test_admin_customers import Scene, scene

pytestmark = pytest.mark.django_db
__all__ = ["scene"]

DETAILS = {"first_name": "Sanne", "last_name": "Bos", "email": "sanne@bos.example", "mobile": ""}


def balance_m(scene: Scene) -> int:
    return money.wallet_for(scene.customer.id).available_m  # type: ignore[union-attr]


def key_of(page: str) -> str:
    found = re.search(r'name="form_key" value="([0-9a-f]{32})"', page)
    assert found
    return found[1]


def before_of(page: str) -> str:
    found = re.search(r'name="before" value="([^"]+)"', page)
    assert found
    return found[1]


def test_p3_staff_make_a_customer_without_a_password(scene: Scene) -> None:
    window = Window(scene.agent.user)
    key = key_of(window.reads("admin-customer-add"))
    typed = {"first_name": "Nel", "last_name": "Nieuw", "email": "nel@nieuw.example", "form_key": key}
    made = window.sends("admin-customer-add", **typed)
    nel = User.objects.get(email="nel@nieuw.example")
    assert made["Location"] == reverse("admin-customer", args=[nel.pk])
    assert not nel.has_usable_password()
    assert Invitation.objects.filter(user=nel).count() == 1
    # The back button, and the same form once more.
    assert window.sends("admin-customer-add", **typed).status_code == 302
    assert User.objects.filter(first_name="Nel").count() == 1


def test_p3_a_form_that_is_wrong_says_where_and_keeps_what_was_typed(scene: Scene) -> None:
    window = Window(scene.agent.user)
    answer = window.sends("admin-customer-add", first_name="Nel", last_name="", email="no mail")
    assert answer.status_code == 400
    page = answer.content.decode()
    assert 'value="Nel"' in page
    assert 'value="no mail"' in page
    assert "This is not an e-mail address" in page
    taken = window.sends(
        "admin-customer-add", first_name="Nel", email=scene.world.customer(email="a@b.example").user.email
    )
    assert taken.status_code == 409


def test_p4_a_company_comes_with_its_owner(scene: Scene) -> None:
    window = Window(scene.manager.user)
    window.sends("admin-customer-add", first_name="Baas", email="baas@garage.example", organisation="Garage Noord")
    company = Organisation.objects.get(name="Garage Noord")
    assert company.memberships.get(role="owner").user.email == "baas@garage.example"


def test_a1_details_are_changed_and_the_change_is_audited(scene: Scene) -> None:
    window = Window(scene.agent.user)
    page = window.reads("admin-customer-edit", scene.customer.id)
    typed = {
        **DETAILS,
        "mobile": "06 12 34 56 78",
        "birth_date": "1980-12-31",
        "city": "Ütrecht",
        "before": before_of(page),
    }
    assert window.sends("admin-customer-edit", scene.customer.id, **typed).status_code == 302
    user = User.objects.get(pk=scene.customer.id)
    assert (user.last_name, user.email, user.mobile) == ("Bos", "sanne@bos.example", "+31612345678")
    assert user.customer_profile.city == "Ütrecht"
    fact = AuditEntry.objects.get(fact="people.customer.changed")
    assert set(fact.detail["fields"]) == {"last_name", "email", "mobile", "birth_date", "city"}


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("birth_date", "2999-01-01", "This date is in the future"),
        ("email", "nobody", "This is not an e-mail address"),
        ("mobile", "12", "This is not a mobile number"),
        ("first_name", "http://spam.example", "This is not a name"),
        ("city", "x" * 81, "This is too long"),
    ],
)
def test_p1_bad_details_are_told_beside_their_field(scene: Scene, field: str, value: str, says: str) -> None:
    window = Window(scene.agent.user)
    before = before_of(window.reads("admin-customer-edit", scene.customer.id))
    answer = window.sends("admin-customer-edit", scene.customer.id, **{**DETAILS, field: value, "before": before})
    assert answer.status_code == 400
    assert says in answer.content.decode()
    assert User.objects.get(pk=scene.customer.id).last_name == "de Vries"


def test_a1_two_tabs_the_second_is_told_what_changed_and_keeps_what_was_typed(scene: Scene) -> None:
    first, second = Window(scene.agent.user), Window(scene.owner.user)
    opened = before_of(first.reads("admin-customer-edit", scene.customer.id))
    theirs = {**DETAILS, "city": "Utrecht", "before": before_of(second.reads("admin-customer-edit", scene.customer.id))}
    assert second.sends("admin-customer-edit", scene.customer.id, **theirs).status_code == 302
    answer = first.sends("admin-customer-edit", scene.customer.id, **{**DETAILS, "city": "Zwolle", "before": opened})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody else changed this in the meantime" in page
    assert "Changed meanwhile to: Utrecht" in page
    assert 'value="Zwolle"' in page
    again = {**DETAILS, "city": "Zwolle", "before": before_of(page)}
    assert first.sends("admin-customer-edit", scene.customer.id, **again).status_code == 302
    assert User.objects.get(pk=scene.customer.id).customer_profile.city == "Zwolle"


def test_p6_binding_to_a_colleague_and_nobody_else(scene: Scene) -> None:
    window, pk = Window(scene.agent.user), scene.customer.id
    assert window.sends("admin-customer-bind", pk, department="", agent="", exclusive="1").status_code == 400
    foreign = str(scene.stranger.id)
    assert window.sends("admin-customer-bind", pk, department="", agent=foreign).status_code == 400
    done = window.sends("admin-customer-bind", pk, agent=str(scene.colleague.id), department="", exclusive="1")
    profile = User.objects.get(pk=pk).customer_profile
    assert (profile.bound_agent_id, profile.bound_department_id, profile.exclusive) == (scene.colleague.id, None, True)
    assert done["Location"] in (reverse("admin-customer", args=[pk]), reverse("admin-customers"))
    assert AuditEntry.objects.filter(fact="people.customer.bound").count() == 1


def test_p9_shutting_an_account_is_for_managers_and_owners(scene: Scene) -> None:
    pk = scene.customer.id
    Window(scene.agent.user).sends("admin-customer-suspend", pk, on="1")
    assert User.objects.get(pk=pk).is_active
    Window(scene.manager.user).sends("admin-customer-suspend", pk, on="1")
    assert not User.objects.get(pk=pk).is_active
    Window(scene.manager.user).sends("admin-customer-suspend", pk, on="")
    assert User.objects.get(pk=pk).is_active


def test_p9_staff_sign_a_customer_out(scene: Scene) -> None:
    now, user = clock.now(), scene.customer.user
    device, other = (
        SignedInDevice.objects.create(user=who, kind="browser", means="code", created_at=now, last_seen_at=now)
        for who in (user, scene.other.user)
    )
    window, version = Window(scene.agent.user), User.objects.get(pk=user.pk).rights_version
    assert window.sends("admin-customer-device-end", user.pk, other.pk).status_code == 404
    window.sends("admin-customer-device-end", user.pk, device.pk)
    device.refresh_from_db()
    assert device.ended_at is not None
    assert User.objects.get(pk=user.pk).rights_version > version
    window.sends("admin-customer-sign-out", user.pk)
    assert User.objects.get(pk=user.pk).sign_in_version == 2


def test_p1_the_sign_in_link_goes_to_whom_it_belongs(scene: Scene) -> None:
    User.objects.filter(pk=scene.customer.id).update(email="sanne@devries.example")
    Window(scene.agent.user).sends("admin-customer-link", scene.customer.id)
    assert OutboxMessage.objects.filter(to="sanne@devries.example").count() == 1
    assert AuditEntry.objects.filter(fact="people.sign_in_link.sent").count() == 1


def test_l6_credits_are_added_once_however_often_the_form_is_sent(scene: Scene) -> None:
    window, before_m = Window(scene.agent.user), balance_m(scene)
    typed = {"change": "add", "amount": "12,5", "reason": "Goodwill", "form_key": "k" * 32}
    for _ in range(2):
        assert window.sends("admin-customer-adjust", scene.customer.id, **typed).status_code == 302
    assert balance_m(scene) == before_m + 12_500
    taken = {"change": "take", "amount": "۲٫۵", "reason": "Mistake", "form_key": "l" * 32}
    window.sends("admin-customer-adjust", scene.customer.id, **taken)
    assert balance_m(scene) == before_m + 10_000
    assert AuditEntry.objects.filter(fact="credits.wallet.adjusted").count() == 2
    assert "Goodwill" in window.reads("admin-customer", scene.customer.id)
    assert "Goodwill</" not in Window(scene.customer.user).client.get("/wallet/").content.decode()


@pytest.mark.parametrize(
    ("amount", "reason"), [("", "x"), ("0", "x"), ("-5", "x"), ("1.2345", "x"), ("many", "x"), ("5", " "), ("1e9", "x")]
)
def test_l6_what_is_no_amount_or_has_no_reason_changes_nothing(scene: Scene, amount: str, reason: str) -> None:
    window, before_m = Window(scene.agent.user), balance_m(scene)
    answer = window.sends("admin-customer-adjust", scene.customer.id, change="add", amount=amount, reason=reason)
    assert answer.status_code in (400, 302)
    assert balance_m(scene) == before_m


def test_l6_more_than_there_is_cannot_be_taken(scene: Scene) -> None:
    window, before_m = Window(scene.agent.user), balance_m(scene)
    answer = window.sends("admin-customer-adjust", scene.customer.id, change="take", amount="400", reason="x")
    assert answer.status_code == 402
    assert "not enough credits" in answer.content.decode()
    assert balance_m(scene) == before_m


def test_l6_above_the_limit_a_second_person_approves(scene: Scene) -> None:
    window, before_m = Window(scene.agent.user), balance_m(scene)
    typed = {"change": "add", "amount": "600", "reason": "Moved from the old system", "form_key": "m" * 32}
    for _ in range(2):
        window.sends("admin-customer-adjust", scene.customer.id, **typed)
    approval = Approval.objects.get()
    assert balance_m(scene) == before_m
    assert window.sends("admin-approve", approval.pk).status_code == 302
    assert Window(scene.stranger.user).sends("admin-approve", approval.pk).status_code == 404
    assert balance_m(scene) == before_m
    manager = Window(scene.manager.user)
    assert "Moved from the old system" in manager.reads("admin-approvals")
    for _ in range(2):
        manager.sends("admin-approve", approval.pk)
    assert balance_m(scene) == before_m + 600_000
    approval.refresh_from_db()
    assert (approval.state, approval.answered_by_id) == ("approved", scene.manager.id)


def test_l6_what_is_declined_or_withdrawn_never_happens(scene: Scene) -> None:
    window, before_m = Window(scene.agent.user), balance_m(scene)
    for key in ("a", "b"):
        typed = {"change": "add", "amount": "600", "reason": "x", "form_key": key * 32}
        window.sends("admin-customer-adjust", scene.customer.id, **typed)
    first, second = Approval.objects.order_by("pk")
    window.sends("admin-decline", first.pk)
    Window(scene.owner.user).sends("admin-decline", second.pk)
    assert list(Approval.objects.order_by("pk").values_list("state", flat=True)) == ["withdrawn", "declined"]
    Window(scene.owner.user).sends("admin-approve", second.pk)
    assert balance_m(scene) == before_m


def test_l6_the_owner_may_set_a_limit_for_owners_too(scene: Scene) -> None:
    """With it, one owner's request waits for another owner; without it an owner has no limit."""
    window, before_m = Window(scene.owner.user), balance_m(scene)
    window.sends("admin-customer-adjust", scene.customer.id, change="add", amount="9000", reason="x", form_key="n" * 32)
    assert balance_m(scene) == before_m + 9_000_000
    HubSetting.objects.create(name="owner_credits_max", value=100)
    snapshots.forget_all()
    window.sends("admin-customer-adjust", scene.customer.id, change="add", amount="101", reason="x", form_key="o" * 32)
    approval = Approval.objects.get()
    window.sends("admin-approve", approval.pk)
    assert balance_m(scene) == before_m + 9_000_000
    Window(people.make_owner("Nog Een")).sends("admin-approve", approval.pk)
    assert balance_m(scene) == before_m + 9_101_000


def test_m6_a_chat_is_refunded_on_its_page(scene: Scene) -> None:
    window, before_m = Window(scene.agent.user), balance_m(scene)
    assert "Give credits back" in window.reads("admin-chat", scene.chat.pk)
    bad = window.sends("admin-chat-refund", scene.chat.pk, amount="2", reason="other", text="")
    assert bad.status_code == 400
    typed = {"amount": "2", "reason": "not_solved", "form_key": "p" * 32}
    for _ in range(2):
        window.sends("admin-chat-refund", scene.chat.pk, **typed)
    assert balance_m(scene) == before_m + 2_000
    assert (
        Window(scene.owner.user).sends("admin-chat-refund", scene.chat.pk, amount="999", reason="quality").status_code
        == 409
    )


def test_m6_a_refund_above_the_limit_waits_in_the_same_queue(scene: Scene, settings: object) -> None:
    settings.REFUND_LIMITS_MILLICREDITS = {"agent": 1_000, "manager": 5_000, "owner": None}  # type: ignore[attr-defined]
    before_m = balance_m(scene)
    Window(scene.agent.user).sends("admin-chat-refund", scene.chat.pk, amount="2", reason="quality", form_key="q" * 32)
    approval = Approval.objects.get(what="refund")
    assert balance_m(scene) == before_m
    Window(scene.manager.user).sends("admin-approve", approval.pk)
    assert balance_m(scene) == before_m + 2_000
    scene.chat.refresh_from_db()
    assert (scene.chat.summary or {})["charged_m"] == 4_000


def test_p12_a_vip_sees_no_balance_and_staff_switch_it(scene: Scene) -> None:
    Window(scene.agent.user).sends("admin-customer-vip", scene.customer.id, on="1")
    assert not User.objects.get(pk=scene.customer.id).vip
    manager = Window(scene.manager.user)
    manager.sends("admin-customer-vip", scene.customer.id, on="1")
    assert User.objects.get(pk=scene.customer.id).vip
    assert "A VIP works without credits" in manager.reads("admin-customer", scene.customer.id)
    manager.sends("admin-customer-vip", scene.customer.id, on="")
    manager.sends("admin-organisation-vip", scene.company.pk, on="1")
    assert Organisation.objects.get(pk=scene.company.pk).vip


def test_a1_notes_are_for_staff_and_changed_by_who_wrote_them(scene: Scene) -> None:
    window, pk = Window(scene.agent.user), scene.customer.id
    window.sends("admin-customer-note", pk, text="Calls back after 16:00.", form_key="r" * 32)
    window.sends("admin-customer-note", pk, text="Calls back after 16:00.", form_key="r" * 32)
    note = StaffNote.objects.get()
    assert "Calls back after 16:00." in Window(scene.manager.user).reads("admin-customer", pk)
    Window(scene.manager.user).sends("admin-note", note.pk, text="Something else")
    note.refresh_from_db()
    assert note.text == "Calls back after 16:00."
    window.sends("admin-note", note.pk, text="Never calls back.")
    note.refresh_from_db()
    assert (note.text, note.edited_at is None) == ("Never calls back.", False)
    assert Window(scene.stranger.user).sends("admin-note", note.pk, text="x").status_code == 404
    Window(scene.manager.user).sends("admin-note", note.pk, remove="1")
    assert not StaffNote.objects.exists()
    window.sends("admin-organisation-note", scene.company.pk, text="Pays late.")
    assert "Pays late." in window.reads("admin-organisation", scene.company.pk)


def test_p10_only_the_owner_erases_and_only_whom_they_name(scene: Scene) -> None:
    pk = scene.other.id
    assert Window(scene.manager.user).sends("admin-customer-erase", pk, login="x").status_code == 403
    owner = Window(scene.owner.user)
    assert owner.sends("admin-customer-erase", pk, login="12345678").status_code == 400
    owner.sends("admin-customer-erase", pk, login=scene.other.user.login_number)
    assert User.objects.get(pk=pk).erased_at is not None
    assert owner.asks("admin-customer", pk).status_code == 404


def test_p4_staff_in_charge_look_after_the_personnel(scene: Scene) -> None:
    window, company = Window(scene.manager.user), scene.company
    unit = company.units.get()
    window.sends("admin-organisation-unit", company.pk, name="Winkel")
    shop = company.units.get(name="Winkel")
    window.sends(
        "admin-organisation-member", company.pk, scene.customer.id, role="manager", unit=str(shop.pk), limit="50"
    )
    member = company.memberships.get(user=scene.customer.id)
    assert (member.role, member.unit_id) == ("manager", shop.pk)
    assert "50.0" in window.reads("admin-organisation", company.pk)
    window.sends("admin-organisation-suspend", company.pk, scene.customer.id, on="1")
    assert company.memberships.get(user=scene.customer.id).suspended
    invited = {"first_name": "Ivo", "email": "ivo@x.example", "role": "employee", "unit": str(unit.pk), "limit": ""}
    assert window.sends("admin-organisation-invite", company.pk, **invited).status_code == 302
    assert "ivo@x.example" in window.reads("admin-organisation", company.pk)
    window.sends("admin-organisation-remove", company.pk, scene.customer.id)
    assert not company.memberships.filter(user=scene.customer.id).exists()
    assert Window(scene.agent.user).asks("admin-organisation-invite", company.pk).status_code == 404


def test_x4_exports_are_safe_to_open(scene: Scene) -> None:
    User.objects.filter(pk=scene.manager.id).update(display_name="=HYPERLINK(1)")
    Window(scene.manager.user).sends("admin-customer-suspend", scene.customer.id, on="1")
    facts = Window(scene.owner.user).asks("admin-audit-file").content.decode()
    assert "'=HYPERLINK(1)" in facts
    lines = Window(scene.agent.user).asks("admin-customer-lines", scene.customer.id)
    assert lines["Content-Type"].startswith("text/csv")
    assert lines.content.decode().count("\r\n") >= 3


def test_p4_staff_in_charge_rename_and_remove_units(scene: Scene) -> None:
    window, company = Window(scene.manager.user), scene.company
    window.sends("admin-organisation-unit", company.pk, name="Winkel")
    shop, full = company.units.get(name="Winkel"), company.units.exclude(name="Winkel").get()
    window.sends("admin-organisation-unit", company.pk, do="rename", unit=shop.pk, name="Magazijn")
    assert "Magazijn" in window.reads("admin-organisation", company.pk)
    window.sends("admin-organisation-unit", company.pk, do="remove", unit=full.pk)  # there are people in it
    assert company.units.count() == 2
    window.sends("admin-organisation-unit", company.pk, do="remove", unit=shop.pk)
    assert list(company.units.all()) == [full]
    elsewhere = people.make_organisation().unit
    for do in ("rename", "remove"):
        window.sends("admin-organisation-unit", company.pk, do=do, unit=elsewhere.pk, name="x")
    elsewhere.refresh_from_db()
    assert elsewhere.name == "Administratie"


def test_p3_p4_staff_in_charge_send_an_invitation_again_and_take_it_back(scene: Scene) -> None:
    window, company = Window(scene.manager.user), scene.company
    unit = str(company.units.get().pk)
    invited = {"first_name": "Ivo", "email": "ivo@x.example", "role": "employee", "unit": unit}
    window.sends("admin-organisation-invite", company.pk, **invited)
    made = company.invitations.get()
    window.sends("admin-organisation-invitation", company.pk, made.pk, do="again")
    assert purposes("ivo@x.example") == ["invitation", "invitation"]
    other = people.make_organisation().organisation
    assert window.sends("admin-organisation-invitation", other.pk, made.pk, do="withdraw").status_code == 404
    window.sends("admin-organisation-invitation", company.pk, made.pk, do="withdraw")
    made.refresh_from_db()
    assert made.withdrawn_at is not None
    assert "ivo@x.example" not in window.reads("admin-organisation", company.pk)
    assert window.sends("admin-organisation-invitation", company.pk, made.pk, do="again").status_code == 404
