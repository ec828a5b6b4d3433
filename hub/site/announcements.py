"""Announcements as their readers get them (D4): those that are meant for them, in their language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from hub.accounts.public import customer_of, is_among
from hub.base import clock
from hub.base.errors import NotFound
from hub.base.prepared import count_of, prepared
from hub.site import prose
from hub.site.models import Announcement, AnnouncementSeen, AnnouncementText

if TYPE_CHECKING:
    from hub.accounts.public import Person


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
    now = clock.now()
    if person is not None and before is None:
        of_member = person.organisation_id is not None
        found = _in_portal(person.kind, of_member, limit, user=person.user_id, at=now)
    else:
        rows = Announcement.objects.visible_to(person, now).filter(in_portal=True)
        if before is not None:
            rows = rows.filter(from_at__lt=before)
        found = list(rows.order_by("-from_at", "-pk")[:limit])
    return _views(found, person, language)


@prepared
def _in_portal(kind: str, of_member: bool, limit: int, *, user: int | None, at: datetime) -> QuerySet[Announcement]:
    found = Announcement.objects.visible_to(_reader(kind, of_member, user), at).filter(in_portal=True)
    return found.order_by("-from_at", "-pk")[:limit]


def count_unseen(person: Person) -> int:
    of_member = person.organisation_id is not None
    return sum(_unseen(person.kind, of_member, user=person.user_id, at=clock.now()))


@prepared
def _unseen(kind: str, of_member: bool, *, user: int | None, at: datetime) -> QuerySet[Announcement, int]:
    found = Announcement.objects.visible_to(_reader(kind, of_member, user), at).filter(in_portal=True)
    return count_of(found.exclude(seen__user=user))


def _reader(kind: str, of_member: bool, user: int | None) -> Person:
    """Who asks, as far as it matters for whom an announcement is meant."""
    one = customer_of("", user_id=user, organisation_id=user if of_member else None, unit_id=None)
    return replace(one, kind=kind)


def get_announcement(person: Person | None, announcement_id: int, language: str) -> AnnouncementView:
    """Raises NotFound, also for what this person may not see."""
    found = Announcement.objects.visible_to(person, clock.now()).filter(pk=announcement_id)
    views = _views(list(found[:1]), person, language)
    if not views:
        raise NotFound
    return views[0]


def widget_announcement(person: Person | None, language: str) -> AnnouncementView | None:
    """The newest one that is to stand in the widget."""
    found = Announcement.objects.visible_to(person, clock.now()).filter(in_widget=True)
    return next(iter(_views(list(found.order_by("-from_at", "-pk")[:1]), person, language)), None)


def _views(rows: Sequence[Announcement], person: Person | None, language: str) -> list[AnnouncementView]:
    if not rows:
        return []
    ids = [row.pk for row in rows]
    seen = set(_seen(ids=ids, user=person.user_id)) if person is not None and person.user_id is not None else set()
    texts: dict[int, list[AnnouncementText]] = {pk: [] for pk in ids}
    for one in _texts(ids=ids):
        texts[one.announcement_id].append(one)
    return [_view(row, text, row.pk in seen) for row in rows if (text := text_for(texts[row.pk], language))]


@prepared
def _seen(*, ids: list[int], user: int) -> QuerySet[AnnouncementSeen, int]:
    seen = AnnouncementSeen.objects.filter(is_among("announcement", ids), user=user)
    return seen.values_list("announcement_id", flat=True)


@prepared
def _texts(*, ids: list[int]) -> QuerySet[AnnouncementText]:
    return AnnouncementText.objects.filter(is_among("announcement", ids))


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
