"""Which tickets a list shows (T6): read from an address or a saved view, refused where it makes no sense."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal, cast

from django.db.models import Q

from hub.accounts.public import finding
from hub.base.errors import BadFrame
from tickets import states
from tickets.models import Follower
from tickets.tags import tidy

Sort = Literal["updated", "oldest", "number", "age", "priority", "due"]
# The order of each, ending with the number, so that no two are in the same place.
ORDERS: Final[dict[str, tuple[str, ...]]] = {
    "updated": ("-updated_at", "-pk"),
    "oldest": ("updated_at", "pk"),
    "number": ("-pk",),
    "age": ("awaits_since", "pk"),
    "priority": ("-priority", "-updated_at", "-pk"),
    "due": ("solve_due_at", "pk"),
}
# What has no place in an order is not in it: its index holds no others.
_ONLY: Final[dict[str, Q]] = {
    "age": Q(awaits_since__isnull=False),
    "priority": Q(status__in=states.LIVE),
    "due": Q(solve_due_at__isnull=False),
}
TEXT_CHARACTERS_MAX: Final = 100
_IDS: Final = ("department", "customer", "organisation", "category")


@dataclass(frozen=True, slots=True)
class Wanted:
    """`agent`: an id, `me`, `none` or nothing. `person`: words of a name, company, number or address."""

    text: str = ""
    title: str = ""
    person: str = ""
    number: int | None = None
    status: Sequence[str] = ()
    priority: Sequence[int] = ()
    ids: Mapping[str, int] = field(default_factory=dict)
    agent: str = ""
    tag: str = ""
    channel: str = ""
    since: datetime | None = None
    until: datetime | None = None
    waiting: bool = False
    breached: bool = False
    followed: bool = False
    sort: Sort = "updated"

    def narrowing(self, user_id: int | None) -> Q:
        """All but the text, which `searching` finds in its own way."""
        chosen = Q(**self.ids) & _ONLY.get(self.sort, Q())
        if self.number is not None:
            chosen &= Q(pk=self.number)
        if self.status:
            chosen &= Q(status__in=self.status) if len(self.status) > 1 else Q(status=self.status[0])
        if self.priority:
            chosen &= Q(priority__in=self.priority)
        if self.title:
            chosen &= Q(subject__icontains=self.title)
        if self.person:
            chosen &= Q(customer__in=finding.matching(self.person))
        return chosen & self._of_staff(user_id) & self._of_days()

    def _of_staff(self, user_id: int | None) -> Q:
        chosen = Q()
        if self.agent:
            chosen &= Q(agent=None) if self.agent == "none" else Q(agent=user_id if self.agent == "me" else self.agent)
        if self.tag:
            chosen &= Q(tags__contains=[self.tag])
        if self.channel:
            chosen &= Q(channel=self.channel)
        if self.waiting:
            chosen &= Q(awaits_since__isnull=False)
        if self.breached:
            chosen &= Q(breached=True)
        if self.followed:
            chosen &= Q(pk__in=Follower.objects.filter(user=user_id).values("ticket"))
        return chosen

    def _of_days(self) -> Q:
        chosen = Q()
        if self.since is not None:
            chosen &= Q(created_at__gte=self.since)
        if self.until is not None:
            chosen &= Q(created_at__lt=self.until)
        return chosen


def read(said: Mapping[str, Any]) -> Wanted:
    """From the parameters of an address, or a saved view. Raises BadFrame, naming the field that makes no sense."""
    return Wanted(
        text=_text(said, "q"),
        title=_text(said, "title"),
        person=_text(said, "person"),
        number=_number(said, "number"),
        status=_words(said, "status", states.Status.values, live=True),
        priority=[int(states.PRIORITIES[one]) for one in _words(said, "priority", states.PRIORITIES)],
        ids={name: found for name in _IDS if (found := _number(said, name)) is not None},
        agent=_agent(said),
        tag=next(iter(tidy([_text(said, "tag")])), ""),
        channel="".join(_words(said, "channel", states.Channel.values)[:1]),
        since=_moment(said, "since"),
        until=_moment(said, "until"),
        waiting=_yes(said, "waiting"),
        breached=_yes(said, "breached"),
        followed=_yes(said, "followed"),
        sort=cast("Sort", "".join(_words(said, "sort", ORDERS)[:1]) or "updated"),
    )


def _text(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name, "")
    if not isinstance(value, str):
        raise BadFrame(field=name)
    return " ".join(value.replace("\0", "").split())[:TEXT_CHARACTERS_MAX]


def _number(said: Mapping[str, Any], name: str) -> int | None:
    text = str(said.get(name, "") or "")
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 18):
        raise BadFrame(field=name)
    return int(text)


def _words(said: Mapping[str, Any], name: str, known: Any, *, live: bool = False) -> list[str]:
    """Separated by commas."""
    words = [one for one in _text(said, name).split(",") if one]
    if live and words == ["live"]:
        return list(states.LIVE)
    if any(word not in known for word in words):
        raise BadFrame(field=name)
    return words


def _agent(said: Mapping[str, Any]) -> str:
    text = _text(said, "agent")
    return text if text in ("", "me", "none") else str(_number(said, "agent"))


def _moment(said: Mapping[str, Any], name: str) -> datetime | None:
    text = _text(said, name)
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError as wrong:
        raise BadFrame(field=name) from wrong
    if found.tzinfo is None:
        raise BadFrame(field=name)
    return found


def _yes(said: Mapping[str, Any], name: str) -> bool:
    return str(said.get(name, "")).lower() in ("1", "true", "yes")
