"""Who may see which wallet (L5, P4, P5)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from credits.role_limits import adjust_limit_m, is_within, refund_limit_m
from hub.accounts.public import Membership, User, customer_of, ids_of
from hub.base.prepared import prepared

if TYPE_CHECKING:
    from credits.models import Approval, ApprovalQuerySet, LimitRequestQuerySet, PurchaseQuerySet, WalletQuerySet
    from hub.accounts.public import Person


def visible_wallets(wallets: WalletQuerySet, person: Person) -> WalletQuerySet:
    """A customer sees the wallet they pay from; staff the wallets of the people they may see; the owner all."""
    if person.user_id is None:
        return wallets.none()
    if person.kind == User.Kind.CUSTOMER:
        member = Membership.objects.filter(user_id=person.user_id)
        own = Q(user_id=person.user_id) if not member.exists() else Q(organisation__memberships__user_id=person.user_id)
        return wallets.filter(own)
    if person.kind != User.Kind.STAFF:
        return wallets.none()
    if person.level == User.Level.OWNER:
        return wallets
    seen = User.objects.visible_to(person).values("pk")
    return wallets.filter(Q(user__in=seen) | Q(organisation__memberships__user__in=seen)).distinct()


def is_own_work(wallets: WalletQuerySet, person: Person) -> bool:
    """Whether these are wallets that an agent with the same seats would see; other openings are audited (P9)."""
    as_agent = replace(person, level=User.Level.AGENT, managed=frozenset())
    return visible_wallets(wallets, as_agent).exists()


def visible_purchases(purchases: PurchaseQuerySet, person: Person) -> PurchaseQuerySet:
    """A customer sees the own ones and those of their wallet; of an organisation's its owner alone sees all (P4)."""
    if person.user_id is None:
        return purchases.none()
    from credits.models import Wallet

    wallets = Wallet.objects.visible_to(person).values("pk")
    if person.kind == User.Kind.CUSTOMER and person.organisation_role not in ("", "owner"):
        return purchases.filter(buyer=person.user_id)
    if person.kind == User.Kind.CUSTOMER:
        return purchases.filter(Q(wallet__in=wallets) | Q(buyer=person.user_id))
    return purchases.filter(wallet__in=wallets)


def spenders_visible_to(person: Person) -> list[int] | None:
    """Whose lines of a wallet this person may see; None is all of it, top-ups and adjustments too (P4).

    An organisation's manager sees what the unit used, an employee what they used themselves.
    """
    if person.kind == User.Kind.STAFF or person.organisation_role in ("", "owner"):
        return None
    return _seen_by_member(person.organisation_role, **ids_of(person))


@prepared
def _seen_by_member(
    role: str, *, user_id: int | None, organisation_id: int | None, unit_id: int | None
) -> QuerySet[User, int]:
    asking = customer_of(role, user_id=user_id, organisation_id=organisation_id, unit_id=unit_id)
    found: QuerySet[User, int] = User.objects.visible_to(asking).values_list("pk", flat=True)
    return found


def visible_requests(requests: LimitRequestQuerySet, person: Person) -> LimitRequestQuerySet:
    """Requests for a higher limit: the own ones, and those of the people whom one may see on a wallet one may see."""
    from credits.models import Wallet

    if person.kind == "system":
        return requests
    wallets = Wallet.objects.visible_to(person).filter(organisation__isnull=False)
    seen = requests.filter(allowance__wallet__in=wallets.values("pk"))
    if person.kind == User.Kind.STAFF and person.level in (User.Level.MANAGER, User.Level.OWNER):
        return seen  # they do for an organisation what its owner can do
    return seen.filter(allowance__user__in=User.objects.visible_to(person).values("pk"))


def visible_approvals(approvals: ApprovalQuerySet, person: Person) -> ApprovalQuerySet:
    """One's own; a manager those of the wallets they see, the owner all (L6)."""
    if not person.is_staff:
        return approvals.none()
    if person.is_owner:
        return approvals
    from credits.models import Wallet

    own = Q(asked_by=person.user_id)
    if not person.managed:
        return approvals.filter(own)
    return approvals.filter(own | Q(wallet__in=Wallet.objects.visible_to(person).values("pk")))


def may_approve(person: Person, approval: Approval) -> bool:
    """Another person, who may move as much alone. What an owner asks, another owner approves."""
    if person.user_id == approval.asked_by_id or not (person.is_owner or person.managed):
        return False
    if approval.what == "money_refund":
        return person.is_owner
    limit_m = adjust_limit_m if approval.what == "adjust" else refund_limit_m
    return person.is_owner or is_within(approval.amount_m, limit_m(person.level))
