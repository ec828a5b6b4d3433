"""`/demo/outbox/`: every e-mail and SMS that a demo hub sent. Elsewhere these addresses do not exist (X7)."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from hub.base.downloads import download
from hub.base.filters import number_of
from hub.base.models import OutboxFile, OutboxMessage
from hub.base.outbox import queries

# A mail is shown as its reader sees it, with the styles in its tags, and so in a page of its own: without scripts,
# without any request to elsewhere, without our origin. Links open in the whole window.
SHOWN_MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox "
    "allow-top-navigation-by-user-activation"
)


@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Newest first, found by recipient or subject."""
    _require_demo()
    search = request.GET.get("q", "").replace("\0", "")[: queries.SEARCH_CHARACTERS_MAX].strip()
    rows = list(queries.find(search=search, before=number_of(request.GET.get("before")))[: queries.PAGE + 1])
    values = {
        "rows": rows[: queries.PAGE],
        "older": rows[queries.PAGE - 1].pk if len(rows) > queries.PAGE else None,
        "search": search,
        "mark": "-".join(f"{row.pk}{row.state}" for row in rows[: queries.PAGE]),
    }
    return render(request, "demo/outbox.html", values)


@never_cache
@require_safe
def message(request: HttpRequest, message_id: int) -> HttpResponse:
    return render(request, "demo/message.html", {"row": _get(message_id), "files": _files(message_id)})


@never_cache
@require_safe
@xframe_options_sameorigin
def message_html(request: HttpRequest, message_id: int) -> HttpResponse:
    """The mail itself, for the frame in its page."""
    html = _get(message_id).html.replace("<head>", '<head><base target="_top">', 1)
    return HttpResponse(html, headers={"Content-Security-Policy": SHOWN_MAIL_POLICY})


@never_cache
@require_safe
def message_file(request: HttpRequest, message_id: int, file_id: int) -> HttpResponse:
    _require_demo()
    file = queries.find_file(message_id, file_id)
    if file is None:
        raise Http404
    return download(bytes(file.content), file.name, file.content_type)


def _get(message_id: int) -> OutboxMessage:
    _require_demo()
    found = OutboxMessage.objects.filter(pk=message_id).first()
    if found is None:
        raise Http404
    return found


def _files(message_id: int) -> list[OutboxFile]:
    return list(OutboxFile.objects.filter(message=message_id).defer("content").order_by("pk"))


def _require_demo() -> None:
    if not settings.DEMO:
        raise Http404
