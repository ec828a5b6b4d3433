"""Work of the credit store that nobody waits for. Each task may run twice, beside another one, and stop anywhere."""

from __future__ import annotations

from celery import shared_task

from credits.ledger import tallies
from credits.store import auto_top_up as topping_up
from credits.store import expiry, mandates, money_refunds, notices, receipts, reconcile, sandbox_notices, standing

BATCHES_MAX = 20  # then the next run goes on, so that other work of the worker gets its turn


@shared_task(name="credits.handle_notices", expires=30)  # type: ignore[untyped-decorator]
def handle_notices() -> None:
    """Asked for when a provider sent something, and by beat every few seconds."""
    for _batch in range(BATCHES_MAX):
        if notices.handle_waiting() < notices.BATCH:
            return


@shared_task(name="credits.look_at_payments", expires=30)  # type: ignore[untyped-decorator]
def look_at_payments() -> None:
    """Sent by beat: payments and refunds of which no notice came."""
    for _batch in range(BATCHES_MAX):
        if reconcile.look_at_due() + money_refunds.look_at_due() < reconcile.BATCH:
            return


@shared_task(name="credits.revoke_mandates", expires=300)  # type: ignore[untyped-decorator]
def revoke_mandates() -> None:
    """Sent by beat: what people who were erased had permitted (P10)."""
    mandates.revoke_due()


@shared_task(name="credits.issue_receipts", expires=30)  # type: ignore[untyped-decorator]
def issue_receipts() -> None:
    """Asked for when something was paid, and by beat."""
    for _batch in range(BATCHES_MAX):
        if receipts.issue_due() < receipts.BATCH:
            return


@shared_task(name="credits.auto_top_up", expires=30)  # type: ignore[untyped-decorator]
def auto_top_up() -> None:
    """Sent by beat: wallets that are low and may buy by themselves (S6)."""
    topping_up.buy_due()


@shared_task(name="credits.expire_lots", expires=300)  # type: ignore[untyped-decorator]
def expire_lots() -> None:
    """Sent by beat: gifts whose time is over (L7)."""
    expiry.expire_due(looks_back=expiry.LATELY)


@shared_task(name="credits.expire_old_lots", expires=3600)  # type: ignore[untyped-decorator]
def expire_old_lots() -> None:
    """Sent by beat every night: what returned to a gift that was over, and what the hub slept through (L7)."""
    expiry.expire_due()


@shared_task(name="credits.keep_tallies", expires=3600)  # type: ignore[untyped-decorator]
def keep_tallies() -> None:
    """Sent by beat every night: the lines of long wallets are added up."""
    tallies.keep_tallies()


@shared_task(name="credits.count_standing", expires=3600)  # type: ignore[untyped-decorator]
def count_standing() -> None:
    """Sent by beat every night: what of the outstanding credits was bought, and what was given."""
    standing.count_standing()


@shared_task(name="credits.sandbox_notices", expires=5)  # type: ignore[untyped-decorator]
def send_sandbox_notices() -> None:
    """Sent by beat each second, where play money is on."""
    sandbox_notices.send_due()
