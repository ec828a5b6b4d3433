"""Codes and one-time links are not kept where somebody could read them later. A demo keeps them, to be looked at."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db.models import Q

from hub.base import clock
from hub.base.models import OutboxMessage

# A secret that could not be sent and has no end of its own: long enough for who mends the mail server.
UNSENT_KEPT: Final = timedelta(days=7)


def wipe_secrets() -> None:
    """A job: what was sent is wiped at once (draining.py); this is for what expired, failed or was left over."""
    if settings.DEMO:
        return
    now = clock.now()
    over = Q(expires_at__lte=now) | Q(created_at__lt=now - UNSENT_KEPT) | Q(state=OutboxMessage.State.SENT)
    secrets = OutboxMessage.objects.filter(is_secret=True, wiped_at=None).filter(over)
    secrets.exclude(state=OutboxMessage.State.WAITING).update(text="", html="", wiped_at=now)
