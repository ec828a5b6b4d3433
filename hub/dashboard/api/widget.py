"""`/widget/session/`: the widget's token (protocol.md; docs/how/sign-in.md)."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import msgspec
from django.conf import settings
from django.http import HttpRequest
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hub.accounts.public import (
    ApiView,
    Claims,
    Origin,
    User,
    WrongSignIn,
    bearer_token,
    check_sign_in,
    load_person,
    tokens,
)
from hub.base import clock
from hub.base.addresses import address_mark, client_address
from hub.base.errors import NotSignedIn
from hub.base.limits import Limit, use
from hub.dashboard import queries
from hub.dashboard.api import shapes
from hub.site.public import Website, get_website, is_known_origin, require_origin, sign_in_site_user


class WidgetSessionView(ApiView):
    """Never signed in by the hub's cookie: a page elsewhere must not act as who is signed in here."""

    public = True
    answers_once = False
    authentication_classes = ()

    @extend_schema(request=shapes.WidgetSessionIn, responses=shapes.WidgetSessionOut)
    def post(self, request: Request) -> Response:
        """By the site's signed token, by login and password, by the old token (renewal), or as a visitor."""
        address = client_address(request.META)
        use(Limit("widget.session", settings.WIDGET_SESSIONS_PER_MINUTE, 60), address)
        asked = shapes.WidgetSessionIn(data=request.data)
        asked.is_valid(raise_exception=True)
        said = asked.validated_data
        website = get_website(said["site_key"])
        require_origin(request._request, website)
        user, visitor_key = _who(request, website, said, address)
        language = said["language"] if said["language"] in dict(settings.LANGUAGES) else ""
        return Response(_answer(website, user, visitor_key, language, address))

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Response:
        """A browser asks before it posts from another origin; it does not say for which site."""
        return Response(status=204)

    def _limit(self, request: Request, person: object) -> None:
        """This endpoint has a limit of its own."""

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().finalize_response(request, response, *args, **kwargs)
        _allow_origin(request._request, answer)
        return answer


def _allow_origin(request: HttpRequest, response: Any) -> None:
    """CORS for the origins of our websites, without credentials."""
    response["Vary"] = "Origin"
    response["Cache-Control"] = "no-store"
    origin = request.headers.get("Origin", "")
    if is_known_origin(origin):
        response["Access-Control-Allow-Origin"] = origin
        response["Access-Control-Allow-Methods"] = "POST"
        response["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
        response["Access-Control-Max-Age"] = "600"


def _who(request: Request, website: Website, said: dict[str, str], address: str) -> tuple[User | None, str | None]:
    """The customer, or the key of a visitor."""
    if said["identity"]:
        return sign_in_site_user(website, said["identity"]), None
    if said["login"] or said["password"]:
        return _by_password(said["login"], said["password"], address), None
    token = bearer_token(request)
    if token is not None:
        return _renewed(website, token)
    use(Limit("widget.visitor", settings.WIDGET_VISITORS_PER_MINUTE, 60), address)
    return None, str(uuid.uuid4())


def _by_password(login: str, password: str, address: str) -> User:
    """Customers only: staff sign in with their second factor, on the hub's own page (P7)."""
    user = check_sign_in(login=login, password=password, origin=Origin(address=address))
    if user.kind != User.Kind.CUSTOMER:
        raise WrongSignIn
    return user


def _renewed(website: Website, token: str) -> tuple[User | None, str | None]:
    """Who the old token was, also a while after its end. It must be a widget's, of this website."""
    claims = tokens.read(token, expired_for=timedelta(seconds=settings.WIDGET_RENEW_VISITOR_S))
    if claims is None or claims.side != "visitor" or claims.token_id or claims.site_id != website.pk:
        raise NotSignedIn
    person = load_person(_living(claims))
    if claims.user_id is None:
        return None, claims.visitor_key
    return User.objects.select_related("membership__organisation").get(pk=person.user_id), None


def _living(claims: Claims) -> Claims:
    """The claims as if they still held, for load_person; a customer's only within their shorter time."""
    now = clock.now()
    shorter = timedelta(seconds=settings.WIDGET_RENEW_CUSTOMER_S)
    if claims.user_id is not None and tokens.expires_at(claims) + shorter <= now:
        raise NotSignedIn
    return msgspec.structs.replace(claims, expires_at=now.timestamp() + 1)


def _answer(
    website: Website, user: User | None, visitor_key: str | None, language: str, address: str
) -> dict[str, object]:
    lifetime = timedelta(seconds=settings.WIDGET_TOKEN_S)
    token = tokens.issue(
        side="visitor",
        lifetime=lifetime,
        user_id=user.pk if user else None,
        visitor_key=visitor_key,
        sign_in_version=user.sign_in_version if user else 0,
        site_id=website.pk,
        scopes=("chat", "credits", "people"),
        language=language,
        address_mark=address_mark(address) if user is None else "",
    )
    answer: dict[str, object] = {"token": token, "expires_at": clock.now() + lifetime}
    if user is not None:
        answer["customer"] = queries.describe_widget_customer(user, language=language)
    return shapes.shown(shapes.WidgetSessionOut, answer)
