"""What the pages have in common: a form again with what was wrong, and refusals in words."""

from __future__ import annotations

import math
from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from hub.base.errors import DomainError
from hub.base.forms import Filled


def said(refusal: DomainError | None) -> str:
    return refusal.text(translation.get_language() or "en") if refusal else ""


def faults_of(refusal: DomainError) -> dict[str, str]:
    """The sentence beside each field, where the refusal names fields."""
    fields = refusal.params.get("fields")
    return {str(name): str(text) for name, text in fields.items()} if isinstance(fields, dict) else {}


def page(
    request: HttpRequest,
    template: str,
    values: Mapping[str, object],
    refusal: DomainError | None = None,
    *,
    typed: Mapping[str, object] | None = None,
) -> HttpResponse:
    """The page with its form; after a refusal with its status, and when to come back. `typed` stands in the fields."""
    form = Filled(values=typed or {}, errors=faults_of(refusal) if refusal else {}, summary=said(refusal))
    return answered(render(request, template, {"form": form, **values}), refusal)


def answered(response: HttpResponse, refusal: DomainError | None) -> HttpResponse:
    if refusal is not None:
        response.status_code = refusal.status
        if refusal.retry_after_ms is not None:
            response["Retry-After"] = str(math.ceil(refusal.retry_after_ms / 1000))
    return response
