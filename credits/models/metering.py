"""Prices, hub time and meters. See docs/how/metering.md.

`_s` is seconds of hub time (integers on a clock that stands still while the hub is down), `_m` is millicredits, `_at`
is wall time, made of hub time only for people to read.

What must stay true:
- a meter's terms are copied when it is opened and never change (M1); its blocks only grow; ended is the end
- a block is charged or recorded once (M2); what a VIP used has amount 0 and the list price (P12)
- whoever changes a meter writes what happened as an event in the same statement (M7); events are never changed
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from credits.models.allowances import Allowance
from credits.models.ledger import Account


class HubClock(models.Model):
    """One row: how long the hub was up, and how long it was not. Wall time is the sum of both."""

    only_row = models.BooleanField(primary_key=True, default=True)
    hub_s = models.BigIntegerField()
    lost_s = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(only_row=True), name="credits_hubclock_one_row")]


class Outage(models.Model):
    """Wall seconds in which the hub was down. Nobody pays for them (M5)."""

    from_s = models.BigIntegerField(primary_key=True)
    to_s = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(to_s__gt=F("from_s")), name="credits_outage_has_length")]


class DepartmentPrice(models.Model):
    """What a kind of session costs in a department (M1). No row, or price 0, is free of charge."""

    department = models.ForeignKey("accounts.Department", models.CASCADE, related_name="prices")
    kind = models.TextField(default="chat")
    price_millicredits = models.BigIntegerField()
    block_seconds = models.IntegerField()
    free_seconds = models.IntegerField(default=0)
    minimum_blocks = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["department", "kind"], name="credits_price_one_per_department_and_kind"),
            models.CheckConstraint(
                condition=Q(price_millicredits__gte=0, block_seconds__gt=0, free_seconds__gte=0, minimum_blocks__gte=1),
                name="credits_price_makes_sense",
            ),
        ]


class Meter(models.Model):
    """What turns elapsed time into charges.

    The clock goes while `clock_from_s` is set; running time is `ran_s` plus what passed since. Block n+1 begins at
    running time `free_s + gift_s + n * block_s`. `next_charge_s` is the hub second at which the next block begins, or
    began and is still owed. `spender` is who uses it, `allowance` what a member may spend (P4); `switches` are the
    running times at which `unmetered` was turned over (P12).
    """

    class State(models.TextChoices):
        READY = "ready"
        FREE = "free"
        RUNNING = "running"
        PAUSED = "paused"
        EMPTY = "empty"
        ENDED = "ended"

    lock_rank: ClassVar[int] = 300

    wallet = models.ForeignKey(Account, models.PROTECT, db_index=False, related_name="+")
    house = models.ForeignKey(Account, models.PROTECT, db_index=False, related_name="+")
    reference = models.TextField()
    spender = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, db_index=False, related_name="+")
    price_m = models.BigIntegerField()
    block_s = models.IntegerField()
    free_s = models.IntegerField()
    min_blocks = models.IntegerField()
    most_to_spend_m = models.BigIntegerField(null=True)
    allowance = models.ForeignKey(Allowance, models.PROTECT, null=True, db_index=False, related_name="+")
    unmetered = models.BooleanField(db_default=False)
    switches = ArrayField(models.BigIntegerField(), default=list)
    state = models.TextField(choices=State.choices)
    reason = models.TextField(db_default="")
    gift_s = models.BigIntegerField(db_default=0)
    ran_s = models.BigIntegerField(db_default=0)
    clock_from_s = models.BigIntegerField(null=True)
    next_charge_s = models.BigIntegerField(null=True)
    grace_until_s = models.BigIntegerField(null=True)
    warn_s = models.BigIntegerField(null=True)
    low_minutes = models.SmallIntegerField(null=True)
    blocks_charged = models.IntegerField(db_default=0)
    charged_m = models.BigIntegerField(db_default=0)
    refunded_m = models.BigIntegerField(db_default=0)
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(price_m__gt=0, block_s__gt=0, free_s__gte=0, min_blocks__gte=1),
                name="credits_meter_terms_make_sense",
            ),
            models.CheckConstraint(
                condition=Q(ran_s__gte=0, gift_s__gte=0, blocks_charged__gte=0, charged_m__gte=0)
                & Q(refunded_m__gte=0, refunded_m__lte=F("charged_m")),
                name="credits_meter_counts_make_sense",
            ),
            models.CheckConstraint(
                condition=Q(most_to_spend_m__gte=0) | Q(most_to_spend_m__isnull=True),
                name="credits_meter_most_to_spend_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["free", "running"], clock_from_s__isnull=False, next_charge_s__isnull=False)
                | Q(state__in=["ready", "paused", "empty", "ended"], clock_from_s__isnull=True),
                name="credits_meter_clock_goes_while_running",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["ready", "empty"]) | Q(next_charge_s__isnull=True),
                name="credits_meter_nothing_due_while_empty",
            ),
            models.CheckConstraint(
                condition=Q(state="empty", grace_until_s__isnull=False)
                | Q(state__in=["ready", "free", "running", "paused", "ended"], grace_until_s__isnull=True),
                name="credits_meter_grace_while_empty",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_charge_s", "id"], condition=Q(next_charge_s__isnull=False), name="credits_meter_due"
            ),
            models.Index(fields=["id"], condition=Q(state="empty"), name="credits_meter_empty"),
            models.Index(fields=["grace_until_s"], condition=Q(state="empty"), name="credits_meter_grace"),
            models.Index(
                fields=["wallet"], condition=Q(state__in=["free", "running", "empty"]), name="credits_meter_live"
            ),
            models.Index(fields=["warn_s"], condition=Q(warn_s__isnull=False), name="credits_meter_warn"),
            # Only of ended meters: a charge moves the row, and each index on it costs every charge.
            models.Index(fields=["reference"], condition=Q(state="ended"), name="credits_meter_by_reference"),
            # What somebody used of a wallet that many share: no charge moves what is not charging.
            models.Index(
                fields=["wallet", "spender"],
                condition=Q(state__in=["ready", "paused", "ended"]),
                name="credits_meter_by_spender",
            ),
        ]


class MeterEvent(models.Model):
    """What happened to a meter, written by those who did it, read by the audit and by summaries (M7).

    `back_s` seconds were taken back (begun and not paid, or after the last sign of life), `gift_s` seconds were given
    away, `grace_s` seconds were added to a grace, `blocks` charged blocks were waived.
    """

    class Kind(models.TextChoices):
        OPENED = "opened"
        STARTED = "started"
        PAUSED = "paused"
        RESUMED = "resumed"
        EMPTIED = "emptied"
        ENDED = "ended"
        VIP_ON = "vip_on"
        VIP_OFF = "vip_off"
        GRANTED = "granted"
        WAIVED = "waived"
        GRACE = "grace"

    meter = models.ForeignKey(Meter, models.PROTECT, db_index=False, related_name="events")
    kind = models.TextField(choices=Kind.choices)
    at_s = models.BigIntegerField()
    back_s = models.BigIntegerField(db_default=0)
    gift_s = models.BigIntegerField(db_default=0)
    grace_s = models.BigIntegerField(db_default=0)
    blocks = models.IntegerField(db_default=0)
    reason = models.TextField(db_default="")
    actor = models.TextField(db_default="")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(back_s__gte=0, gift_s__gte=0, grace_s__gte=0, blocks__gte=0),
                name="credits_meterevent_counts_make_sense",
            ),
        ]
        indexes = [models.Index(fields=["meter", "id"], name="credits_meterevent_by_meter")]


class UnmeteredBlock(models.Model):
    """A block that a VIP used: amount 0 and the price it would have had, without a transfer (P12)."""

    meter = models.ForeignKey(Meter, models.PROTECT, db_index=False, related_name="+")
    block = models.IntegerField()
    amount_m = models.BigIntegerField(db_default=0)
    list_price_m = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meter", "block"], name="credits_unmeteredblock_once"),
            models.CheckConstraint(
                condition=Q(block__gt=0, amount_m=0, list_price_m__gt=0), name="credits_unmeteredblock_costs_nothing"
            ),
        ]
