"""Own data: a copy of them, and to be forgotten (P10; docs/how/privacy.md)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.accounts import own_account, steps
from hub.accounts.actions import data_exports, erasure, showing_who
from hub.accounts.gates import customer_page, signed_in_page
from hub.accounts.models import User
from hub.accounts.views.answers import page
from hub.accounts.views.profile import person_of
from hub.base.errors import DomainError, NotFound

CODE_KEY = "erasure_code"  # in the session: the challenge of the code that was asked for


@never_cache
@customer_page
@require_safe
def privacy_page(request: HttpRequest) -> HttpResponse:
    return _overview(request, own_account.get_own_account(person_of(request)))


def _overview(request: HttpRequest, user: User, refusal: DomainError | None = None) -> HttpResponse:
    exports = data_exports.own_exports(person_of(request), user)
    values = {
        "account": user,
        "exports": exports,
        "is_making": any(one.ready_at is None and one.failed_at is None for one in exports),
        "erasure": erasure.find_open(user),
    }
    return page(request, "portal/privacy.html", values, refusal)


@never_cache
@customer_page
@require_POST
def export_ask(request: HttpRequest) -> HttpResponse:
    user = own_account.get_own_account(person_of(request))
    try:
        data_exports.ask_export(person_of(request), user)
    except DomainError as refusal:
        return _overview(request, user, refusal)
    messages.success(request, _("We are putting your data together. You get an e-mail when they are ready."))
    return HttpResponseRedirect(reverse("profile-privacy"))


@never_cache
@signed_in_page
@require_safe
def export_file(request: HttpRequest, export_id: UUID) -> HttpResponse:
    """The file, for who asked for it; looked at anew each time, and never shown inside a page of ours."""
    try:
        export = data_exports.get_ready(person_of(request), export_id)
        with export.file.open("rb") as file:
            answer = HttpResponse(file.read(), content_type="application/zip")
    except (NotFound, FileNotFoundError):
        return page(request, "404.html", {}, NotFound())
    name = f"balie-{export.user.login_number}-{export.asked_at:%Y%m%d}.zip"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@sensitive_post_parameters("password", "code")
@never_cache
@customer_page
@require_http_methods(["GET", "POST"])
def erase_page(request: HttpRequest) -> HttpResponse:
    """What happens, what is lost, what is in the way; then who it is once more."""
    user = own_account.get_own_account(person_of(request))
    if erasure.find_open(user) is not None:
        return HttpResponseRedirect(reverse("profile-privacy"))
    if request.method == "GET":
        return _erase_form(request, user)
    origin = steps.origin_of(request, user)
    try:
        if request.POST.get("send"):
            request.session[CODE_KEY] = str(showing_who.ask_code(user, origin=origin).challenge)
            return _erase_form(request, user)
        challenge = request.session.get(CODE_KEY)
        shown = request.POST.get(showing_who.means_of(user), "")
        showing_who.show(user, shown, challenge=UUID(challenge) if challenge else None, origin=origin)
        erasure.ask_erasure(person_of(request), user)
    except DomainError as refusal:
        return _erase_form(request, user, refusal)
    request.session.pop(CODE_KEY, None)
    messages.success(request, _("Your account will be erased. Until then you can change your mind here."))
    return HttpResponseRedirect(reverse("profile-privacy"))


def _erase_form(request: HttpRequest, user: User, refusal: DomainError | None = None) -> HttpResponse:
    values = {
        "account": user,
        "means": showing_who.means_of(user),
        "code_sent": CODE_KEY in request.session,
        "obstacles": erasure.obstacles(user),
        "losses": erasure.losses(user),
        "due_at": erasure.due_at_if_asked_now(),
    }
    return page(request, "portal/privacy_erase.html", values, refusal)


@never_cache
@customer_page
@require_POST
def erase_cancel(request: HttpRequest) -> HttpResponse:
    user = own_account.get_own_account(person_of(request))
    erasure.cancel_erasure(person_of(request), user)
    messages.success(request, _("Your account stays. Nothing was erased."))
    return HttpResponseRedirect(reverse("profile-privacy"))
