"""What the journeys with credits begin with, and what must hold whatever happened in them."""

from chat.models import Session
from credits.metering.audit import find_offences
from hub.accounts.models import Department
from tests.builders import Actor, World, receipt


def running(
    world: World, *, credits: float, price_m: int = 1000, **terms: int
) -> tuple[Department, Actor, Actor, Session]:
    """A chat in which the agent has just answered."""
    support = world.department(price_m=price_m, **terms)
    marko, sanne = world.agent(support), world.customer(credits=credits)
    chat = sanne.starts(support, "Hello?")
    marko.accepts(chat)
    marko.says(chat, "Hello!")
    world.dispatches()
    return support, marko, sanne, chat


def adds_up(chat: Session, sanne: Actor, had_m: int) -> bool:
    """What the receipt says is what left the wallet, and the audit finds nothing."""
    return receipt(chat)["charged_m"] == had_m - sanne.balance_m and not list(find_offences())
