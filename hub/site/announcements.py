"""Announcements as their readers get them (D4): those that are meant for them, in their language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from hub.base import clock
from hub.base.errors import NotFound
from hub.site import prose
from hub.site.models import Announcement, AnnouncementSeen, AnnouncementText

if TYPE_CHECKING:
    from hub.accounts.public import Person
    from hub.site.models.announcements import AnnouncementQuerySet


@dataclass(frozen=True, slots=True)
class AnnouncementView:
    """`html` was cleaned when it was written. `language` is the text's, maybe not the reader's."""

    id: int
    title: str
    html: str
    language: str
    from_at: datetime
    until_at: datetime | None
    seen: bool

    @property
    def plain_text(self) -> str:
        """Its beginning, without tags."""
        return prose.to_text(self.html)


def published_announcements(
    person: Person | None, *, language: str, limit: int = 50, before: datetime | None = None
) -> list[AnnouncementView]:
    """What holds now for this person in the portal, newest first; older than `before` for a next page."""
    found = Announcement.objects.visible_to(person, clock.now()).filter(in_portal=True)
    if before is not None:
        found = found.filter(from_at__lt=before)
    return _views(found.order_by("-from_at", "-pk")[:limit], person, language)


def count_unseen(person: Person) -> int:
    found = Announcement.objects.visible_to(person, clock.now()).filter(in_portal=True)
    return found.exclude(seen__user=person.user_id).count()


def get_announcement(person: Person | None, announcement_id: int, language: str) -> AnnouncementView:
    """Raises NotFound, also for what this person may not see."""
    found = Announcement.objects.visible_to(person, clock.now()).filter(pk=announcement_id)
    views = _views(found[:1], person, language)
    if not views:
        raise NotFound
    return views[0]


def widget_announcement(person: Person | None, language: str) -> AnnouncementView | None:
    """The newest one that is to stand in the widget."""
    found = Announcement.objects.visible_to(person, clock.now()).filter(in_widget=True)
    return next(iter(_views(found.order_by("-from_at", "-pk")[:1], person, language)), None)


def _seen_among(rows: list[Announcement], person: Person | None) -> set[int]:
    if person is None or person.user_id is None:
        return set()
    seen = AnnouncementSeen.objects.filter(announcement__in=rows, user=person.user_id)
    return set(seen.values_list("announcement_id", flat=True))


def _views(rows: AnnouncementQuerySet, person: Person | None, language: str) -> list[AnnouncementView]:
    found = list(rows.prefetch_related("texts"))
    seen = _seen_among(found, person)
    return [_view(row, text, row.pk in seen) for row in found if (text := text_for(row.texts.all(), language))]


def text_for(texts: Iterable[AnnouncementText], language: str) -> AnnouncementText | None:
    """In the reader's language, else the one that was written first."""
    ordered = sorted(texts, key=lambda text: text.pk)
    return next((text for text in ordered if text.language == language), ordered[0] if ordered else None)


def _view(row: Announcement, text: AnnouncementText, seen: bool) -> AnnouncementView:
    return AnnouncementView(
        id=row.pk,
        title=text.title,
        html=text.html,
        language=text.language,
        from_at=row.from_at,
        until_at=row.until_at,
        seen=seen,
    )
