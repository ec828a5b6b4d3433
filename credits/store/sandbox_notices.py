"""The sandbox's own sender: real HTTP from the worker to the notice address of each payment."""

from __future__ import annotations

import json
import random
from datetime import datetime, timedelta
from typing import Final

import requests
import structlog
from django.conf import settings
from django.db import connection

from credits.models import SandboxNotice
from hub.base import clock

log = structlog.get_logger(__name__)

TIMEOUT_S: Final = 5
TRIES_MAX: Final = 8
BATCH: Final = 50

_TAKE = """
update credits_sandboxnotice set due_at = %(later)s, tries = tries + 1
 where id = any(array(select id from credits_sandboxnotice
                       where sent_at is null and due_at <= %(now)s and tries < %(most)s
                       order by due_at limit %(batch)s for update skip locked))
returning id"""


def send_due(batch: int = BATCH) -> int:
    """Send what is due, in no order that anybody could rely on; how many."""
    now = clock.now()
    values: dict[str, datetime | int] = {
        "later": now + timedelta(seconds=10),
        "now": now,
        "most": TRIES_MAX,
        "batch": batch,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, values)
        ids = [notice_id for (notice_id,) in cursor]
    random.shuffle(ids)
    for notice_id in ids:
        _send(SandboxNotice.objects.select_related("payment").get(pk=notice_id))
    return len(ids)


def _send(notice: SandboxNotice) -> None:
    body = json.dumps({"payment": notice.payment.ref}).encode()
    headers = {"Content-Type": "application/json", "User-Agent": "Balie sandbox"}
    try:
        for _ in range(notice.copies):
            url = _address(notice.payment.notice_url)
            answer = requests.post(url, body, headers=headers, timeout=TIMEOUT_S, allow_redirects=False)
            answer.raise_for_status()
    except requests.RequestException as error:
        log.warning("sandbox.notice_not_taken", error=type(error).__name__, tries=notice.tries)
        return
    SandboxNotice.objects.filter(pk=notice.pk).update(sent_at=clock.now())


def _address(url: str) -> str:
    """Only ever ourselves (X4): what a row says cannot send us elsewhere."""
    if not url.startswith(f"{settings.PUBLIC_URL}/hooks/payments/"):
        raise requests.RequestException("not an address of this hub")
    return url
