"""`/personnel/requests/…`: who is at the limit asks, the manager or owner answers with one click (P4)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from credits.allowances import read_allowances
from credits.errors import WrongAmount
from credits.limit_requests import ask_for_more, decline_more, grant_more
from credits.models import LimitRequest
from credits.pages.authority import authority_of
from credits.personnel import step_of
from hub.accounts.public import customer_page
from hub.base.amounts import find_millicredits
from hub.base.forms import Filled
from hub.site.public import do_and_go, person_of


@require_http_methods(["GET", "HEAD", "POST"])
@customer_page
def answer(request: HttpRequest, request_id: int) -> HttpResponse:
    """Where the link of the mail leads: raise it for this month, for good, or say no."""
    person, authority = person_of(request), authority_of(request)
    asked = (
        LimitRequest.objects.visible_to(person)
        .filter(pk=request_id, allowance__user__membership__organisation=authority.organisation)
        .select_related("allowance__user__membership__unit", "answered_by")
        .first()
    )
    if asked is None or not authority.covers(asked.allowance.user.membership):
        raise Http404
    if request.method == "POST":
        return _answer(request, asked)
    user = asked.allowance.user
    allowance = read_allowances(asked.allowance.wallet_id, [user.pk])[user.pk]
    values = {"asked": asked, "who": user, "allowance": allowance, "step_m": step_of(allowance), "form": Filled()}
    return render(request, "portal/personnel_request.html", values)


def _answer(request: HttpRequest, asked: LimitRequest) -> HttpResponse:
    person, name, to = person_of(request), asked.allowance.user.name, reverse("personnel")
    back = reverse("personnel-request", args=[asked.pk])
    if request.POST.get("do") == "decline":
        text = _("%(name)s was told that there is no more this time.") % {"name": name}
        return do_and_go(request, lambda: decline_more(person, asked.pk), text, to=to, back=back)
    by_m = find_millicredits(request.POST.get("by", "").strip())
    for_good = request.POST.get("do") == "for_good"

    def grant() -> None:
        if by_m is None:
            raise WrongAmount(field="by")
        grant_more(person, asked.pk, by_m=by_m, for_good=for_good)

    text = _("The limit of %(name)s was raised.") % {"name": name}
    return do_and_go(request, grant, text, to=to, back=back)


@require_POST
@customer_page
def ask(request: HttpRequest) -> HttpResponse:
    """The own limit is too low: ask for more."""
    return do_and_go(
        request,
        lambda: ask_for_more(person_of(request)),
        _("Your manager was asked. You can go on as soon as the limit is raised."),
        to=reverse("personnel"),
    )
