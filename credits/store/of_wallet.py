"""The purchases of one wallet, for staff's pages."""

from __future__ import annotations

from django.db.models import QuerySet

from credits.models import Purchase, Wallet
from hub.accounts.public import Membership, Person
from hub.base.prepared import count_of, prepared


def purchases_of(person: Person, wallet_id: int, *, start: int, limit: int) -> tuple[list[Purchase], bool]:
    """The newest first, of those that this person sees; and whether there are more."""
    rows = Purchase.objects.visible_to(person).filter(wallet=wallet_id).select_related("buyer")
    found = list(rows.order_by("-created_at", "-pk")[start : start + limit + 1])
    return found[:limit], len(found) > limit


def count_purchases(user_id: int) -> int:
    """Of the wallet that a customer pays from, whom the reader was seen to see: staff see all purchases of it then."""
    company = next(iter(_company(user=user_id)), None)
    if company is None:
        return sum(_counted("user", owner=user_id))
    return sum(_counted("organisation", owner=company))


@prepared
def _company(*, user: int) -> QuerySet[Membership, int]:
    return Membership.objects.filter(user=user).values_list("organisation", flat=True)


@prepared
def _counted(kind: str, *, owner: int) -> QuerySet[Purchase, int]:
    wallets = Wallet.objects.filter(**{kind: owner})
    rows: QuerySet[Purchase] = Purchase.objects.filter(wallet__in=wallets.values("pk"))
    return count_of(rows)
