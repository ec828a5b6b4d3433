"""What we gave back of a purchase ourselves, or are about to (L7, S5)."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet, Sum, Value

from credits.models import MoneyRefund, Purchase
from hub.base.prepared import prepared


class Ours(NamedTuple):
    """`m` credits; `cents` through the provider, whose sums have them too; `beside`: cents that we paid without it."""

    m: int
    cents: int
    beside: int


def ours(purchase: Purchase) -> Ours:
    (sums,) = _sums(purchase=purchase.pk)
    return Ours(*sums)


@prepared
def _sums(*, purchase: UUID) -> QuerySet[MoneyRefund, tuple[int, int, int]]:
    """One row, also of none."""
    given = MoneyRefund.objects.filter(purchase=purchase).exclude(state=MoneyRefund.State.FAILED).order_by()
    return (
        given.values(_all=Value(1))
        .annotate(
            m=Sum("credits_m", default=0),
            cents=Sum("amount_cents", filter=Q(beside=False), default=0),
            beside=Sum("amount_cents", filter=Q(beside=True), default=0),
        )
        .values_list("m", "cents", "beside")
    )
