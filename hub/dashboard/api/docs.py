"""`/docs/`: the OpenAPI document as a page of our own. No script and no styles from elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    type: str
    is_required: bool
    says: str
    is_answer: bool = False


@dataclass(frozen=True, slots=True)
class Endpoint:
    method: str
    path: str
    says: str
    parameters: list[Field]
    takes: list[Field]
    gives: list[Field]


@require_safe
def docs_page(request: HttpRequest) -> HttpResponse:
    generator: Any = SchemaGenerator
    document: dict[str, Any] = generator().get_schema(request=None, public=True)
    return render(request, "api/docs.html", {"groups": _groups(document)})


def _groups(document: dict[str, Any]) -> dict[str, list[Endpoint]]:
    """Endpoints by the first word of their path."""
    groups: dict[str, list[Endpoint]] = {}
    for path, operations in document["paths"].items():
        word = path.removeprefix("/api/v1/").split("/")[0]
        for method in METHODS:
            if method in operations:
                groups.setdefault(word, []).append(_endpoint(document, path, method, operations[method]))
    return groups


def _endpoint(document: dict[str, Any], path: str, method: str, operation: dict[str, Any]) -> Endpoint:
    answers = [content for code, content in operation["responses"].items() if code.startswith("2")]
    return Endpoint(
        method=method.upper(),
        path=path,
        says=operation.get("description", ""),
        parameters=[
            Field(
                item["name"], _type(document, item["schema"]), item.get("required", False), item.get("description", "")
            )
            for item in operation.get("parameters", [])
        ],
        takes=_fields(document, operation.get("requestBody", {})),
        gives=[replace(field, is_answer=True) for field in _fields(document, answers[0])] if answers else [],
    )


def _fields(document: dict[str, Any], body: dict[str, Any]) -> list[Field]:
    schema = body.get("content", {}).get("application/json", {}).get("schema", {})
    listed = schema.get("properties", {}).get("results", schema)
    shape = _resolve(document, listed.get("items", listed))
    required = set(shape.get("required", []))
    return [
        Field(name, _type(document, part), name in required, part.get("description", ""))
        for name, part in shape.get("properties", {}).items()
    ]


def _resolve(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = document["components"]["schemas"][name] if name else schema
    return found


def _type(document: dict[str, Any], schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return str(_resolve(document, schema).get("type", "object"))
    choices = schema.get("allOf") or schema.get("oneOf") or schema.get("anyOf")
    if choices:
        return " | ".join(_type(document, choice) for choice in choices)
    kind = schema.get("type", "any")
    if kind == "array":
        return f"[{_type(document, schema.get('items', {}))}]"
    return " | ".join(kind) if isinstance(kind, list) else str(kind)
