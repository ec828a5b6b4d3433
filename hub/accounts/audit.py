"""The audit log (P9): what changed rights, and who of the staff opened what was not their own work.

Rows are only added, by `record`; the database refuses to change or remove them. They name people by account id.
"""

from __future__ import annotations

from collections.abc import Mapping

from hub.accounts.access import Person
from hub.accounts.models import AuditEntry
from hub.base import clock


def record(
    person: Person,
    fact: str,
    *,
    target_kind: str = "",
    target_id: object = "",
    detail: Mapping[str, object] | None = None,
) -> AuditEntry:
    """Add one dotted fact (`people.customer.opened`), in the transaction of what it tells about."""
    return AuditEntry.objects.create(
        at=clock.now(),
        actor_id=person.user_id,
        fact=fact,
        target_kind=target_kind,
        target_id=str(target_id),
        detail=dict(detail or {}),
    )
