"""What tickets add to whom staff may see (P5): the customers of the tickets they may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hub.accounts.public import WorkLink, is_among, work_links
from tickets.models import Follower, HandOver, Ticket
from tickets.permissions import unassigned

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from hub.accounts.public import Person


def _customers(person: Person, among: Sequence[int] | None) -> QuerySet[Any]:
    """Of Ticket.objects.visible_to(person), part by part, so that each is found by its own index."""
    kept = Ticket.objects.filter(deleted_at=None).values("customer")
    if among is not None:
        kept = kept.filter(is_among("customer", among))
    parts = [kept.filter(unassigned(person))]
    parts.append(kept.filter(pk__in=Follower.objects.filter(user=person.user_id).values("ticket")))
    if person.managed:
        asked = HandOver.objects.filter(state=HandOver.State.OPEN, to_department__in=person.managed)
        parts += [kept.filter(department__in=person.managed), kept.filter(pk__in=asked.values("ticket"))]
    return kept.filter(agent=person.user_id).union(*parts)


def register() -> None:
    work_links.register(WorkLink("tickets", _customers))
