"""Macros, triggers and scheduled rules (T13): when … if … then …, made by the owner on screen, each run logged.

What must stay true:
- `conditions` and `deeds` are read by tickets/rules.py, which refuses what it does not know when they are saved
- a run is a row; the same rule runs on the same ticket once per cause, so that nothing can loop
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from tickets.models.tickets import Ticket


class Macro(models.Model):
    """Deeds that an agent does with one click. No department: everybody's."""

    department = models.ForeignKey("accounts.Department", models.CASCADE, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=80)
    deeds = models.JSONField(default=list)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)


class Rule(models.Model):
    """A trigger (`events` are the causes on which it runs) or a scheduled rule (no events: looked at by the clock).

    `after_hours`: a scheduled rule runs on tickets that have stood still in their status for so long.
    """

    name = models.CharField(max_length=80)
    events = ArrayField(models.CharField(max_length=16), default=list, blank=True)
    after_hours = models.PositiveSmallIntegerField(null=True, blank=True)
    conditions = models.JSONField(default=list)
    deeds = models.JSONField(default=list)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(events=[]) ^ Q(after_hours__isnull=True), name="tickets_rule_trigger_or_scheduled"
            ),
        ]


class RuleRun(models.Model):
    """What a macro or rule did to a ticket. `cause` is the entry that set it off, or the hour for a scheduled one."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="rule_runs")
    macro = models.ForeignKey(Macro, models.SET_NULL, null=True, blank=True, related_name="+")
    rule = models.ForeignKey(Rule, models.SET_NULL, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=80)  # as it was called then
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    cause = models.PositiveIntegerField()  # the seq of the entry that was the last one then
    outcome = models.CharField(max_length=16)
    done = models.JSONField(default=list)  # the deeds, by their codes
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "rule", "ticket", "cause", condition=Q(rule__isnull=False), name="tickets_rulerun_once_per_cause"
            ),
        ]
