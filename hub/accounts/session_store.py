"""Browser sessions as Django keeps them in PostgreSQL."""

from __future__ import annotations

from datetime import datetime

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from hub.base.prepared import prepared

KEY_CHARACTERS_MIN = 8


class SessionStore(db.SessionStore):
    def _validate_session_key(self, key: str | None) -> bool:
        """What is no key of ours is no session: a cookie can say anything, also what PostgreSQL does not take (NUL)."""
        return bool(key and len(key) >= KEY_CHARACTERS_MIN and key.isascii() and key.isalnum())

    def _get_session_from_db(self) -> Session | None:
        found = _living(key=str(self.session_key), now=timezone.now())
        if not found:
            self._session_key = None
        return found[0] if found else None


@prepared
def _living(*, key: str, now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)
