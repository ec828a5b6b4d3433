"""Send what waits. Runs in a worker, in any number of them, and may be killed anywhere (docs/how/outbox.md).

A row is taken by moving its `next_try_at` into the future, in one statement that other workers skip. Who is killed
while holding it lets it fall back when that time comes; if the mail was out already it goes again, with the same
Message-ID. Each taking counts as a try, so that a message which kills the worker cannot do so for ever.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from django.conf import settings
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_noop

from hub.base import clock, sms_rules
from hub.base.gateways.mail import MailGateway
from hub.base.gateways.outcomes import GatewayDown, NotNow, Refused
from hub.base.gateways.sms import Sms, SmsProvider, provider_of_settings
from hub.base.models import OutboxMessage

log = structlog.get_logger(__name__)

BATCH: Final = 20
RUN_S: Final = 20.0  # then the thread is given back; what is left is asked for anew
# A worker that holds rows must be done with them by then. No mail is begun in the last part, which is longer than one
# can take: ten exchanges with a server that just keeps within MAIL_TIMEOUT_S.
LEASE: Final = timedelta(seconds=300)
BEGIN_BEFORE_END: Final = timedelta(seconds=120)
GATEWAY_PAUSE_S: Final = 15.0
GATEWAY_PAUSE_S_MAX: Final = 3600.0
BACKOFF_S: Final = (10, 30, 60, 300, 900, 3600, 3 * 3600, 6 * 3600, 12 * 3600)
TRIES_MAX: Final = len(BACKOFF_S) + 1
ERROR_CHARACTERS_MAX: Final = 300

TOO_LATE = gettext_noop("It could not be sent while it was of use.")
GAVE_UP = gettext_noop("It was begun many times and never finished.")
COUNTRY = gettext_noop("No SMS are sent to this country.")
DAILY_CAP = gettext_noop("What may be spent on SMS in a day is spent.")
OUR_FAULT = gettext_noop("Something went wrong on our side; the log has more.")

_TAKE = """
WITH due AS MATERIALIZED (
    SELECT id FROM base_outboxmessage
    WHERE state = 'waiting' AND next_try_at <= %(now)s AND channel = ANY(%(channels)s)
    ORDER BY urgency, next_try_at LIMIT %(batch)s FOR UPDATE SKIP LOCKED
)
UPDATE base_outboxmessage o SET tries = tries + 1, next_try_at = %(until)s FROM due WHERE o.id = due.id RETURNING o.*
"""

_draining = threading.Lock()
_again = threading.Event()


def drain_alone() -> bool:
    """Drain, in one thread of this process at a time. Whether more is to be sent now."""
    _again.set()
    more = False
    while _again.is_set() and _draining.acquire(blocking=False):
        try:
            _again.clear()
            more = drain()
        finally:
            _draining.release()
        if more:
            break
    return more


def drain(run_s: float = RUN_S) -> bool:
    """Send what is due, urgent things first. Answers whether time ran out before the rows did."""
    ends_at = clock.now() + timedelta(seconds=run_s)
    with Gateways() as gateways:
        while channels := gateways.open_channels():
            held_until = clock.now() + LEASE
            rows = _take(channels, held_until)
            if not rows:
                return False
            for position, row in enumerate(rows):
                if clock.now() >= min(ends_at, held_until - BEGIN_BEFORE_END):
                    _put_back(rows[position:], clock.now())
                    return True
                _attempt(row, gateways)
    return False


def _take(channels: Iterable[str], until: datetime) -> list[OutboxMessage]:
    values = {"now": clock.now(), "until": until, "channels": sorted(channels), "batch": BATCH}
    rows = list(OutboxMessage.objects.raw(_TAKE, values))
    prefetch_related_objects(rows, "files")
    return sorted(rows, key=lambda row: (row.urgency, row.pk))


def _attempt(row: OutboxMessage, gateways: Gateways) -> None:
    try:
        _require_of_use(row)
        reference = gateways.send(row)
    except Refused as refusal:
        _fail(row, refusal.reason)
    except NotNow as delay:
        _try_later(row, delay.reason)
    except GatewayDown as down:
        _put_back([row], clock.now() + timedelta(seconds=_pause_s(down)), down.reason)
    except Exception:
        log.exception("outbox.send_failed", message=row.pk, purpose=row.purpose)
        _try_later(row, OUR_FAULT)
    else:
        _note_sent(row, reference)


def _require_of_use(row: OutboxMessage) -> None:
    if row.expires_at is not None and row.expires_at <= clock.now():
        raise Refused(TOO_LATE)
    if row.tries > TRIES_MAX:
        raise Refused(GAVE_UP)


def _note_sent(row: OutboxMessage, reference: str) -> None:
    now = clock.now()
    wiped = {"text": "", "html": "", "wiped_at": now} if row.is_secret and not settings.DEMO else {}
    _update(row, state=OutboxMessage.State.SENT, sent_at=now, error="", provider_reference=reference[:120], **wiped)


def _try_later(row: OutboxMessage, reason: str) -> None:
    if row.tries >= TRIES_MAX:
        _fail(row, reason)
        return
    delay = timedelta(seconds=BACKOFF_S[row.tries - 1])
    _update(row, next_try_at=clock.now() + delay, error=reason[:ERROR_CHARACTERS_MAX])


def _fail(row: OutboxMessage, reason: str) -> None:
    log.warning("outbox.failed", message=row.pk, purpose=row.purpose, channel=row.channel)
    _update(row, state=OutboxMessage.State.FAILED, error=reason[:ERROR_CHARACTERS_MAX])


def _put_back(rows: Iterable[OutboxMessage], at: datetime, reason: str = "") -> None:
    """As if they had not been taken: no try is counted."""
    for row in rows:
        why = {"error": reason[:ERROR_CHARACTERS_MAX]} if reason else {}
        _update(row, tries=row.tries - 1, next_try_at=at, **why)


def _update(row: OutboxMessage, **values: Any) -> None:
    """Not for a row that somebody else has finished in the meantime: what is sent stays sent."""
    OutboxMessage.objects.filter(pk=row.pk, state=OutboxMessage.State.WAITING).update(
        cost_cents=row.cost_cents, **values
    )


def _pause_s(down: GatewayDown) -> float:
    asked = GATEWAY_PAUSE_S if down.retry_after_s is None else down.retry_after_s
    return min(max(asked, GATEWAY_PAUSE_S), GATEWAY_PAUSE_S_MAX)


class Gateways:
    """The connections of one run, opened when they are first needed, and which of them are down."""

    def __init__(self) -> None:
        self._closing = ExitStack()
        self._down: dict[str, GatewayDown] = {}
        self._mail: MailGateway | None = None
        self._sms: SmsProvider | None = None

    def __enter__(self) -> Gateways:
        return self

    def __exit__(self, *error: object) -> None:
        self._closing.close()

    def open_channels(self) -> set[str]:
        return set(OutboxMessage.Channel.values) - set(self._down)

    def send(self, row: OutboxMessage) -> str:
        """Raises an outcome. Once a gateway was down, it is for the rest of the run."""
        if row.channel in self._down:
            raise self._down[row.channel]
        try:
            return self._send_mail(row) if row.channel == OutboxMessage.Channel.MAIL else self._send_sms(row)
        except GatewayDown as down:
            log.warning("outbox.gateway_down", channel=row.channel, reason=down.reason)
            self._down[row.channel] = down
            raise

    def _send_mail(self, row: OutboxMessage) -> str:
        if self._mail is None:
            self._mail = self._closing.enter_context(MailGateway())
        return self._mail.send(row)

    def _send_sms(self, row: OutboxMessage) -> str:
        if not sms_rules.is_served(row.to):
            raise Refused(COUNTRY)
        cents = sms_rules.cost_cents(row.text)
        if not sms_rules.spend(cents):
            log.error("outbox.sms_cap_reached", message=row.pk)
            raise Refused(DAILY_CAP)
        row.cost_cents += cents
        self._sms = self._sms or provider_of_settings()
        try:
            return self._sms.send(Sms(row.to, row.text, row.sender, str(row.message_id)))
        except (Refused, GatewayDown):
            sms_rules.give_back(cents)
            row.cost_cents -= cents
            raise
