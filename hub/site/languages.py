"""Which language a page speaks: the account's, else what was chosen in this browser, else the browser's own, else the
brand's (U1). See docs/how/languages.md.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.utils import timezone, translation
from django.utils.translation.trans_real import parse_accept_lang_header

from hub.base.brand import Brand, brand_in_use

SOURCE_LANGUAGE = "en"


def shown_languages(brand: Brand | None = None) -> dict[str, str]:
    """Code and name, of all that the hub speaks or of what a brand offers. Adding a language is adding one folder."""
    offered = brand.languages if brand else ()
    return {code: name for code, name in settings.LANGUAGES if not offered or code in offered}


def language_of(request: HttpRequest, brand: Brand | None = None) -> str:
    """As chosen in this browser, else the first that the browser wants and the brand offers, else the brand's."""
    brand = brand or brand_in_use()
    offered = shown_languages(brand)
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    wanted = (code for code, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", "")))
    for code in (chosen, *(code.split("-")[0] for code in wanted), brand.default_language, settings.LANGUAGE_CODE):
        if code in offered:
            return code
    return next(iter(offered), SOURCE_LANGUAGE)


class PageLanguageMiddleware(LocaleMiddleware):
    """For who is not signed in. The answer says in which language it is, and that the browser had a say in it."""

    def process_request(self, request: HttpRequest) -> None:
        request.LANGUAGE_CODE = language_of(request)
        translation.activate(request.LANGUAGE_CODE)


def account_language(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """For who is signed in: the language and the time zone of their account. Stands after the authentication."""

    def answer(request: HttpRequest) -> HttpResponse:
        # Not to look into the session of who has none keeps `Vary: Cookie` off what everybody may cache.
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES and SESSION_KEY in request.session
        if not has_session or not request.user.is_authenticated:
            return get_response(request)
        if request.user.language in shown_languages():
            request.LANGUAGE_CODE = request.user.language
            translation.activate(request.LANGUAGE_CODE)
        with timezone.override(_zone(request.user.time_zone)):
            return get_response(request)

    return answer


def _zone(name: str) -> zoneinfo.ZoneInfo:
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo(settings.TIME_ZONE)
