"""JSON bodies: with a bound, for REST framework reads one whole, whatever its size and depth; and in their shape."""

from __future__ import annotations

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
    """Raises TooLarge, or BadFrame for what is nested deeper than anything of ours."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        body = stream.read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        if len(body) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise TooLarge
        try:
            return super().parse(BytesIO(body), media_type, parser_context)
        except RecursionError as error:
            raise BadFrame from error
