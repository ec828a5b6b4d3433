"""`/admin/bin/`: tickets that the hub owner deleted, until they go for good (P5). For the owner."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hub.accounts.public import owner_page
from hub.base.filters import number_of
from hub.base.forms import new_form_key
from hub.site.public import do_and_go, person_of, shown
from tickets.actions import binning
from tickets.in_bin import BIN_KEPT, lines


@require_safe
@owner_page
def index(request: HttpRequest) -> HttpResponse:
    rows, is_more = lines(before=number_of(request.GET.get("before")))
    values = {
        "rows": rows,
        "older": rows[-1].ticket.pk if is_more else None,
        "days": BIN_KEPT.days,
        "form_key": new_form_key(),
    }
    return shown(request, "admin/tickets/bin.html", values)


@require_POST
@owner_page
def restore(request: HttpRequest, number: int) -> HttpResponse:
    said = _("Ticket #%(number)s is back where it was.") % {"number": number}
    return do_and_go(request, lambda: binning.restore(person_of(request), number), said, to=reverse("admin-bin"))
