"""What the pages show of somebody's API tokens (docs/how/access.md). The tokens themselves are kept nowhere."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hub.accounts.models import ApiToken
from hub.accounts.scopes import EVERYTHING
from hub.base import clock

if TYPE_CHECKING:
    from django.db.models import QuerySet

SUBJECTS: Final[dict[str, str]] = {
    "chat": gettext_noop("Chats"),
    "tickets": gettext_noop("Tickets"),
    "credits": gettext_noop("Credits"),
    "people": gettext_noop("People"),
    "knowledge": gettext_noop("Help articles"),
    "site": gettext_noop("Setting up the hub"),
    "audit": gettext_noop("Audit log"),
}


@dataclass(frozen=True, slots=True)
class OwnToken:
    id: uuid.UUID
    name: str
    scopes: list[str]  # in words
    made_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


def living(user_id: int | None) -> QuerySet[ApiToken]:
    """Neither revoked nor over."""
    holds = Q(expires_at=None) | Q(expires_at__gt=clock.now())
    return ApiToken.objects.filter(holds, user=user_id, revoked_at=None)


def tokens_of(user_id: int | None) -> list[OwnToken]:
    """Newest first, with no more to them than who holds them may know."""
    return [
        OwnToken(
            id=row.pk,
            name=row.name,
            scopes=[scope_in_words(scope) for scope in row.scopes],
            made_at=row.created_at,
            expires_at=row.expires_at,
            last_used_at=row.last_used_at,
        )
        for row in living(user_id).order_by("-created_at", "pk")[:100]
    ]


def subject_in_words(subject: str) -> str:
    return _(SUBJECTS[subject]) if subject in SUBJECTS else subject


def scope_in_words(scope: str) -> str:
    if scope == EVERYTHING:
        return _("Everything you may do yourself")
    subject, _colon, reads = scope.partition(":")
    said = {"subject": subject_in_words(subject)}
    return _("%(subject)s: read") % said if reads else _("%(subject)s: read and change") % said
