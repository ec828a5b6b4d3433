"""Slow work of hub.site, for the worker."""

from __future__ import annotations

from celery import shared_task

from hub.site.actions.announcements import MAILED_AT_ONCE, mail_some

BATCHES_MAX = 50  # then the next run goes on, so that other work of the worker gets its turn


@shared_task(name="site.mail_announcements", expires=30)  # type: ignore[untyped-decorator]
def mail_announcements() -> None:
    """Sent by beat: those who are to be mailed an announcement, batch by batch, each in a transaction of its own."""
    for _batch in range(BATCHES_MAX):
        if mail_some() < MAILED_AT_ONCE:
            return
