"""The product's own page for what is not there, also in the demo: there Django's would list every address."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.views.defaults import page_not_found


class OwnPage:
    """With DEBUG alone: without it Django does the same by itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_nowhere = response.status_code == 404 and request.resolver_match is None
        return page_not_found(request, Http404()) if is_nowhere else response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return page_not_found(request, error) if isinstance(error, Http404) else None
