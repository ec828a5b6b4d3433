"""What an agent chooses to be: online, away, busy or offline (D1). Whether they are there at all, the leases say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from chat.models import AgentPresence
from chat.permissions import require_staff
from chat.wire import incoming
from hub.accounts.public import StaffProfile
from hub.base import clock
from hub.base.publish import wake

if TYPE_CHECKING:
    from hub.accounts.access import Person


@transaction.atomic
def set_status(*, actor: Person, frame: incoming.PresenceSet) -> dict[str, object]:
    """The same in every tab and device of the agent. Going offline gives waiting customers back (C4)."""
    presence = _presence_of(require_staff(actor))
    at = clock.now()
    if frame.status != presence.status:
        if frame.status == "online":
            presence.idle_since = at
        presence.status, presence.changed_at = frame.status, at
    if frame.capacity is not None:
        presence.capacity = frame.capacity
    presence.save()
    wake("queue")
    wake("presence")  # who goes offline gives waiting customers back: jobs.watch
    return {"status": presence.status, "capacity": presence.capacity}


def _presence_of(user_id: int) -> AgentPresence:
    at = clock.now()
    AgentPresence.objects.bulk_create(
        [AgentPresence(user_id=user_id, capacity=_capacity(user_id), idle_since=at, changed_at=at)],
        ignore_conflicts=True,
    )
    return AgentPresence.objects.get(pk=user_id)


def _capacity(user_id: int) -> int:
    profile = StaffProfile.objects.filter(pk=user_id).first()
    return profile.capacity if profile else 4
