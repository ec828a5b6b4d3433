"""JSON bodies, in their shape and with a bound: REST framework reads one whole, whatever its size, depth and coding."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from io import BytesIO
from typing import IO, Any

from django.conf import settings
from rest_framework import serializers
from rest_framework.parsers import JSONParser
from rest_framework.request import Request

from hub.base.errors import BadFrame, TooLarge

Said = Mapping[str, Any]


def said_in(shape: type[serializers.BaseSerializer[Any]], request: Request) -> Said:
    """What was sent, once it fits the shape."""
    asked = shape(data=request.data)
    asked.is_valid(raise_exception=True)
    said: Said = asked.validated_data
    return said


class BoundedJSONParser(JSONParser):
    """Raises TooLarge, or BadFrame for what is no UTF-8, is nested deeper than anything of ours, or holds a text that
    PostgreSQL does not take: a NUL, or half of a character. So no endpoint need think of those.
    """

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        body = stream.read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        if len(body) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise TooLarge
        if codecs.lookup((parser_context or {}).get("encoding") or "utf-8").name != "utf-8":
            raise BadFrame
        try:
            said = super().parse(BytesIO(body), media_type, parser_context)
            _require_plain(said)
        except (RecursionError, UnicodeEncodeError) as error:
            raise BadFrame from error
        return said


def _require_plain(said: Any) -> None:
    if isinstance(said, str):
        if "\0" in said:
            raise BadFrame
        said.encode()
    elif isinstance(said, dict):
        for name, value in said.items():
            _require_plain(name)
            _require_plain(value)
    elif isinstance(said, list):
        for value in said:
            _require_plain(value)
