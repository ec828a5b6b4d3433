"""How a department handles tickets: what the hub owner sets on screen (A2). Prices live in credits (T2, T9).

What must stay true:
- a department without rows has the defaults; nothing needs to be set up before the first ticket
- a field's key never changes: it is what the answers in old tickets are kept under
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from tickets import states


class TicketRules(models.Model):
    """Of one department. `yellow_hours`, `red_hours`: how long a customer waits for an answer before it shows (T6)."""

    class PaidIn(models.TextChoices):
        CREDITS = "credits"
        MONEY = "money"

    lock_rank: ClassVar[int] = 945

    department = models.OneToOneField(
        "accounts.Department", models.CASCADE, primary_key=True, related_name="ticket_rules"
    )
    remind_days = models.PositiveSmallIntegerField(default=7)  # T5; 0: no reminder
    close_days = models.PositiveSmallIntegerField(default=14)  # 0: never by itself
    reopen_days = models.PositiveSmallIntegerField(default=28)  # T4
    yellow_hours = models.PositiveSmallIntegerField(default=4)
    red_hours = models.PositiveSmallIntegerField(default=24)
    takes_guests = models.BooleanField(default=False)  # T1
    chooses_agent = models.BooleanField(default=False)  # customers may choose among the agents
    warn_minutes = models.PositiveSmallIntegerField(default=30)  # T12: before the fact
    work_paid_in = models.CharField(max_length=8, choices=PaidIn.choices, default=PaidIn.CREDITS)
    work_block_minutes = models.PositiveSmallIntegerField(default=15)
    work_block_cents = models.PositiveIntegerField(default=0)  # where it is paid in money (B3)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(close_days=0) | Q(close_days__gte=F("remind_days")), name="tickets_rules_remind_first"
            ),
            models.CheckConstraint(condition=Q(red_hours__gte=F("yellow_hours")), name="tickets_rules_yellow_first"),
            models.CheckConstraint(condition=Q(work_block_minutes__gte=1), name="tickets_rules_blocks_have_length"),
        ]


class SlaTarget(models.Model):
    """Office minutes to the first reply and to the solution (T12); null is no target."""

    department = models.ForeignKey("accounts.Department", models.CASCADE, related_name="+")
    priority = models.PositiveSmallIntegerField(choices=states.Priority.choices)
    first_reply_minutes = models.PositiveIntegerField(null=True, blank=True)
    solve_minutes = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint("department", "priority", name="tickets_sla_once")]


class Category(models.Model):
    department = models.ForeignKey("accounts.Department", models.CASCADE, related_name="ticket_categories")
    name = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint("department", "name", name="tickets_category_once")]


class FormField(models.Model):
    """What a department, or one of its categories, asks on the form (T10)."""

    class Kind(models.TextChoices):
        TEXT = "text"
        LONG = "long"
        CHOICE = "choice"
        CHECK = "check"
        DATE = "date"
        NUMBER = "number"

    department = models.ForeignKey("accounts.Department", models.CASCADE, related_name="ticket_fields")
    category = models.ForeignKey(Category, models.CASCADE, null=True, blank=True, related_name="fields")
    key = models.SlugField(max_length=40)
    label = models.CharField(max_length=120)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.TEXT)
    choices = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    required = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint("department", "key", name="tickets_formfield_once")]


class SavedView(models.Model):
    """Filters under a name (T6): one's own, or a department's, or everybody's. `wanted` is read by tickets/filters."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+")
    department = models.ForeignKey("accounts.Department", models.CASCADE, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=80)
    wanted = models.JSONField(default=dict)
    position = models.PositiveSmallIntegerField(default=0)
