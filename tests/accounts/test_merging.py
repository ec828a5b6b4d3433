"""A1: two accounts of one customer become one; the books are moved by a transfer, never rewritten."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chat.models import Message, Session
from credits.models import Transfer
from hub.accounts.actions import erasure
from hub.accounts.actions.merging import merge, preview_merge
from hub.accounts.errors import CannotMerge
from hub.accounts.models import AuditEntry, Membership, User
from hub.accounts.staff_notes import StaffNote
from hub.base import clock
from hub.base.errors import Forbidden, NotFound
from hub.base.registries import audits
from hub.site.models import ExternalIdentity, Website
from tests import people
from tests.accounts.test_privacy import a_chat
from tests.builders import World, a_world, committed


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with a_world() as made:
        yield made


def test_a1_everything_of_the_one_is_of_the_other(world: World) -> None:
    """Chats with what was said, credits, notes, site users, addresses that the other lacked; the books add up."""
    gone, _, chat = a_chat(world)
    kept = world.customer("Sanne de Vries-Bakker", credits=5)
    owner = world.owner()
    website = Website.objects.create(name="Shop")
    ExternalIdentity.objects.create(website=website, sub="7", user=gone.user, created_at=clock.now())
    StaffNote.objects.create(about_user=gone.user, author=owner.user, text="Likes tea", created_at=clock.now())
    before, lines = gone.balance_m + kept.balance_m, Transfer.objects.count()
    shown = preview_merge(owner.person, kept.id, gone.id)
    assert shown.obstacles == []
    assert any("credits" in line for line in shown.moves)
    assert any("sanne@example.com" in line for line in shown.moves)
    with committed():
        merge(owner.person, kept.id, gone.id)
    assert Session.objects.get(pk=chat.pk).customer_id == kept.id
    said = Message.objects.filter(session=chat, author_kind="visitor")
    assert set(said.values_list("author", flat=True)) == {kept.id}
    assert (gone.balance_m, kept.balance_m) == (0, before)
    moved = Transfer.objects.order_by("pk")[lines:]
    assert {(line.reason, line.lot) for line in moved} == {("merge", "granted")}
    user = User.objects.get(pk=kept.id)
    assert (user.email, user.last_name) == ("sanne@example.com", "de Vries-Bakker")
    left = User.objects.get(pk=gone.id)
    assert (left.is_active, left.email, left.merged_into_id) == (False, None, kept.id)
    assert user.staff_notes.count() == user.external_identities.count() == 1
    assert AuditEntry.objects.filter(fact="people.customer.merged").count() == 2
    assert [offence for audit in audits for offence in audit.find()] == []


def test_a1_paid_credits_stay_paid_and_granted_ones_keep_their_day(world: World) -> None:
    from credits.ledger.accounts import house_account
    from credits.ledger.transfers import Movement, post

    gone, kept, owner = world.customer(), world.customer("Tom Visser"), world.owner()
    gone.gets_credits(0.001)
    wallet = gone.user.wallet.pk
    day = clock.now().replace(microsecond=0)
    for key, lot, until in (("a", "paid", None), ("b", "granted", day.replace(year=day.year + 1))):
        source = house_account("clearing")
        post(key, Movement(source, wallet, 7_000, "purchase", "system", lot=lot, expires_at=until))
    with committed():
        merge(owner.person, kept.id, gone.id)
    moved = Transfer.objects.filter(reason="merge").values_list("lot", "expires_at", "amount_m")
    assert set(moved) == {
        ("paid", None, 7_000),
        ("granted", day.replace(year=day.year + 1), 7_000),
        ("granted", None, 1),
    }


def test_a1_x1_by_who_is_in_charge_of_customers_they_see(world: World) -> None:
    department = world.department()
    one, other = (world.customer(name, department=department) for name in ("Sanne de Vries", "Tom Visser"))
    stranger = world.customer("Willem Bakker")
    manager, agent = world.manager(department), world.agent(department)
    for who in (agent, one):
        with pytest.raises(Forbidden):
            merge(who.person, one.id, other.id)
    for pair in ((one.id, stranger.id), (stranger.id, one.id), (one.id, one.id), (one.id, agent.id), (one.id, 10**9)):
        with pytest.raises(NotFound):
            merge(manager.person, *pair)
    merge(manager.person, one.id, other.id)
    with pytest.raises(NotFound):
        merge(manager.person, one.id, other.id)


def test_a1_p10_who_asked_to_be_erased_is_not_merged(world: World) -> None:
    """What was theirs would stay under the other account; or the other account would be erased as well."""
    asked, other, owner = world.customer(), world.customer("Tom Visser"), world.owner()
    erasure.ask_erasure(asked.person, asked.user)
    for pair in ((other.id, asked.id), (asked.id, other.id)):
        with pytest.raises(CannotMerge):
            merge(owner.person, *pair)


def test_a1_what_is_in_the_way_is_said(world: World) -> None:
    owner = world.owner()
    gone, kept = world.customer(), world.customer("Tom Visser")
    chat = gone.starts(world.department(), "Hello")
    with pytest.raises(CannotMerge) as refused:
        merge(owner.person, kept.id, gone.id)
    assert "chat" in str(refused.value.params["reasons"])
    gone.ends(chat)
    company, elsewhere = people.make_organisation(), people.make_organisation()
    for pair in ((kept.id, company.employee.pk), (elsewhere.employee.pk, company.employee.pk)):
        with pytest.raises(CannotMerge):
            merge(owner.person, *pair)
    with pytest.raises(CannotMerge):
        merge(owner.person, company.employee.pk, company.owner.pk)
    with committed():
        merge(owner.person, company.manager.pk, company.employee.pk)
    assert not Membership.objects.filter(user=company.employee).exists()
    assert Membership.objects.get(user=company.manager).role == "manager"


def test_a1_p10_who_is_erased_is_erased_with_the_accounts_that_were_merged(world: World) -> None:
    gone, _, _ = a_chat(world)
    kept, owner = world.customer("Sanne Bakker"), world.owner()
    merge(owner.person, kept.id, gone.id)
    with committed():
        erasure.erase_now(owner.person, User.objects.get(pk=kept.id))
    left = User.objects.get(pk=gone.id)
    assert left.erased_at is not None
    assert (left.first_name, left.last_name) == ("", "")
