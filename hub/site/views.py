"""What a website's page loads: the loader, the widget's frame, and in demo mode a shop that has both on it."""

from __future__ import annotations

import gzip
from functools import lru_cache
from pathlib import Path

from csp.constants import SELF
from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import condition, require_safe

from hub.base.brand import Brand, brand_in_use
from hub.site.brands import find_brand
from hub.site.identity import sign_identity
from hub.site.languages import language_of, shown_languages
from hub.site.models import Website
from hub.site.portal_site import PORTAL_SITE_KEY
from hub.site.queries import demo_website, find_website
from hub.site.shoppers import shoppers_of

# The loader's name never changes, so browsers ask again soon; the answer is mostly 304.
LOADER_SECONDS_MAX = 300


def _loader_path() -> Path:
    return Path(settings.FRONTEND_DIST) / "widget.js"


def _loader_etag(request: HttpRequest) -> str | None:
    path = _loader_path()
    return f'"{path.stat().st_mtime_ns:x}"' if path.is_file() else None


@lru_cache(maxsize=2)
def _loader(path: Path, changed_at: int) -> tuple[bytes, bytes]:
    """The loader as it is, and packed. `changed_at` makes a new build a new entry."""
    script = path.read_bytes()
    return script, gzip.compress(script, 9, mtime=0)


@require_safe
@condition(etag_func=_loader_etag)
def loader(request: HttpRequest) -> HttpResponse:
    """`/widget.js`: the same for every site, so that any cache between may keep it."""
    path = _loader_path()
    if not path.is_file():
        raise Http404("The front end was not built.")
    plain, packed = _loader(path, path.stat().st_mtime_ns)
    takes_gzip = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(packed if takes_gzip else plain, content_type="text/javascript; charset=utf-8")
    if takes_gzip:
        response["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ["Accept-Encoding"])
    response["Cache-Control"] = f"public, max-age={LOADER_SECONDS_MAX}"
    # A page that isolates itself (COEP) refuses scripts of others that do not say this.
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@require_safe
@xframe_options_exempt
def frame(request: HttpRequest) -> HttpResponse:
    """`/widget/frame/?site=KEY`: the widget's page. Only the site's own origins may put it into theirs."""
    website = find_website(request.GET.get("site", ""))
    if website is None:
        raise Http404("No such site.")
    allow = csp_replace({"frame-ancestors": [SELF, *website.origins]})
    return allow(lambda asked: _frame_page(asked, website))(request)  # type: ignore[return-value]


def _frame_page(request: HttpRequest, website: Website) -> HttpResponse:
    look = brand_of(website)
    language = _language_of(request, look)
    theme = request.GET.get("theme", "")
    with translation.override(language):
        response = render(
            request,
            "widget/frame.html",
            {
                "website": website,
                "look": look,
                # Until the owner has made a brand, a website is known by its own name.
                "name": look.name if look.version or website.site_key == PORTAL_SITE_KEY else website.name,
                "language": language,
                "direction": "rtl" if language in settings.LANGUAGES_BIDI else "ltr",
                "tickets_url": tickets_url(),
                "theme": theme if theme in ("light", "dark") else "",
            },
        )
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    # It names the scripts of this build: an update of the hub must not meet a page of before from a cache.
    response["Cache-Control"] = "no-cache"
    return response


def tickets_url() -> str:
    """Where a customer's tickets stand; '' while there are no such pages."""
    try:
        return reverse("tickets-page")
    except NoReverseMatch:
        return ""


def brand_of(website: Website) -> Brand:
    """The widget looks and speaks as its website's brand; on the hub's own pages as these do (A3)."""
    return brand_in_use() if website.site_key == PORTAL_SITE_KEY else find_brand(website.brand_id)


def _language_of(request: HttpRequest, brand: Brand) -> str:
    """As the page asks, if the brand offers it; else as the browser does."""
    asked = request.GET.get("lang", "").split("-")[0].lower()
    if asked in shown_languages(brand):
        return asked
    return language_of(request, brand)


@require_safe
def demo_shop(request: HttpRequest) -> HttpResponse:
    """`/demo/?as=…`: a shop with the widget. It signs its user's token as a site with its own login does (P11)."""
    website = demo_website()
    if website is None:
        raise Http404("There is a demo shop only in demo mode.")
    shoppers = shoppers_of(website)
    chosen = next((one for one in shoppers if one.sub == request.GET.get("as", shoppers[0].sub)), shoppers[-1])
    identity = sign_identity(website, sub=chosen.sub, name=chosen.name) if chosen.sub else ""
    language = translation.get_language().split("-")[0]
    return render(
        request,
        "demo/shop.html",
        {
            "website": website,
            "shoppers": shoppers,
            "chosen": chosen,
            "identity": identity,
            "language": language if language in shown_languages() else "en",
        },
    )
