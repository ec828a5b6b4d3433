"""What somebody may not move alone: it waits for a second person (L6, M6). See docs/how/admin.md.

What must stay true:
- who approves is not who asked
- a request is answered once; approved, it has its transfer or refund, made in the same transaction
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from credits.models.ledger import Account

if TYPE_CHECKING:
    from hub.accounts.public import Person


class ApprovalQuerySet(models.QuerySet["Approval"]):
    def visible_to(self, person: Person) -> ApprovalQuerySet:
        """One's own, and for who may approve those of the wallets they see (P5)."""
        from credits.permissions import visible_approvals

        return visible_approvals(self, person)


class Approval(models.Model):
    """An adjustment of a wallet, a refund of a session or money back, above what who asks may do by themselves."""

    class What(models.TextChoices):
        ADJUST = "adjust"
        REFUND = "refund"
        MONEY_REFUND = "money_refund"

    class State(models.TextChoices):
        OPEN = "open"
        APPROVED = "approved"
        DECLINED = "declined"
        WITHDRAWN = "withdrawn"

    lock_rank: ClassVar[int] = 8  # before sessions and wallets: what is approved is done under this lock

    key = models.TextField(unique=True)
    what = models.TextField(choices=What.choices)
    wallet = models.ForeignKey(Account, models.PROTECT, related_name="+")
    reference = models.TextField(db_default="", blank=True)  # a refund: the session, or the purchase
    amount_m = models.BigIntegerField()  # signed
    reason = models.TextField(db_default="", blank=True)  # a refund: the code
    text = models.TextField(blank=True)  # why, in their words
    state = models.TextField(choices=State.choices, default=State.OPEN)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = ApprovalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(amount_m=0), name="credits_approval_of_something"),
            models.CheckConstraint(
                condition=~Q(state="approved") | ~Q(answered_by=F("asked_by")), name="credits_approval_by_another"
            ),
            models.CheckConstraint(
                condition=Q(state="open") ^ Q(answered_at__isnull=False), name="credits_approval_answered_once"
            ),
        ]
        indexes = [models.Index(fields=["wallet"], condition=Q(state="open"), name="credits_approval_open")]
