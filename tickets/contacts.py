"""With whom of the customer's organisation a ticket is talked about (T3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from hub.accounts.public import User
from tickets.errors import NotFound

if TYPE_CHECKING:
    from hub.accounts.public import Person

SHOWN_MAX = 200


def others_of(actor: Person, customer: User) -> QuerySet[User]:
    """The other people of the customer's own organisation whom the asker may see."""
    membership = getattr(customer, "membership", None)
    if membership is None:
        nobody: QuerySet[User] = User.objects.none()
        return nobody
    found: QuerySet[User] = User.objects.visible_to(actor).filter(
        kind=User.Kind.CUSTOMER, membership__organisation=membership.organisation_id, erased_at__isnull=True
    )
    others: QuerySet[User] = found.exclude(pk=customer.pk)
    return others


def choices_of(actor: Person, customer: User) -> list[tuple[str, str]]:
    """For a select, the customer first; nothing where there is nobody else."""
    rows = others_of(actor, customer).order_by("first_name", "last_name", "pk")[:SHOWN_MAX]
    found = [(str(row.pk), row.name) for row in rows]
    return [("", customer.name), *found] if found else []


def find_contact(actor: Person, customer: User, contact_id: int | None) -> User | None:
    """None is the customer. Raises NotFound."""
    if contact_id is None or contact_id == customer.pk:
        return None
    found = others_of(actor, customer).filter(pk=contact_id).first()
    if found is None:
        raise NotFound
    return found
