"""Announcements in the portal (D4): on home, as a list, one by one. Opening one counts as seen."""

from __future__ import annotations

from typing import Final

from django.http import Http404
from django.utils import translation

from hub.accounts.public import Person
from hub.base.errors import NotFound
from hub.site.public import AnnouncementView, get_announcement, note_seen, published_announcements

ON_HOME: Final = 3
SHOWN_MAX: Final = 100


def newest(person: Person) -> list[AnnouncementView]:
    return published_announcements(person, language=_language(), limit=ON_HOME)


def all_of(person: Person) -> list[AnnouncementView]:
    return published_announcements(person, language=_language(), limit=SHOWN_MAX)


def open_one(person: Person, announcement_id: int) -> AnnouncementView:
    """Raises Http404, also for what is not meant for this person."""
    try:
        found = get_announcement(person, announcement_id, _language())
    except NotFound as error:
        raise Http404 from error
    if not found.seen:
        note_seen(person, [found.id])
    return found


def _language() -> str:
    return (translation.get_language() or "en").split("-")[0]
