"""The tables of the sandbox, which plays a payment provider (S2). Nothing of the store reads them but through it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class SandboxPayment(models.Model):
    ref = models.TextField(unique=True)
    key = models.TextField(unique=True)
    order_id = models.TextField()
    amount_cents = models.BigIntegerField()
    currency = models.TextField()
    description = models.TextField()
    return_url = models.TextField()
    cancel_url = models.TextField()
    notice_url = models.TextField()
    asks_mandate = models.BooleanField(default=False)
    mandate_ref = models.TextField(db_default="", default="", blank=True)
    state = models.TextField(default="open")
    refunded_cents = models.BigIntegerField(default=0)
    charged_back_cents = models.BigIntegerField(default=0)
    made_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)


class SandboxMandate(models.Model):
    ref = models.TextField(unique=True)
    state = models.TextField(default="valid")
    refuses = models.BooleanField(default=False)  # charges by it are refused, as those of an empty account


class SandboxRefund(models.Model):
    ref = models.TextField(unique=True)
    key = models.TextField(unique=True)
    payment = models.ForeignKey(SandboxPayment, models.CASCADE, related_name="refunds")
    amount_cents = models.BigIntegerField()
    state = models.TextField(default="done")


class SandboxNotice(models.Model):
    """A notice to send by HTTP when it is due."""

    payment = models.ForeignKey(SandboxPayment, models.CASCADE, related_name="notices")
    due_at = models.DateTimeField()
    copies = models.IntegerField(default=1)
    sent_at = models.DateTimeField(null=True)
    tries = models.IntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=Q(sent_at__isnull=True), name="credits_sandboxnotice_due")]
