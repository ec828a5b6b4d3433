"""What the home page of a customer shows, read in a fixed number of statements."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from chat.public import FreeAgents, LiveChat, PastChat, free_agents, live_chats, read_ended
from credits import public as money
from hub.accounts.public import Person, User
from hub.dashboard.portal.sentences import what_it_costs, who_is_free
from hub.site.public import openings

PAST_SHOWN: Final = 5
TEAM_SHOWN: Final = 8
# Less than so many minutes of chat is worth a word before one starts.
LOW_MINUTES: Final = 10


@dataclass(frozen=True, slots=True)
class Now:
    """Whom one can talk to at this moment, what that costs, and the chats that run."""

    free: str
    presence: str  # '', 'busy' or 'offline': the shape beside it
    cost: str  # '' where none is shown (P12)
    live: list[LiveChat]
    price: money.Price | None  # of the department that is asked first, or None as above
    balance_m: int | None = None  # None as above


@dataclass(frozen=True, slots=True)
class Member:
    name: str
    used_m: int
    most_m: int | None
    percent: int | None


@dataclass(frozen=True, slots=True)
class Team:
    """Those of it who used most; `used_m` is what all together used."""

    members: list[Member] = field(default_factory=list)
    used_m: int = 0


@dataclass(frozen=True, slots=True)
class Purse:
    """`seconds`: how long a chat can be for what is there; None where chats are free of charge."""

    available_m: int
    seconds: int | None
    low: bool
    left_m: int | None  # of the own limit, for members who have one (P4)

    @property
    def is_limited(self) -> bool:
        """The own limit ends before the organisation's credits do."""
        return self.left_m is not None and self.left_m < self.available_m


def greeting(name: str, at: datetime) -> str:
    """By the time of day where the reader is."""
    hour = timezone.localtime(at).hour
    if 5 <= hour < 12:
        return _("Good morning, %(name)s") % {"name": name}
    if 12 <= hour < 18:
        return _("Good afternoon, %(name)s") % {"name": name}
    if 18 <= hour < 24:
        return _("Good evening, %(name)s") % {"name": name}
    return _("Hello, %(name)s") % {"name": name}  # "good night" is a farewell


def read_now(person: Person, wallet: money.WalletView | None) -> Now:
    """`wallet` is None for who is shown no money (P12)."""
    departments = money.departments_offered(person)
    prices = money.prices_offered(departments)
    ids = [department.pk for department in departments]
    agents, opens_at = free_agents(ids), _opens_at(ids)
    return Now(
        free=who_is_free(agents, opens_at),
        presence="offline" if opens_at else _presence(agents),
        cost=what_it_costs(prices) if wallet else "",
        live=live_chats(person),
        price=next(iter(prices), None) if wallet else None,
        balance_m=wallet.available_m if wallet else None,
    )


def _presence(agents: FreeAgents) -> str:
    if agents.names:
        return ""
    return "busy" if agents.busy else "offline"


def _opens_at(department_ids: list[int]) -> datetime | None:
    """The first opening, when none is open now (C14)."""
    found = openings(department_ids).values()
    if any(opening.is_open for opening in found):
        return None
    return min((opening.changes_at for opening in found if opening.changes_at is not None), default=None)


def read_purse(wallet: money.WalletView | None, price: money.Price | None) -> Purse | None:
    if wallet is None:
        return None
    left_m = wallet.limit_left_m
    spendable_m = wallet.available_m if left_m is None else min(wallet.available_m, left_m)
    seconds = money.seconds_for(price, spendable_m)
    return Purse(
        available_m=wallet.available_m,
        seconds=seconds,
        low=seconds is not None and seconds < LOW_MINUTES * 60,
        left_m=left_m,
    )


def read_past(person: Person) -> list[PastChat]:
    return read_ended(person, PAST_SHOWN)


def read_team(person: Person, wallet: money.WalletView | None) -> Team:
    """Who used most this month, of those whom an owner or a manager sees (P4); nobody where nothing is metered."""
    if wallet is None or person.organisation_role not in ("owner", "manager"):
        return Team()
    unit_id = None if person.organisation_role == "owner" else person.unit_id or 0
    found, used_m = money.read_most_used(wallet.id, unit_id=unit_id, limit=TEAM_SHOWN)
    most_m = max((one.used_m for one in found), default=0)
    names = User.objects.in_bulk([one.user_id for one in found])
    members = [
        Member(names[one.user_id].name, one.used_m, one.most_m, _percent(one.used_percent, one.used_m, most_m))
        for one in found
    ]
    return Team(members, used_m)


def _percent(of_limit: int | None, used_m: int, most_m: int) -> int:
    """Of the own limit; without one, beside who used most."""
    if of_limit is not None:
        return of_limit
    return used_m * 100 // most_m if most_m else 0
