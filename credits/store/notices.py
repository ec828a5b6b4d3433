"""What providers send us (S3): stored raw, once, and a reason to look; never believed. They come by notice_door.py.

The address is open to everybody, so what it keeps is bounded: a body of BODY_BYTES_MAX, and per sender only so many
notices about payments that we do not know.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
REF_CHARACTERS_MAX: Final = 200
UNKNOWN: Final = Limit("store.notice.unknown", 300, 3600)  # per address
LEASE: Final = timedelta(minutes=2)
BATCH: Final = 50
TRIES_MAX: Final = 60

# One statement for all that wait (group commit): which are about payments of ours, and those in rows. In the order of
# their digests, so that two processes that keep the same ones do not wait for each other in a ring.
_INSERT = """
with said as (
  select * from unnest(%(digests)s::text[], %(providers)s::text[], %(bodies)s::bytea[], %(headers)s::text[],
                       %(queries)s::text[]) with ordinality as s(digest, provider, body, headers, query, n)),
known as (
  select s.n from said s
   where %(anyway)s or exists (
     select from unnest(%(numbers)s::int[], %(refs)s::text[]) as about(n, ref)
       join credits_purchase p on p.provider_ref = about.ref
      where about.n = s.n and p.provider = s.provider)),
made as (
  insert into credits_paymentnotice (digest, provider, body, headers, query, waiting, next_try_at, at)
  select distinct on (digest) digest, provider, body, headers::jsonb, query::jsonb, true, %(now)s, %(now)s
    from said join known using (n) order by digest
  on conflict (digest) do nothing returning digest)
select s.n in (select n from known), s.digest in (select digest from made) from said s order by s.n"""
# A copy that nobody has begun to work on since changes nothing, and locks nothing.
_AGAIN = """
update credits_paymentnotice set waiting = true, next_try_at = %(now)s, tries = 0
 where id = any(array(select id from credits_paymentnotice where digest = any(%(digests)s) and not waiting
                       order by id for no key update)) and not waiting"""
_TAKE = """
update credits_paymentnotice set waiting = false, next_try_at = %(lease)s, tries = tries + 1
 where id = any(array(select id from credits_paymentnotice where next_try_at <= %(now)s
                       order by next_try_at limit %(batch)s for update skip locked))
returning id"""


@dataclass(frozen=True, slots=True)
class Said:
    """A notice of a provider of ours that reads like one: `refs` are the payments it is about."""

    provider: str
    refs: tuple[str, ...]
    notice: Notice
    digest: str


def read(provider_name: str, notice: Notice) -> Said:
    """Raises ProviderUnknown, Forged."""
    refs = registry.find(provider_name).refs_of(notice)
    if not all(ref.isprintable() and len(ref) <= REF_CHARACTERS_MAX for ref in refs):
        raise Forged("no id that a provider gives")
    return Said(provider_name, tuple(refs), notice, digest_of(provider_name, notice))


def keep(batch: Sequence[Said]) -> list[bool]:
    """Keep them and have somebody look; which of them are about payments of ours. The others are not kept."""
    return _keep(batch, anyway=False)


def keep_stranger(said: Said, sender: str) -> None:
    """Of a payment that we do not know, or do not know yet. Raises TooFast."""
    use(UNKNOWN, sender)
    _keep([said], anyway=True)


def _keep(batch: Sequence[Said], *, anyway: bool) -> list[bool]:
    now = clock.now()
    about = [(number, ref) for number, said in enumerate(batch, start=1) for ref in said.refs]
    values: dict[str, Any] = {
        "digests": [said.digest for said in batch],
        "providers": [said.provider for said in batch],
        "bodies": [said.notice.body for said in batch],
        "headers": [_bounded(said.notice.headers) for said in batch],
        "queries": [_bounded(said.notice.query) for said in batch],
        "numbers": [number for number, _ in about],
        "refs": [ref for _, ref in about],
        "anyway": anyway,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, values)
        kept = cursor.fetchall()
        copies = {said.digest for said, (known, made) in zip(batch, kept, strict=True) if known and not made}
        to_do = any(made for _, made in kept)
        if copies:
            cursor.execute(_AGAIN, {"digests": sorted(copies), "now": now})
            to_do = to_do or cursor.rowcount > 0
    if to_do:
        nudge_after_commit(NOTICES)
    return [known for known, _ in kept]


def digest_of(provider_name: str, notice: Notice) -> str:
    """Of what was said. Headers differ from copy to copy, and say nothing about a payment."""
    said = json.dumps([provider_name, sorted(notice.query.items())]).encode() + b"\0" + notice.body
    return hashlib.sha256(said).hexdigest()


def _bounded(pairs: Mapping[str, str]) -> str:
    """As PostgreSQL takes it: it knows no NUL."""
    text = json.dumps({name.replace("\0", ""): value.replace("\0", "") for name, value in pairs.items()})
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
