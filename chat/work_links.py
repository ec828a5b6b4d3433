"""What live sessions add to whom staff may see (P5): the customers of the sessions they may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from chat.models import Session
from hub.accounts.public import WorkLink, work_links

if TYPE_CHECKING:
    from hub.accounts.access import Person


def _customers(person: Person) -> Q:
    return Q(pk__in=Session.objects.visible_to(person).values("customer"))


def register() -> None:
    work_links.register(WorkLink("chat", _customers))
