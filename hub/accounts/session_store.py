"""Browser sessions as Django keeps them in PostgreSQL."""

from __future__ import annotations

from django.contrib.sessions.backends import db

KEY_CHARACTERS_MIN = 8


class SessionStore(db.SessionStore):
    def _validate_session_key(self, key: str | None) -> bool:
        """What is no key of ours is no session: a cookie can say anything, also what PostgreSQL does not take (NUL)."""
        return bool(key and len(key) >= KEY_CHARACTERS_MIN and key.isascii() and key.isalnum())
