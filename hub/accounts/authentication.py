"""Who calls the API: a bearer token, else the browser's cookie with a CSRF token. Both end in a Person."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication, CSRFCheck
from rest_framework.request import Request

from hub.accounts import tokens
from hub.accounts.access import Person, load_person
from hub.accounts.sessions import claims_of_session
from hub.accounts.tokens import Claims
from hub.base.errors import Forbidden, NotSignedIn


class PersonAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[Person, Claims] | None:
        claims = _claims_of_header(request) or _claims_of_cookie(request)
        if claims is None:
            return None
        return load_person(claims, getattr(request._request, "user", None)), claims

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="Balie"'


def bearer_token(request: Request) -> str | None:
    """The token of the Authorization header; None without such a header."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _claims_of_header(request: Request) -> Claims | None:
    token = bearer_token(request)
    if token is None:
        return None
    claims = tokens.read(token)
    if claims is None:
        raise NotSignedIn
    return claims


def _claims_of_cookie(request: Request) -> Claims | None:
    inner: HttpRequest = request._request
    claims = claims_of_session(inner.session, getattr(inner, "user", None))
    if claims is not None:
        _require_csrf(inner)
    return claims


def _require_csrf(request: HttpRequest) -> None:
    def unused(_: Any) -> Any:
        return None

    check = CSRFCheck(unused)
    check.process_request(request)
    if check.process_view(request, unused, (), {}):
        raise Forbidden
