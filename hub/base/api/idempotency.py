"""A POST with an Idempotency-Key is done once (docs/how/idempotency.md).

The key is inserted in the transaction of the action itself. A second request with the same key waits at that row: when
the first commits it gets the first's answer, when the first is rolled back it does the work. Refusals are kept too,
except those that say "later" (429, 503) and mistakes of ours.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta

from django.db import OperationalError, connection, transaction
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from hub.base import clock
from hub.base.api import problems
from hub.base.errors import BadFrame, Busy, Conflict, DomainError
from hub.base.models import IdempotentRequest

KEPT_FOR = timedelta(hours=24)
KEY_CHARACTERS_MAX = 255
# How long the second of two waits for the first. Longer than any action should take.
WAIT_MAX = "8s"

_NOT_KEPT = frozenset({429, 503})


def find_key(request: Request) -> str | None:
    """For endpoints that carry the key in rows of their own. Raises BadFrame when it is no key."""
    key = request.headers.get("Idempotency-Key")
    if key is not None and not _is_key(key):
        raise BadFrame(field="Idempotency-Key")
    return key


def in_64_characters(key: str | None) -> str | None:
    """For columns that hold no more: a longer key by its digest, so that two do not become one."""
    return key if key is None or len(key) <= 64 else hashlib.sha256(key.encode()).hexdigest()


def _is_key(key: str) -> bool:
    return 0 < len(key) <= KEY_CHARACTERS_MAX and key.isprintable()


def answer_once(request: Request, person_key: str, key: str, act: Callable[[], Response]) -> Response:
    """The answer of `act`, or the one that was given to this key before.

    Raises Conflict when the key came with another request before, BadFrame when it is no key.
    """
    if not _is_key(key):
        raise BadFrame(field="Idempotency-Key")
    digest = _digest(request)
    with transaction.atomic():
        if not _claim(person_key, key, digest):
            return _earlier(person_key, key, digest)
        response = _act(act)
        if response.status_code in _NOT_KEPT or response.status_code >= 500:
            transaction.set_rollback(True)
        else:
            _keep(person_key, key, response)
        return response


def remove_old() -> None:
    """A job: answers that nobody asks for any more."""
    IdempotentRequest.objects.filter(created_at__lt=clock.now() - KEPT_FOR).delete()


def _digest(request: Request) -> str:
    content = json.dumps([request.method, request.get_full_path(), request.data], sort_keys=True, cls=JSONEncoder)
    return hashlib.sha256(content.encode()).hexdigest()


def _claim(person_key: str, key: str, digest: str) -> bool:
    """Insert the key; False when it is there. Waits for whoever is doing the work under it now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [WAIT_MAX])
        try:
            cursor.execute(
                "INSERT INTO base_idempotentrequest (person_key, key, request_digest, status, answer, created_at)"
                " VALUES (%s, %s, %s, 0, NULL, %s) ON CONFLICT (person_key, key) DO NOTHING",
                [person_key, key, digest, clock.now()],
            )
        except OperationalError as error:
            raise Busy(retry_after_ms=2000) from error
        return bool(cursor.rowcount == 1)


def _earlier(person_key: str, key: str, digest: str) -> Response:
    kept = IdempotentRequest.objects.get(person_key=person_key, key=key)
    if kept.request_digest != digest:
        raise Conflict
    content_type = problems.CONTENT_TYPE if kept.status >= 400 else None
    response = Response(kept.answer, status=kept.status, content_type=content_type)
    response["Idempotency-Replayed"] = "true"
    return response


def _act(act: Callable[[], Response]) -> Response:
    try:
        with transaction.atomic():
            return act()
    except DomainError as refusal:
        return problems.problem_of(refusal)


def _keep(person_key: str, key: str, response: Response) -> None:
    answer = json.loads(json.dumps(response.data, cls=JSONEncoder))
    IdempotentRequest.objects.filter(person_key=person_key, key=key).update(status=response.status_code, answer=answer)
