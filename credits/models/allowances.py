"""What a member of an organisation may spend in a month (P4). See docs/how/organisations.md.

What must stay true:
- `used_m` is what the member's meters were charged in the month [since, until), less what was given back of it; nothing
  but a charge or a refund moves it, and no charge moves it beyond the limit (metering/sql/allowances_0001.sql)
- limit and use are read together with the moment: after `until` nothing is used yet, and what was given for one month
  is gone
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from credits.models.ledger import Account

if TYPE_CHECKING:
    from hub.accounts.public import Person


class Allowance(models.Model):
    """A member's share of an organisation's wallet: no more than `limit_m` a month, and `extra_m` more in this one.

    No limit is None. The month is the calendar's in `time_zone` (the hub's TIME_ZONE when the row was made).
    """

    lock_rank: ClassVar[int] = 330

    wallet = models.ForeignKey(Account, models.PROTECT, db_index=False, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    limit_m = models.BigIntegerField(null=True)
    extra_m = models.BigIntegerField(db_default=0)
    used_m = models.BigIntegerField(db_default=0)
    since = models.DateTimeField()
    until = models.DateTimeField()
    time_zone = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["wallet", "user"], name="credits_allowance_one_per_member"),
            models.CheckConstraint(
                condition=(Q(limit_m__gte=0) | Q(limit_m__isnull=True)) & Q(extra_m__gte=0, used_m__gte=0),
                name="credits_allowance_counts_make_sense",
            ),
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="credits_allowance_month_has_length"),
        ]


class LimitRequestQuerySet(models.QuerySet["LimitRequest"]):
    def visible_to(self, person: Person) -> LimitRequestQuerySet:
        """Those of the people whom this person may see, on the organisation's wallet (P4)."""
        from credits.permissions import visible_requests

        return visible_requests(self, person)


class LimitRequest(models.Model):
    """Who is at the limit asks for more; the manager or owner answers with one click. One is open at a time."""

    class State(models.TextChoices):
        OPEN = "open"
        GRANTED = "granted"
        DECLINED = "declined"
        CLOSED = "closed"  # nobody has to answer any more: they left, or the limit was raised otherwise

    lock_rank: ClassVar[int] = 290  # before the meters that a yes wakes

    allowance = models.ForeignKey(Allowance, models.PROTECT, related_name="requests")
    reference = models.TextField(db_default="")  # what they were doing: the id of a session
    state = models.TextField(choices=State.choices, default=State.OPEN)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    granted_m = models.BigIntegerField(null=True)
    for_good = models.BooleanField(db_default=False)

    objects: ClassVar[Any] = LimitRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["allowance"], condition=Q(state="open"), name="credits_limitrequest_one_open"
            ),
            models.CheckConstraint(
                condition=Q(state="open") ^ Q(answered_at__isnull=False), name="credits_limitrequest_answer_has_time"
            ),
        ]
