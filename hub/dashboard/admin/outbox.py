"""`/admin/outbox/`: what waits, what was sent, what failed and why. Nobody reads here what a message says.

The owner sees whom a message went to, what it was for and its files, lets what failed wait again, and sends again what
did not arrive. Codes and links would open other people's accounts.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from hub.accounts.public import audit, owner_page
from hub.base import clock, formats, sms_rules
from hub.base.downloads import download
from hub.base.filters import number_of
from hub.base.forms import KEY_FIELD, new_form_key
from hub.base.hub_settings import hub_settings
from hub.base.models import OutboxMessage
from hub.base.outbox import queries, repeating
from hub.site.public import do_and_go, person_of, shown


@require_safe
@owner_page
def index(request: HttpRequest) -> HttpResponse:
    search = request.GET.get("q", "").replace("\0", "")[: queries.SEARCH_CHARACTERS_MAX].strip()
    state = request.GET.get("state", "")
    found = queries.find(search=search, state=state, before=number_of(request.GET.get("before")))
    rows = list(found[: queries.PAGE + 1])
    values = {
        "rows": [(row, _may_repeat(row), _(row.error) if row.error else "") for row in rows[: queries.PAGE]],
        "older": rows[queries.PAGE - 1].pk if len(rows) > queries.PAGE else None,
        "search": search,
        "state": state if state in queries.STATES else "",
        "counts": queries.counts(),
        "form_key": new_form_key(),
        **_gateways(),
    }
    return shown(request, "admin/outbox.html", values)


@require_safe
@owner_page
def file(request: HttpRequest, message_id: int, file_id: int) -> HttpResponse:
    """What went with a mail; that it was looked at is written down, for it may be about anybody (P9)."""
    found = queries.find_file(message_id, file_id)
    if found is None:
        raise Http404
    audit.record(person_of(request), "outbox.file.opened", target_kind="message", target_id=message_id)
    return download(bytes(found.content), found.name, found.content_type)


def _may_repeat(row: OutboxMessage) -> bool:
    lives = row.expires_at is None or row.expires_at > clock.now()
    return row.wiped_at is None and bool(row.to) and lives


def _gateways() -> dict[str, object]:
    """By which doors messages leave, and what SMS cost today."""
    return {
        "mail_server": settings.EMAIL_HOST,
        "sms_provider": settings.SMS_PROVIDER,
        "demo": settings.DEMO,
        "spent_cents": sms_rules.spent_today_cents(),
        "most_cents": hub_settings().sms_cents_per_day_max,
    }


@require_POST
@owner_page
def retry(request: HttpRequest, message_id: int) -> HttpResponse:
    _get(message_id)

    def act() -> None:
        repeating.retry(message_id)
        audit.record(person_of(request), "outbox.message.retried", target_kind="message", target_id=message_id)

    return _done(request, act, _("It is tried again."))


@require_POST
@owner_page
def resend(request: HttpRequest, message_id: int) -> HttpResponse:
    _get(message_id)

    def act() -> None:
        repeating.resend(message_id, request.POST.get(KEY_FIELD, "").replace("\0", ""))
        audit.record(person_of(request), "outbox.message.resent", target_kind="message", target_id=message_id)

    return _done(request, act, _("It is sent once more."))


@require_POST
@owner_page
def retry_all(request: HttpRequest) -> HttpResponse:
    """Everything that failed: after whoever runs the mail server has mended it."""
    count = 0

    def act() -> None:
        nonlocal count
        count = repeating.retry_all()
        audit.record(person_of(request), "outbox.failed.retried", detail={"count": count})

    return _done(request, act, lambda: _retried(count))


def _done(request: HttpRequest, act: Callable[[], None], said: str | Callable[[], str]) -> HttpResponse:
    """Once per form; back to the list as it was."""
    query = urlencode({name: request.POST[name] for name in ("q", "state") if request.POST.get(name)})
    return do_and_go(request, act, said, to=reverse("admin-outbox") + (f"?{query}" if query else ""))


def _retried(count: int) -> str:
    text = ngettext("%(n)s message is tried again.", "%(n)s messages are tried again.", count)
    return text % {"n": formats.number(count)}


def _get(message_id: int) -> OutboxMessage:
    found = OutboxMessage.objects.filter(pk=message_id).first()
    if found is None:
        raise Http404
    return found
