"""How long what accounts keep is kept (P10; docs/how/privacy.md). What has jobs of its own is not here."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from hub.accounts.models import AuditNote
from hub.base.personal_data import Retention, retentions


def declare() -> None:
    retentions.register(Retention("audit_notes", gettext_noop("Reasons that staff gave"), 730, empty_notes))


@transaction.atomic
def empty_notes(before: datetime, at_most: int) -> int:
    old = AuditNote.objects.filter(entry__at__lt=before).exclude(text="").order_by("pk")
    return AuditNote.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:at_most])).update(text="")
