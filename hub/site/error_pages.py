"""What is shown when something broke: in the frame of every page while that can be drawn, else bare."""

from __future__ import annotations

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import defaults

log = structlog.get_logger(__name__)


def server_error(request: HttpRequest) -> HttpResponse:
    """With the brand and the switch of the language (U1). What broke may break that, too: 500.html needs nothing."""
    try:
        return render(request, "server_error.html", status=500)
    except Exception:
        log.exception("error_page.bare")
        return defaults.server_error(request)
