"""What providers send us (S3): stored raw, once, answered at once, and a reason to look; never believed.

The address is open to everybody, so what it keeps is bounded: a body of BODY_BYTES_MAX, and per sender only so many
notices about payments that we do not know.
"""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Any, Final

import structlog
from django.db import connection

from credits.errors import ProviderUnknown, PurchaseUnknown
from credits.models import PaymentNotice, Purchase
from credits.store.nudging import NOTICES, nudge_after_commit
from credits.store.outside import require_no_transaction
from credits.store.providers import registry
from credits.store.providers.base import Forged, Notice, ProviderDown
from credits.store.settling import settle
from hub.base import clock
from hub.base.limits import Limit, use

log = structlog.get_logger(__name__)

BODY_BYTES_MAX: Final = 65_536
HEADERS_KEPT_BYTES_MAX: Final = 8_192
UNKNOWN: Final = Limit("store.notice.unknown", 300, 3600)  # per address
LEASE: Final = timedelta(minutes=2)
BATCH: Final = 50
TRIES_MAX: Final = 60

# One statement: whether it is about a payment of ours, and if so the row. Each round trip counts (bench.payments).
_INSERT = """
with known as (
  select exists(select from credits_purchase where provider = %(provider)s and provider_ref = any(%(refs)s)) as yes),
made as (
  insert into credits_paymentnotice (digest, provider, body, headers, query, waiting, next_try_at, at)
  select %(digest)s, %(provider)s, %(body)s, %(headers)s, %(query)s, true, %(now)s, %(now)s
    from known where yes or %(anyway)s
  on conflict (digest) do nothing returning 1)
select (select yes from known), exists(select from made)"""
# A copy that nobody has begun to work on since changes nothing, and locks nothing.
_AGAIN = """
update credits_paymentnotice set waiting = true, next_try_at = %s, tries = 0 where digest = %s and not waiting"""
_TAKE = """
update credits_paymentnotice set waiting = false, next_try_at = %(lease)s, tries = tries + 1
 where id = any(array(select id from credits_paymentnotice where next_try_at <= %(now)s
                       order by next_try_at limit %(batch)s for update skip locked))
returning id"""


def receive(provider_name: str, notice: Notice, sender: str) -> None:
    """Keep it and have somebody look. Raises ProviderUnknown, Forged, TooFast; a copy changes nothing."""
    provider = registry.find(provider_name)
    refs = provider.refs_of(notice)
    values = {
        "provider": provider_name,
        "refs": refs,
        "digest": digest_of(provider_name, notice),
        "body": notice.body,
        "headers": _bounded(notice.headers),
        "query": _bounded(notice.query),
        "now": clock.now(),
        "anyway": False,
    }
    known, made = _keep(values)
    if not known:
        use(UNKNOWN, sender)
        _, made = _keep({**values, "anyway": True})
    if made or _again(values):
        nudge_after_commit(NOTICES)


def _keep(values: dict[str, Any]) -> tuple[bool, bool]:
    """Whether it is about a payment of ours, and whether it came for the first time."""
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, values)
        known, made = cursor.fetchone()
    return known, made


def _again(values: dict[str, Any]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_AGAIN, [values["now"], values["digest"]])
        return bool(cursor.rowcount)


def digest_of(provider_name: str, notice: Notice) -> str:
    """Of what was said. Headers differ from copy to copy, and say nothing about a payment."""
    said = json.dumps([provider_name, sorted(notice.query.items())]).encode() + b"\0" + notice.body
    return hashlib.sha256(said).hexdigest()


def _bounded(pairs: object) -> str:
    text = json.dumps(pairs if isinstance(pairs, dict) else dict(pairs))  # type: ignore[call-overload]
    return text if len(text) <= HEADERS_KEPT_BYTES_MAX else "{}"


def handle_waiting(batch: int = BATCH) -> int:
    """Work on the notices that wait, each by itself; how many were taken."""
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"lease": now + LEASE, "now": now, "batch": batch})
        ids = [notice_id for (notice_id,) in cursor]
    for notice_id in ids:
        try:
            _handle(notice_id)
        except Exception:  # one must not stop the others; the lease brings it back
            log.exception("store.notice_failed", notice=notice_id)
    return len(ids)


def _handle(notice_id: int) -> None:
    require_no_transaction()
    row = PaymentNotice.objects.get(pk=notice_id)
    try:
        result = _look(row)
    except ProviderDown as down:
        wait = timedelta(seconds=down.retry_after_s or min(600, 10 * row.tries))
        late = row.tries >= TRIES_MAX  # the sweep of the purchase itself goes on
        _finish(row, "given_up" if late else "provider_down", None if late else clock.now() + wait)
        return
    _finish(row, result, None)


def _look(row: PaymentNotice) -> str:
    try:
        provider = registry.find(row.provider)
    except ProviderUnknown:
        return "switched_off"
    try:
        refs = provider.verify(Notice(bytes(row.body), row.headers, row.query))
    except Forged:
        return "forged"
    purchases = Purchase.objects.filter(provider=row.provider, provider_ref__in=refs)
    found = list(purchases.values_list("pk", flat=True))
    for purchase_id in found:
        try:
            settle(purchase_id)
        except PurchaseUnknown:
            continue
    return "looked" if found else "unknown"


def _finish(row: PaymentNotice, result: str, next_try_at: object) -> None:
    """Unless a copy came meanwhile: it may tell of what happened after we had looked."""
    PaymentNotice.objects.filter(pk=row.pk, waiting=False).update(result=result, next_try_at=next_try_at)
    PaymentNotice.objects.filter(pk=row.pk, waiting=True).update(result=result)
