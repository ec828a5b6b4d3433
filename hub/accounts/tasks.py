"""Slow work of accounts, done by a worker."""

from celery import shared_task

from hub.accounts.actions import data_exports


@shared_task(name="accounts.make_exports", expires=10)  # type: ignore[untyped-decorator]
def make_exports() -> None:
    """Sent by beat every few seconds: the exports that people asked for (P10)."""
    data_exports.make_exports()
