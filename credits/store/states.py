"""How a purchase stands, in the words that screens, API and mails share."""

from __future__ import annotations

from credits.models import Purchase


def status_of(purchase: Purchase) -> str:
    """open, pending, paid, failed, cancelled, expired; of one that was paid also refunded or charged_back."""
    if purchase.state == Purchase.State.PAID and purchase.charged_back_cents:
        return "charged_back"
    if purchase.state == Purchase.State.PAID and purchase.refunded_cents >= purchase.amount_cents:
        return "refunded"
    return str(purchase.state)
