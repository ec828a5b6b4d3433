"""A brand's style sheet and logo: names that never change their content, so that caches keep them for ever."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from hub.site.colours import style_sheet
from hub.site.models import BrandLogo, BrandVersion

FOR_EVER = "public, max-age=31536000, immutable"


@require_safe
def style(request: HttpRequest, brand_id: int, number: int) -> HttpResponse:
    """`/brand/<id>-<version>.css`: the tokens that this brand's colours stand for."""
    version = BrandVersion.objects.filter(brand=brand_id, number=number).first()
    if version is None:
        raise Http404("No such version.")
    return _kept(HttpResponse(style_sheet(version.colour, version.accent), content_type="text/css; charset=utf-8"))


@require_safe
def logo(request: HttpRequest, digest: str) -> HttpResponse:
    found = BrandLogo.objects.filter(pk=digest).first() if digest.isalnum() else None
    if found is None:
        raise Http404("No such logo.")
    return _kept(HttpResponse(bytes(found.content), content_type="image/png"))


def _kept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = FOR_EVER
    # The widget's frame is on other people's pages, which may isolate themselves.
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
