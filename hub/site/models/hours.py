"""When a department is open, and what it asks before a chat (C14).

What must stay true:
- times are wall-clock minutes in the department's own time zone; what they are in UTC is worked out per day, so that a
  change of the clocks moves nobody's opening time
- a department without `keeps_hours` is always open; with it and without periods it is never open
- periods of one weekday do not overlap; one that passes midnight is two periods
- a holiday replaces the periods of its day; one of a department goes before one of all departments
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from hub.site.periods import DAY_MINUTES, write_periods


class DepartmentRules(models.Model):
    """`capacity`: how many chats the department has at once; None is as many as its agents take."""

    lock_rank: ClassVar[int] = 940

    department = models.OneToOneField("accounts.Department", models.CASCADE, primary_key=True, related_name="rules")
    time_zone = models.CharField(max_length=64)
    keeps_hours = models.BooleanField(default=False)
    capacity = models.PositiveSmallIntegerField(null=True, blank=True)


class OpenPeriod(models.Model):
    """`weekday` 0 is Monday. `closes_minute` 1440 is midnight."""

    department = models.ForeignKey("accounts.Department", models.CASCADE, related_name="open_periods")
    weekday = models.PositiveSmallIntegerField()
    opens_minute = models.PositiveSmallIntegerField()
    closes_minute = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(weekday__lte=6, closes_minute__lte=DAY_MINUTES, opens_minute__lt=F("closes_minute")),
                name="site_openperiod_makes_sense",
            ),
            models.UniqueConstraint("department", "weekday", "opens_minute", name="site_openperiod_once"),
        ]


class Holiday(models.Model):
    """A date on which the hours are others; without minutes it is closed. No department: all of them."""

    department = models.ForeignKey(
        "accounts.Department", models.CASCADE, null=True, blank=True, related_name="holidays"
    )
    date = models.DateField()
    name = models.CharField(max_length=80, blank=True, default="")
    opens_minute = models.PositiveSmallIntegerField(null=True, blank=True)
    closes_minute = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("department", "date", name="site_holiday_once", nulls_distinct=False),
            models.CheckConstraint(
                condition=Q(opens_minute__isnull=True, closes_minute__isnull=True)
                | Q(closes_minute__isnull=False, closes_minute__lte=DAY_MINUTES)
                & Q(opens_minute__isnull=False, opens_minute__lt=F("closes_minute")),
                name="site_holiday_makes_sense",
            ),
        ]

    @property
    def hours_text(self) -> str:
        """As it is typed: 09:00–13:00; empty when it is closed."""
        if self.opens_minute is None or self.closes_minute is None:
            return ""
        return write_periods([(self.opens_minute, self.closes_minute)])


class PreChatQuestion(models.Model):
    """What a department asks before a chat. Answers travel as `fields` of the session, by `key`."""

    class Kind(models.TextChoices):
        TEXT = "text"
        CHOICE = "choice"

    department = models.ForeignKey("accounts.Department", models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=40)
    label = models.CharField(max_length=120)
    kind = models.CharField(max_length=6, choices=Kind.choices, default=Kind.TEXT)
    choices = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    required = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint("department", "key", name="site_prechatquestion_once")]
