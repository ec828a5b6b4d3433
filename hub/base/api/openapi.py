"""What the OpenAPI document says of all endpoints alike: tokens, keys of requests, lists, refusals."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

METHODS: Final = ("get", "post", "put", "patch", "delete")
KEY: Final = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, description="The same again is done once, and answered as before"
)
COMPONENTS: Final[dict[str, Any]] = {
    "securitySchemes": {
        "token": {"type": "http", "scheme": "bearer"},
        "cookie": {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME},
    },
    "schemas": {
        "Problem": {
            "type": "object",
            "description": "A refusal (RFC 9457); what else stands in it depends on the code.",
            "properties": {
                "type": {"type": "string"},
                "title": {"type": "string", "description": "For people, in their language"},
                "status": {"type": "integer"},
                "code": {"type": "string", "description": "As in an `error` frame of the live protocol"},
                "retry_after_ms": {"type": "integer"},
            },
            "required": ["type", "title", "status", "code"],
        }
    },
}
_REFUSED: Final = {
    "description": "Refused",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
_PAGING: Final = (
    {"in": "query", "name": "cursor", "schema": {"type": "string"}, "description": "As `next` has it"},
    {"in": "query", "name": "limit", "schema": {"type": "integer", "minimum": 1}},
)


class Endpoint(AutoSchema):
    """DEFAULT_SCHEMA_CLASS."""

    def get_auth(self) -> list[dict[str, Any]]:
        nobody: list[dict[str, Any]] = [{}] if getattr(self.view, "public", False) else []
        return [*nobody, {"token": []}, {"cookie": []}]

    def get_override_parameters(self) -> list[Any]:
        return [KEY] if self.method == "POST" else []


def finish(result: dict[str, Any], **about: object) -> dict[str, Any]:
    """A POSTPROCESSING_HOOK: a list is `results` and `next`, and every endpoint may refuse."""
    for kind, known in COMPONENTS.items():
        result["components"].setdefault(kind, {}).update(known)
    for operations in result["paths"].values():
        for method in METHODS:
            if method in operations:
                operations[method]["responses"]["default"] = _REFUSED
        if "get" in operations:
            _tell_pages(operations["get"])
    return result


def _tell_pages(operation: dict[str, Any]) -> None:
    told = operation["responses"].get("200", {}).get("content", {}).get("application/json", {})
    if told.get("schema", {}).get("type") != "array":
        return
    listed = {"results": told["schema"], "next": {"type": ["string", "null"], "format": "uri"}}
    told["schema"] = {"type": "object", "properties": listed, "required": ["results", "next"]}
    parameters = operation.setdefault("parameters", [])
    if not {"limit", "after_seq"} & {one["name"] for one in parameters}:
        parameters += _PAGING
