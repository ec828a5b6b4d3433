"""Lists as `{"results", "next"}` with keyset cursors: a page costs the same however far it is."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import DataError
from django.db.models import Model, Q, QuerySet
from rest_framework.request import Request

from hub.base.errors import BadFrame

SIZE_DEFAULT = 50
SIZE_MAX = 200

M = TypeVar("M", bound=Model)


def page(
    request: Request, rows: QuerySet[M], *, order: Sequence[str], render: Callable[[list[M]], list[dict[str, object]]]
) -> dict[str, object]:
    """One page of `rows`. `order`: field names, each may begin with `-`; together unique (end with the id).

    Query parameters: `cursor` (from `next`) and `limit`.
    """
    limit = _limit(request)
    cursor = request.query_params.get("cursor")
    try:
        if cursor:
            rows = rows.filter(_after(order, _read(cursor, len(order))))
        found = list(rows.order_by(*order)[: limit + 1])
    except (ValueError, TypeError, OverflowError, ValidationError, DataError) as error:  # JSON knows 1e999
        raise BadFrame(field="cursor") from error
    shown = found[:limit]
    following = _next_url(request, order, shown[-1]) if len(found) > limit else None
    return {"results": render(shown), "next": following}


def _limit(request: Request) -> int:
    text = request.query_params.get("limit", str(SIZE_DEFAULT))
    if not text.isdecimal() or len(text) > len(str(SIZE_MAX)) or not 1 <= int(text) <= SIZE_MAX:
        raise BadFrame(field="limit")
    return int(text)


def _after(order: Sequence[str], values: Sequence[object]) -> Q:
    """What comes after these values: (a > x) or (a = x and b > y) …"""
    after, equal = Q(pk__in=()), Q()
    for name, value in zip(order, values, strict=True):
        field, comparison = (name[1:], "lt") if name.startswith("-") else (name, "gt")
        after |= equal & Q(**{f"{field}__{comparison}": value})
        equal &= Q(**{field: value})
    return after


def _next_url(request: Request, order: Sequence[str], last: Model) -> str:
    values = [_value(last, name.removeprefix("-")) for name in order]
    return url_of(request, base64.urlsafe_b64encode(json.dumps(values, default=str).encode()).rstrip(b"=").decode())


def url_of(request: Request, cursor: str) -> str:
    """The address of the page that begins at this cursor."""
    query = request.query_params.copy()
    query["cursor"] = cursor
    return str(request.build_absolute_uri(f"{request.path}?{query.urlencode()}"))


def _value(row: Any, path: str) -> Any:
    for part in path.split("__"):
        row = getattr(row, part)
    return row


def _read(cursor: str, length: int) -> list[object]:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError) as error:
        raise BadFrame(field="cursor") from error
    if not isinstance(values, list) or len(values) != length or any(isinstance(v, (dict, list)) for v in values):
        raise BadFrame(field="cursor")
    return values
