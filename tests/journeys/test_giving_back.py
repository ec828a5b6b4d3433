"""Blocks that are waived, refunds, and what the receipt says of them (M8, M6, C12)."""

import pytest

from chat.actions import refunds
from credits.errors import AboveLimit
from credits.metering.hub_time import beat
from hub.accounts.models import AuditEntry
from hub.base import clock
from hub.base.errors import Ended, Forbidden
from tests.builders import World, committed, frames, now_of, receipt
from tests.journeys.paid import adds_up, running


def test_an_agent_waives_blocks(world: World) -> None:
    """M8: what was charged comes back, the coming ones are free."""
    _, marko, sanne, chat = running(world, credits=10)
    world.runs(seconds=70)
    assert sanne.balance_m == 8_000
    marko.waives(chat, 3)
    assert sanne.balance_m == 10_000
    world.runs(seconds=60)
    assert sanne.balance_m == 10_000
    world.runs(seconds=60)
    assert sanne.balance_m == 9_000


def test_blocks_that_are_waived_after_the_end_are_in_the_receipt(world: World) -> None:
    """M8, C12: the cost summary equals the ledger, and the customer is told."""
    _, marko, sanne, chat = running(world, credits=10)
    world.runs(seconds=130)
    sanne.ends(chat)
    world.dispatches()
    assert receipt(chat)["charged_m"] == 3_000
    marko.waives(chat, 1)
    assert adds_up(chat, sanne, 10_000)
    told = frames(world.published, "session", topic=f"s:{chat.pk}:customer")[-1].frame
    assert told["summary"]["charged_m"] == 2_000


def test_long_after_the_end_nothing_is_waived(world: World) -> None:
    """M8, M6: then it is a refund, with the limits of one's role."""
    _, marko, sanne, chat = running(world, credits=10)
    world.runs(seconds=130)
    sanne.ends(chat)
    world.dispatches()
    world.is_down(minutes=14)
    marko.waives(chat, 1)
    world.is_down(minutes=2)
    with pytest.raises(Ended):
        marko.waives(chat, 1)
    assert receipt(chat)["charged_m"] == 2_000
    assert adds_up(chat, sanne, 10_000)


def test_what_an_agent_gives_away_is_in_the_audit_log(world: World) -> None:
    """M4, M8: who, of which conversation, how much and why; a refusal is no gift."""
    _, marko, _, chat = running(world, credits=10)
    marko.grants(chat, 60, "a slow line")
    marko.waives(chat, 2, "our fault")
    with pytest.raises(AboveLimit):
        marko.waives(chat, 1_000)
    noted = AuditEntry.objects.filter(actor=marko.user, target_id=str(chat.pk)).order_by("pk")
    assert list(noted.values_list("fact", "detail", "note__text")) == [
        ("chat.meter.granted", {"seconds": 60}, "a slow line"),
        ("chat.meter.waived", {"blocks": 2}, "our fault"),
    ]


def test_a_refund_while_a_reopened_chat_waits_leaves_its_receipt_to_the_end(world: World) -> None:
    """M6, C12: the refund lets the customer go on, and what is charged then is in the receipt as well."""
    _, marko, sanne, chat = running(world, credits=2)
    world.runs(minutes=5)
    sanne.reopens(chat)
    assert now_of(chat) == ("waiting", "payment")
    with committed():
        owner = world.owner().person
        refunds.refund(actor=owner, session_id=chat.pk, amount_m=1_000, reason="goodwill", key="1")
    world.dispatches()
    marko.accepts(chat)
    marko.says(chat, "Here again")
    world.is_down(seconds=1)
    beat(clock.now())
    sanne.ends(chat)  # the first block has begun and is not charged yet
    world.dispatches()
    assert adds_up(chat, sanne, 2_000)
    assert receipt(chat)["charged_m"] == 2_000


def test_two_of_staff_who_use_the_same_key_make_two_refunds(world: World) -> None:
    """M6, L2: a key is its sender's own; the second refund must not be taken for the first."""
    support, marko, sanne, chat = running(world, credits=10)
    world.runs(seconds=130)
    sanne.ends(chat)
    world.dispatches()
    for who in (marko, world.manager(support), marko):
        with committed():
            refunds.refund(actor=who.person, session_id=chat.pk, amount_m=500, reason="goodwill", key="1")
    assert receipt(chat)["charged_m"] == 2_000
    assert adds_up(chat, sanne, 10_000)


def test_only_the_agent_of_the_session_touches_its_meter(world: World) -> None:
    """M8, P5."""
    support, _, _, chat = running(world, credits=10)
    for other in (world.manager(support), world.owner()):
        for deed in (other.pauses, other.resumes, other.waives, lambda one, who=other: who.grants(one, 60)):
            with pytest.raises(Forbidden):
                deed(chat)


def test_not_solved_asks_for_a_refund_in_one_step(world: World) -> None:
    """C12, M6: the rating may be given again; yes takes the request back."""
    _, _, sanne, chat = running(world, credits=20)
    sanne.ends(chat)
    sanne.rates(chat, 2, solved="no", comment="It still burns")
    chat.refresh_from_db()
    assert (chat.rating, chat.solved, chat.refund_asked_at is not None) == (2, "no", True)
    sanne.rates(chat, 4, solved="yes")
    chat.refresh_from_db()
    assert (chat.rating, chat.comment, chat.refund_asked_at) == (4, "It still burns", None)
