"""Announcements (D4): writing, publishing, withdrawing; who has seen them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from hub.base import clock
from hub.site.models import Announcement, AnnouncementSeen

if TYPE_CHECKING:
    from hub.accounts.public import Person


def note_seen(person: Person, announcement_ids: Iterable[int]) -> None:
    """Once per person; what they may not see is not counted."""
    if person.user_id is None:
        return
    at = clock.now()
    shown = Announcement.objects.visible_to(person, at).filter(pk__in=list(announcement_ids))
    AnnouncementSeen.objects.bulk_create(
        [AnnouncementSeen(announcement=one, user_id=person.user_id, at=at) for one in shown], ignore_conflicts=True
    )
