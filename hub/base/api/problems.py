"""Refusals as RFC 9457 problem documents, with the same codes as on the socket."""

from __future__ import annotations

import math
import uuid
from collections.abc import Mapping
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404
from django.utils import translation
from rest_framework import exceptions
from rest_framework.response import Response

from hub.base.errors import BadFrame, DomainError, Forbidden, Internal, NotFound, NotSignedIn, TooFast, TooLarge

CONTENT_TYPE = "application/problem+json"

log = structlog.get_logger(__name__)


def problem(code: str, status: int, title: str, *, retry_after_ms: int | None = None, **extra: object) -> Response:
    """One problem document. `extra` are members of the problem's own (by, fields, errors)."""
    body: dict[str, object] = {"type": f"urn:balie:problem:{code}", "title": title, "status": status, "code": code}
    headers = {}
    if retry_after_ms is not None:
        body["retry_after_ms"] = retry_after_ms
        headers["Retry-After"] = str(math.ceil(retry_after_ms / 1000))
    if status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="Balie"'
    return Response({**body, **extra}, status=status, headers=headers, content_type=CONTENT_TYPE)


def problem_of(refusal: DomainError) -> Response:
    language = translation.get_language() or "en"
    return problem(
        refusal.code,
        refusal.status,
        refusal.text(language),
        retry_after_ms=refusal.retry_after_ms,
        **{name: value for name, value in refusal.params.items() if name not in ("type", "title", "status", "code")},
    )


def answer_exception(exc: Exception, context: Mapping[str, Any]) -> Response:
    """REST framework's EXCEPTION_HANDLER: nothing leaves the API in another shape."""
    if isinstance(exc, DomainError):
        return problem_of(exc)
    if isinstance(exc, exceptions.ValidationError):
        return problem("invalid", 400, _title(exc), errors=exc.detail)
    if isinstance(exc, exceptions.Throttled):
        return problem_of(TooFast(retry_after_ms=math.ceil((getattr(exc, "wait", None) or 1) * 1000)))
    if isinstance(exc, exceptions.APIException):
        return _of_framework(exc)
    if isinstance(exc, Http404):
        return problem_of(NotFound())
    if isinstance(exc, PermissionDenied):
        return problem_of(Forbidden())
    if isinstance(exc, SuspiciousOperation):
        return problem_of(TooLarge() if isinstance(exc, RequestDataTooBig) else BadFrame())
    return _unexpected(exc)


_KNOWN: dict[int, type[DomainError]] = {401: NotSignedIn, 403: Forbidden, 404: NotFound, 413: TooLarge}


def _of_framework(exc: exceptions.APIException) -> Response:
    known = _KNOWN.get(exc.status_code)
    if known is not None:
        return problem_of(known())
    if isinstance(exc, exceptions.ParseError):
        return problem_of(BadFrame())
    return problem(str(exc.default_code), exc.status_code, str(exc.detail))


def _title(exc: exceptions.APIException) -> str:
    return str(exc.default_detail)


def _unexpected(exc: Exception) -> Response:
    """A mistake of ours: the traceback goes to the log under a reference, and only the reference goes out."""
    reference = uuid.uuid4().hex[:12]
    log.error("api.failed", reference=reference, exc_info=exc)
    return problem_of(Internal(reference))
