"""Locks the session that an action is about: first of all, before meters (docs/how/locking.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q

from chat.models import Session
from chat.permissions import get_visible, parse_id
from chat.states import State
from hub.base.errors import NotFound
from hub.base.locking import lock

if TYPE_CHECKING:
    from hub.accounts.access import Person


def lock_visible(person: Person, session_id: str | UUID) -> Session:
    """The session as it is now, locked, if this person may see it. Raises NotFound.

    Sight is judged once more on the locked row: it may have been lost while we waited.
    """
    key = parse_id(session_id)
    get_visible(person, key)
    session = lock_session(key)
    get_visible(person, key)
    return session


def lock_acceptable(person: Person, session_id: str | UUID) -> Session:
    """As lock_visible(), and also what a colleague took a moment before: who is late learns who has it (C4)."""
    of_department = Q(department__in=person.departments) & (Q(only_agent=None) | Q(only_agent=person.user_id))
    return _lock_live_or_visible(person, session_id, of_department | was_offered_to(person))


def lock_rung(person: Person, session_id: str | UUID) -> Session:
    """As lock_visible(), and also what rang for this person and was taken by somebody else meanwhile."""
    return _lock_live_or_visible(person, session_id, was_offered_to(person))


def was_offered_to(person: Person) -> Q:
    return Q(passed_by__has_key=str(person.user_id))


def _lock_live_or_visible(person: Person, session_id: str | UUID, known: Q) -> Session:
    key = parse_id(session_id)
    if not Session.objects.filter(known, pk=key).exclude(state=State.ENDED).exists():
        get_visible(person, key)
    return lock_session(key)


def lock_session(session_id: UUID) -> Session:
    """For jobs and for what has judged sight already. Raises NotFound."""
    found = lock(Session.objects.filter(pk=session_id))
    if not found:
        raise NotFound
    return found[0]


def find_unlocked(session_id: UUID) -> Session | None:
    """For jobs: the session, unless somebody is busy with it; the job comes by again."""
    found = lock(Session.objects.filter(pk=session_id), skip_locked=True)
    return found[0] if found else None
