"""How much room the files of one customer or organisation have, on their page (T11)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hub.accounts.public import staff_page
from hub.base.errors import Forbidden, NotFound
from hub.base.forms import typed
from hub.site.public import do_and_go, person_of
from tickets.files.quotas import Payer, quota_in, set_quota


@require_POST
@staff_page
def customer(request: HttpRequest, customer_id: int) -> HttpResponse:
    return _set(request, Payer(user_id=customer_id), reverse("admin-customer-tickets", args=[customer_id]))


@require_POST
@staff_page
def organisation(request: HttpRequest, organisation_id: int) -> HttpResponse:
    payer = Payer(organisation_id=organisation_id)
    return _set(request, payer, reverse("admin-organisation-tickets", args=[organisation_id]))


def _set(request: HttpRequest, payer: Payer, to: str) -> HttpResponse:
    """Nothing is what all have, 0 is no limit. To who is not in charge there is no such page."""
    person = person_of(request)
    text = typed(request.POST, ["quota_mb"])["quota_mb"]

    def act() -> None:
        try:
            set_quota(person, payer, quota_in(text))
        except Forbidden as error:
            raise NotFound from error

    return do_and_go(request, act, _("The room for files was saved."), to=to)
