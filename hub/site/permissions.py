"""Who may change how the hub is set up (P5), and who may see which announcement (D4)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from hub.accounts.public import CustomerProfile
from hub.base.errors import Forbidden

if TYPE_CHECKING:
    from hub.accounts.public import Person
    from hub.site.models.announcements import AnnouncementQuerySet


def require_owner(person: Person) -> None:
    """Raises Forbidden."""
    if not person.is_owner:
        raise Forbidden


def require_manager(person: Person, department_id: int) -> None:
    """The department's manager, or the hub owner. Raises Forbidden."""
    if not person.is_owner and not (person.is_staff and department_id in person.managed):
        raise Forbidden


def visible_announcements(
    announcements: AnnouncementQuerySet, person: Person | None, at: datetime
) -> AnnouncementQuerySet:
    """Those that are published, hold at this moment, and are meant for this person; nobody is a visitor."""
    holding = Q(state="published", from_at__lte=at) & (Q(until_at__isnull=True) | Q(until_at__gt=at))
    return announcements.filter(holding & _meant_for(person))


def _meant_for(person: Person | None) -> Q:
    meant = Q(audience="everybody")
    if person is None or person.kind not in ("customer", "staff"):
        return meant
    if person.is_staff:
        return meant | Q(audience="staff")
    meant |= Q(audience="customers")
    if person.organisation_id is not None:
        meant |= Q(audience="organisations")
    bound = CustomerProfile.objects.filter(pk=person.user_id, bound_department__isnull=False)
    return meant | Q(audience="department", department__in=bound.values("bound_department"))
