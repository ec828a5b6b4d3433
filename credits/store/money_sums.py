"""What we gave back of a purchase ourselves, or are about to (L7, S5)."""

from __future__ import annotations

from django.db.models import Q, Sum

from credits.models import MoneyRefund, Purchase


def ours(purchase: Purchase) -> dict[str, int]:
    """`m` credits; `cents` through the provider, whose sums have them too; `beside`: cents that we paid without it."""
    given = MoneyRefund.objects.filter(purchase=purchase).exclude(state=MoneyRefund.State.FAILED)
    sums: dict[str, int] = given.aggregate(
        m=Sum("credits_m", default=0),
        cents=Sum("amount_cents", filter=Q(beside=False), default=0),
        beside=Sum("amount_cents", filter=Q(beside=True), default=0),
    )
    return sums
