"""Doing once what is asked twice: the same id, the same answer; other content is a conflict."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from django.db import connection, transaction

from chat.entries import content_hash
from chat.errors import SameIdOtherContent
from chat.models import Request
from chat.wire import outgoing
from hub.accounts.public import Person, User
from hub.base import clock

CLAIM = (
    "insert into chat_request(user_id, client_id, content_hash, answer, at) values (%s, %s, %s, 'null', %s) "
    "on conflict (user_id, client_id) do nothing returning id"
)


Action = Callable[..., dict[str, Any]]


@transaction.atomic
def once(action: Action, *, actor: Person, frame: Any) -> outgoing.Ok:
    """Run the action in one transaction with the note that it was done. A refusal leaves no note."""
    user_id = actor.user_id or _find_visitor(actor)
    noted = None if user_id is None else _claim(user_id, frame)
    if isinstance(noted, outgoing.Ok):
        return noted
    answer = outgoing.Ok(re=frame.id, **action(actor=actor, frame=frame))
    if user_id is None:  # an unsigned visitor's first action has made their row
        user_id = _find_visitor(actor)
        noted = None if user_id is None else _claim(user_id, frame)
    if isinstance(noted, int):
        Request.objects.filter(pk=noted).update(answer=msgspec.to_builtins(answer))
    return answer


def _claim(user_id: int, frame: Any) -> outgoing.Ok | int:
    """The answer that was given before, or the row that is ours now. Waits for the same request in another process."""
    digest = bytes.fromhex(content_hash(frame))
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [user_id, frame.id, digest, clock.now()])
        row = cursor.fetchone()
    if row is not None:
        return int(row[0])
    noted = Request.objects.get(user=user_id, client_id=frame.id)
    if bytes(noted.content_hash) != digest:
        raise SameIdOtherContent
    return msgspec.convert(noted.answer, outgoing.Ok)


def _find_visitor(actor: Person) -> int | None:
    if actor.visitor_key is None:
        return None
    found: int | None = User.objects.filter(visitor_key=actor.visitor_key).values_list("pk", flat=True).first()
    return found
