"""The audit log (P9): what changed rights, and who of the staff opened what was not their own work.

Rows are only added, by `record`; the database refuses to change or remove them. They name people by account id and
hold codes, ids and numbers alone: what somebody wrote stands in a note beside them, which erasure empties (P10).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db.models import QuerySet

from hub.accounts.access import Person
from hub.accounts.models import AuditEntry, AuditNote
from hub.base import clock
from hub.base.prepared import prepared

NOTE_CHARACTERS_MAX = 500
OPENING_LASTS = timedelta(minutes=10)
_CODE = re.compile(r"[a-z0-9_.:/-]{0,64}|\*")  # or every scope
log = structlog.get_logger(__name__)


def record(
    person: Person,
    fact: str,
    *,
    target_kind: str = "",
    target_id: object = "",
    detail: Mapping[str, object] | None = None,
    note: str = "",
) -> AuditEntry:
    """Add one dotted fact (`people.customer.opened`), in the transaction of what it tells about."""
    entry: AuditEntry = AuditEntry.objects.create(
        at=clock.now(),
        actor_id=person.user_id,
        fact=fact,
        target_kind=target_kind,
        target_id=str(target_id),
        detail={name: _plain(fact, name, value) for name, value in (detail or {}).items()},
    )
    if note.strip():
        AuditNote.objects.create(entry=entry, text=note.strip()[:NOTE_CHARACTERS_MAX])
    return entry


def record_opening(
    person: Person, fact: str, *, target_kind: str, target_id: object, unless: Callable[[], bool] = bool
) -> None:
    """Staff look at what is not their own work. Looking at the same again within minutes is one opening.

    `unless`: whether it is own work after all; asked only where no opening was noted just now.
    """
    lately = clock.now() - OPENING_LASTS
    seen = _opened(kind=target_kind, target=str(target_id), actor=person.user_id, fact=fact, since=lately)
    if not seen and not unless():
        record(person, fact, target_kind=target_kind, target_id=target_id)


@prepared
def _opened(*, kind: str, target: str, actor: int | None, fact: str, since: datetime) -> QuerySet[AuditEntry, int]:
    seen = AuditEntry.objects.filter(target_kind=kind, target_id=target, actor=actor, fact=fact, at__gt=since)
    return seen.order_by().values_list("pk", flat=True)[:1]


def _plain(fact: str, name: str, value: object) -> object:
    """What may stand in a row that nobody can empty. Anything else is a mistake of ours: loud here, left out there."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(fact, name, one) for one in value]
    if isinstance(value, dict):
        return {str(key): _plain(fact, name, one) for key, one in value.items()}
    if _CODE.fullmatch(str(value)):
        return str(value)
    if settings.DEMO:
        raise ValueError(f"{fact}: “{name}” is free text; say it with note=.")
    log.error("audit.free_text", fact=fact, field=name)
    return None
