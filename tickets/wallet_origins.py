"""Names the tickets that lines of a wallet come from (L5)."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from tickets.billing import Origin, Origins, origins
from tickets.models import Ticket

if TYPE_CHECKING:
    from hub.accounts.public import Person


def register() -> None:
    origins.register(Origins("tickets", _describe))


def _describe(person: Person, references: Collection[str]) -> dict[str, Origin]:
    numbers = [int(name) for one in references if (name := one.removeprefix("ticket:")) != one and name.isdecimal()]
    if not numbers:
        return {}
    seen = Ticket.objects.visible_to(person).filter(pk__in=numbers).select_related("customer")
    return {
        f"ticket:{ticket.pk}": Origin(
            title=_("Ticket %(number)s: %(subject)s") % {"number": ticket.number, "subject": ticket.subject},
            who=ticket.customer.name,
            url=reverse("desk-ticket" if person.is_staff else "ticket", args=[ticket.pk]),
        )
        for ticket in seen
    }
