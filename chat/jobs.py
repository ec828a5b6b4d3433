"""What the dispatcher does for live chat, registered in chat/apps.py. Every job may stop anywhere and run twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from chat.actions import absence, deadlines, meter_news, queue, starting
from chat.actions.ending import settle
from chat.actions.one_by_one import one_by_one
from chat.groups import session_side
from chat.models import Lease, LeaseWatch, Process, Request, Session
from chat.queue_places import places
from chat.states import State
from chat.wire import codec, outgoing
from hub.base import clock
from hub.base.prepared import prepared
from hub.base.publish import publish
from hub.base.registries import Job, jobs

AT_ONCE_MAX: Final = 500
REQUESTS_KEPT: Final = timedelta(days=2)  # a client resends within minutes; this is for those that slept
LEASES_KEPT: Final = timedelta(hours=24)  # their seen_at is the last sign of life of who is gone


def route() -> None:
    queue.route()


def watch() -> None:
    """Absence, then deadlines: in this order, so that an outage shifts deadlines before one of them can pass (M5)."""
    at = clock.now()
    seen = absence.open_eyes(at)
    absence.look(at, seen)
    if seen.is_well:
        deadlines.expire(at)


def watch_silence() -> None:
    at = clock.now()
    lately = LeaseWatch.objects.filter(pk=1, well_at__gt=at - absence.OUTAGE).first()
    if lately is not None:
        deadlines.warn_or_end_silent(at, lately.counts_from)
        deadlines.finish_wrapups(at)


def hear_meters() -> None:
    meter_news.act_on_news()


def let_paid_in() -> None:
    """Credits may arrive in many ways (a purchase, staff, a refund); so the wallet is asked, not each way hooked."""
    one_by_one("payment", _waiting_to_pay(), starting.go_on_when_paid)


@prepared
def _waiting_to_pay() -> QuerySet[Session, UUID]:
    waiting = Session.objects.filter(state=State.WAITING, reason=Session.Reason.PAYMENT).order_by("queued_at")
    return waiting.values_list("pk", flat=True)[:AT_ONCE_MAX]


def begin_answered() -> None:
    """An answer was committed and the process died before the meter started: start it now (M2)."""
    one_by_one("first reply", _answered(), starting.begin)


@prepared
def _answered() -> QuerySet[Session, UUID]:
    answered = Session.objects.filter(state=State.ACTIVE, awaits_reply=True, counter__replied_at__isnull=False)
    return answered.values_list("pk", flat=True)[:AT_ONCE_MAX]


def settle_ended() -> None:
    """Summaries whose news was lost."""
    one_by_one("summary", _unsettled(), settle)


@prepared
def _unsettled() -> QuerySet[Session, UUID]:
    unsettled = Session.objects.filter(state=State.ENDED, summary__isnull=True).order_by("ended_at")
    return unsettled.values_list("pk", flat=True)[:AT_ONCE_MAX]


class Places:
    """Tells everybody who waits their place, when it changes (C3). What was told last is remembered here alone: another
    leader tells everybody once more, which costs little and changes nothing."""

    def __init__(self) -> None:
        self._told: dict[str, outgoing.Queue] = {}

    def publish_changes(self) -> None:
        now = {frame.session: frame for frame in places(clock.now()).values()}
        news = [frame for key, frame in now.items() if self._told.get(key) != frame]
        publish((session_side(frame.session, "customer"), codec.encode(frame)) for frame in news)
        self._told = now


def tidy() -> None:
    at = clock.now()
    Request.objects.filter(at__lt=at - REQUESTS_KEPT).delete()
    Lease.objects.filter(seen_at__lt=at - LEASES_KEPT).delete()
    Process.objects.filter(beat_at__lt=at - LEASES_KEPT, leases=None).delete()


def register() -> None:
    for job in (
        Job("chat.watch", 1.0, watch, frozenset({"presence"})),
        Job("chat.route", 1.0, route, frozenset({"queue", "presence"})),
        Job("chat.meters", 1.0, hear_meters, frozenset({"meter"})),
        Job("chat.payments", 1.0, let_paid_in, frozenset({"payment"})),
        Job("chat.answered", 2.0, begin_answered),
        Job("chat.silence", 2.0, watch_silence),
        Job("chat.settle", 5.0, settle_ended),
        Job("chat.places", 1.0, Places().publish_changes, frozenset({"queue"})),
        Job("chat.tidy", 300.0, tidy),
    ):
        jobs.register(job)
