"""Each request belongs to the brand of its host, and so does all that happens in it (A3)."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse

from hub.base.brand import Brand, using
from hub.site.brands import current_brand

# Nothing of these is anybody's look; a sign of life must not wait for the database.
WITHOUT_BRAND = frozenset({"/healthz", "/readyz", "/metrics", "/widget.js"})


def brand(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Looked up when it is asked for."""

    def answer(request: HttpRequest) -> HttpResponse:
        with using(lambda: _brand_of(request)):
            return get_response(request)

    return answer


def _brand_of(request: HttpRequest) -> Brand:
    """A host that ALLOWED_HOSTS does not name is refused further on; the page that says so is the default brand's."""
    if request.path in WITHOUT_BRAND:
        return Brand()
    try:
        return current_brand(request)
    except DisallowedHost:
        return current_brand()
