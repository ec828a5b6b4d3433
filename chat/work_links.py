"""What live sessions add to whom staff may see (P5): the customers of the sessions they may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chat.models import Session
from chat.states import State
from hub.accounts.public import WorkLink, is_among, work_links

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from hub.accounts.access import Person
    from hub.accounts.permissions import Among


def _customers(person: Person, among: Among) -> QuerySet[Any]:
    """Of Session.objects.visible_to(person), part by part, so that each is found by its own index.

    Whom one is bound to, and so their sessions, accounts knows itself; who shows earlier sessions is talked with now.
    """
    me, sessions = person.user_id, Session.objects.values("customer")
    if among is not None:
        sessions = sessions.filter(is_among("customer", among))
    waiting = sessions.filter(agent=None, department__in=person.departments).exclude(state=State.ENDED)
    parts = [
        sessions.filter(offered_to=me),
        sessions.filter(wrapup_agent=me),
        waiting.filter(only_agent=None),
        waiting.filter(only_agent=me),
    ]
    if person.managed:
        parts.append(sessions.filter(department__in=person.managed))
    return sessions.filter(agent=me).union(*parts)


def register() -> None:
    work_links.register(WorkLink("chat", _customers))
