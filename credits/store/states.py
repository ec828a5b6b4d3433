"""How a purchase stands, in the words that screens, API and mails share."""

from __future__ import annotations

from typing import Final

from django.db.models import F, Q

from credits.models import Purchase

STATUSES: Final = (*Purchase.State.values, "refunded", "charged_back")
_BACK: Final = Q(state=Purchase.State.PAID, charged_back_cents__gt=0)
_REFUNDED: Final = Q(state=Purchase.State.PAID, charged_back_cents=0, refunded_cents__gte=F("amount_cents"))


def status_of(purchase: Purchase) -> str:
    """open, pending, paid, failed, cancelled, expired; of one that was paid also refunded or charged_back."""
    if purchase.state == Purchase.State.PAID and purchase.charged_back_cents:
        return "charged_back"
    if purchase.state == Purchase.State.PAID and purchase.refunded_cents >= purchase.amount_cents:
        return "refunded"
    return str(purchase.state)


def of_status(status: str) -> Q:
    """Those of which status_of() says this."""
    if status == "charged_back":
        return _BACK
    if status == "refunded":
        return _REFUNDED
    return Q(state=status) & ~(_BACK | _REFUNDED) if status == Purchase.State.PAID else Q(state=status)
