"""`/widget/session/`: the widget's token (docs/how/sign-in.md)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec
from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hub.accounts.public import (
    ApiView,
    Claims,
    Origin,
    SignedInDevice,
    User,
    WrongSignIn,
    bearer_token,
    check_sign_in,
    codes,
    devices,
    load_person,
    tokens,
)
from hub.base import clock
from hub.base.addresses import address_mark, client_address
from hub.base.api.parsing import Said, said_in
from hub.base.errors import NotSignedIn
from hub.base.limits import Limit, use
from hub.dashboard import queries
from hub.dashboard.api import shapes
from hub.site.public import Website, get_website, is_known_origin, require_origin, sign_in_site_user

# A website's server can make its users' tokens (P11): who owns an organisation must not be handed over by it.
SCOPES = ("chat", "tickets", "credits", "people:read")


@dataclass(frozen=True, slots=True)
class Comer:
    """A customer, or a visitor by their key. `device_id`: the widget as one of the customer's devices (P9)."""

    user: User | None = None
    visitor_key: str | None = None
    device_id: int | None = None


class WidgetView(ApiView):
    """Never signed in by the hub's cookie: a page elsewhere must not act as who is signed in here."""

    public = True
    answers_once = False
    authentication_classes = ()

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Response:
        """A browser asks before it posts from another origin; it does not say for which site."""
        return Response(status=204)

    def _limit(self, request: Request, person: object) -> None:
        """These endpoints have a limit of their own."""

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().finalize_response(request, response, *args, **kwargs)
        _allow_origin(request._request, answer)
        return answer


class WidgetSessionView(WidgetView):
    @extend_schema(request=shapes.WidgetSessionIn, responses=shapes.WidgetSessionOut)
    def post(self, request: Request) -> Response:
        """By the site's signed token, by a one-time code, by login and password, by the old token, or as a visitor."""
        address = client_address(request.META)
        use(Limit("widget.session", settings.WIDGET_SESSIONS_PER_MINUTE, 60), address)
        said = said_in(shapes.WidgetSessionIn, request)
        website = get_website(said["site_key"])
        require_origin(request._request, website)
        comer = _who(request, website, said, address)
        language = _known_language(said)
        return Response(_answer(website, comer, language, address))


class WidgetCodeView(WidgetView):
    @extend_schema(request=shapes.WidgetCodeIn, responses=shapes.WidgetCodeOut)
    def post(self, request: Request) -> Response:
        """Send a one-time code to a customer (P2). The answer is the same whether or not there is one."""
        address = client_address(request.META)
        use(Limit("widget.session", settings.WIDGET_SESSIONS_PER_MINUTE, 60), address)
        said = said_in(shapes.WidgetCodeIn, request)
        require_origin(request._request, get_website(said["site_key"]))
        with translation.override(_known_language(said) or translation.get_language()):
            sent = codes.ask_sign_in_code(
                said["login"], origin=Origin(address=address), channel=said["channel"], customers_only=True
            )
        answer = {"challenge": sent.challenge, "expires_at": sent.expires_at, "again_at": sent.again_at}
        return Response(shapes.shown(shapes.WidgetCodeOut, answer), status=202)


def _known_language(said: Said) -> str:
    return said["language"] if said["language"] in dict(settings.LANGUAGES) else ""


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


def _who(request: Request, website: Website, said: Said, address: str) -> Comer:
    if said["identity"]:
        return Comer(sign_in_site_user(website, said["identity"]))
    if said["challenge"] or said["code"]:
        return _by_code(request, said, address)
    if said["login"] or said["password"]:
        return _by_password(request, said["login"], said["password"], address)
    token = bearer_token(request)
    if token is not None:
        return _renewed(website, token)
    use(Limit("widget.visitor", settings.WIDGET_VISITORS_PER_MINUTE, 60), address)
    return Comer(visitor_key=str(uuid.uuid4()))


def _by_password(request: Request, login: str, password: str, address: str) -> Comer:
    """Customers only: staff sign in with their second factor, on the hub's own page (P7)."""
    user = check_sign_in(login=login, password=password, origin=Origin(address=address))
    if user.kind != User.Kind.CUSTOMER:
        raise WrongSignIn
    return _signed_in(request, user, address, SignedInDevice.Means.PASSWORD)


def _by_code(request: Request, said: Said, address: str) -> Comer:
    """The code that was asked for here. Who was invited has their place from now on; a password can wait."""
    user = codes.sign_in_by_code(
        said["challenge"] or uuid.uuid4(), said["code"], origin=Origin(address=address), customers_only=True
    )
    return _signed_in(request, user, address, SignedInDevice.Means.CODE)


def _signed_in(request: Request, user: User, address: str, means: str) -> Comer:
    seen = devices.Seen(request.headers.get("User-Agent", ""), address)
    device = devices.remember_device(user, seen, kind=SignedInDevice.Kind.WIDGET, means=means)
    return Comer(user, device_id=device.pk)


def _renewed(website: Website, token: str) -> Comer:
    """Who the old token was, also a while after its end. It must be a widget's, of this website."""
    claims = tokens.read(token, expired_for=timedelta(seconds=settings.WIDGET_RENEW_VISITOR_S))
    if claims is None or claims.side != "visitor" or claims.token_id or claims.site_id != website.pk:
        raise NotSignedIn
    person = load_person(_living(claims))
    if claims.user_id is None:
        return Comer(visitor_key=claims.visitor_key)
    if claims.device_id is not None:
        devices.see_device(claims.device_id)
    user = User.objects.select_related("membership__organisation").get(pk=person.user_id)
    return Comer(user, device_id=claims.device_id)


def _living(claims: Claims) -> Claims:
    """The claims as if they still held, for load_person; a customer's only within their shorter time."""
    now = clock.now()
    shorter = timedelta(seconds=settings.WIDGET_RENEW_CUSTOMER_S)
    if claims.user_id is not None and tokens.expires_at(claims) + shorter <= now:
        raise NotSignedIn
    return msgspec.structs.replace(claims, expires_at=now.timestamp() + 1)


def _answer(website: Website, comer: Comer, language: str, address: str) -> dict[str, object]:
    user = comer.user
    lifetime = timedelta(seconds=settings.WIDGET_TOKEN_S)
    token = tokens.issue(
        side="visitor",
        lifetime=lifetime,
        user_id=user.pk if user else None,
        visitor_key=comer.visitor_key,
        sign_in_version=user.sign_in_version if user else 0,
        site_id=website.pk,
        scopes=SCOPES,
        language=language,
        address_mark=address_mark(address) if user is None else "",
        device_id=comer.device_id,
    )
    answer: dict[str, object] = {"token": token, "expires_at": clock.now() + lifetime}
    if user is not None:
        answer["customer"] = queries.describe_widget_customer(user, language=language)
    return shapes.shown(shapes.WidgetSessionOut, answer)
