"""While somebody pays, the grace of an empty meter lasts as long as a place in the queue is kept (C2, M4).

Once per grace: who begins one payment after the other gets no more time by it.
"""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.db import transaction

from credits.metering.gifts import give_grace
from credits.metering.news import tell_wallet
from credits.metering.views import read_rows, view_of
from credits.models import Meter, MeterEvent
from hub.base import clock, locking

PAYMENT: Final = "payment"  # who gave it, as the meter's events say


@transaction.atomic
def wait_for_payment(wallet_id: int) -> None:
    """A payment for this wallet has begun."""
    more_s = settings.PLACE_KEPT_WHILE_PAYING_S - settings.GRACE_WHEN_EMPTY_S
    empty = Meter.objects.filter(wallet_id=wallet_id, state=Meter.State.EMPTY)
    if more_s <= 0 or not empty.exists():
        return
    waiting = [meter.pk for meter in locking.lock(empty) if _waits_for_credits(meter) and not _was_given(meter)]
    for meter_id in waiting:
        give_grace(meter_id, more_s, actor=PAYMENT, reason="other")
    if waiting:
        tell_wallet(wallet_id, waiting)


def _waits_for_credits(meter: Meter) -> bool:
    """At a limit of one's own more credits change nothing."""
    rows = read_rows([meter.pk])
    return bool(rows) and view_of(rows[0], clock.now()).stops_by == "balance"


def _was_given(meter: Meter) -> bool:
    """Since it ran empty, whatever staff gave besides."""
    by_staff = meter.events.filter(kind=MeterEvent.Kind.GRACE).exclude(actor=PAYMENT)
    last = meter.events.exclude(pk__in=by_staff).order_by("-pk").first()
    return last is not None and last.kind == MeterEvent.Kind.GRACE
