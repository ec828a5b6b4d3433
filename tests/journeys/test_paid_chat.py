"""A paid chat from the first click to the receipt, as its people live it."""

from chat.models import Session
from tests.builders import World, frames, has_no_gap, now_of, receipt, transcript


def test_a_customer_is_helped_and_pays_by_the_block(world: World) -> None:
    """C1, C4, C5, C12, M2: nothing before the first reply, a block when it begins, the summary equals the ledger."""
    support = world.department(price_m=2000)
    marko = world.agent(support)
    sanne = world.customer(credits=10)

    chat = sanne.starts(support, "My printer is on fire", price_m=2000)
    assert now_of(chat) == ("queued", "")

    world.runs(seconds=5)
    assert now_of(chat) == ("offered", "")
    assert frames(world.published, "session.offer", topic=f"u:{marko.id}")

    marko.accepts(chat)
    world.runs(minutes=1)
    assert now_of(chat) == ("active", "")
    assert sanne.balance_m == 10_000, "waiting for the first reply costs nothing"

    marko.says(chat, "Which one?")
    world.runs(seconds=5)
    assert sanne.balance_m == 8_000, "the first block is charged when it begins"
    world.runs(seconds=60)
    assert sanne.balance_m == 6_000

    sanne.says(chat, "The big one")
    sanne.ends(chat)
    world.runs(seconds=5)
    chat.refresh_from_db()
    assert chat.end_reason == "customer"
    assert receipt(chat)["charged_m"] == 10_000 - sanne.balance_m == 4_000
    assert transcript(chat) == ["My printer is on fire", "[joined]", "Which one?", "The big one", "[ended]"]
    assert has_no_gap(chat)
    assert sanne.rates(chat, 5, solved="yes")["state"] == "ended"
    marko.wraps_up(chat)
    assert Session.objects.get(pk=chat.pk).outcome == "solved"
