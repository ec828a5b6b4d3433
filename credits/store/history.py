"""What happened to a purchase, for staff and for the audit: codes and figures (S3)."""

from __future__ import annotations

from credits.models import Purchase, PurchaseEvent
from hub.base import clock


def note(
    purchase: Purchase,
    what: str,
    *,
    actor: str,
    cents: int | None = None,
    amount_m: int | None = None,
    detail: str = "",
) -> None:
    PurchaseEvent.objects.create(
        purchase=purchase, what=what, cents=cents, amount_m=amount_m, detail=detail[:200], actor=actor, at=clock.now()
    )
