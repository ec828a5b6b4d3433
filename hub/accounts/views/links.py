"""What mailed links open: a password, a new address, an invitation. Opening one changes nothing; its form does."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.accounts import steps
from hub.accounts.actions import contacts, invitations, one_time_links, passwords
from hub.accounts.actions.devices import Means
from hub.accounts.actions.sign_in import find_account
from hub.accounts.errors import Invalid, LinkExpired, LinkUnknown, LinkUsed
from hub.accounts.gates import find_person
from hub.accounts.models import Invitation, OneTimeLink
from hub.accounts.views import codes
from hub.accounts.views.answers import page
from hub.base.errors import DomainError

Purpose = OneTimeLink.Purpose


# -- Forgot password ---------------------------------------------------------------------------------------------------
@never_cache
@require_http_methods(["GET", "POST"])
def forgot_page(request: HttpRequest) -> HttpResponse:
    """The same answer whoever was typed."""
    login = request.POST.get("login", "").strip()[:254]
    if request.method == "GET" or not login:
        return page(request, "accounts/forgot.html", {}, typed={"login": request.GET.get("login", "")[:254]})
    try:
        passwords.ask_link(login, origin=steps.origin_of(request, find_account(login)))
    except DomainError as refusal:
        return page(request, "accounts/forgot.html", {}, refusal, typed={"login": login})
    return HttpResponseRedirect(reverse("password-sent"))


@require_safe
def forgot_sent_page(request: HttpRequest) -> HttpResponse:
    return page(request, "accounts/forgot_sent.html", {})


# -- A password by link ------------------------------------------------------------------------------------------------
@sensitive_post_parameters("password", "again")
@never_cache
@require_http_methods(["GET", "POST"])
def password_page(request: HttpRequest, token: str) -> HttpResponse:
    """Set a password; who does is signed in, staff after their second factor."""
    try:
        if request.method == "GET":
            return _password_form(request, one_time_links.get_link(token, Purpose.PASSWORD))
        user = passwords.set_by_link(token, request.POST.get("password", ""), request.POST.get("again", ""))
    except Invalid as refusal:
        return _password_form(request, one_time_links.get_link(token, Purpose.PASSWORD), refusal)
    except (LinkUnknown, LinkUsed, LinkExpired) as refusal:
        values: dict[str, object] = {"token": token, "kind": refusal.code, "purpose": Purpose.PASSWORD}
        return page(request, "accounts/link_over.html", values, refusal)
    return steps.go_on(request, user, following="", means=Means.LINK)


def _password_form(request: HttpRequest, link: OneTimeLink, refusal: DomainError | None = None) -> HttpResponse:
    values: dict[str, object] = {
        "login_number": link.user.login_number,
        "user_name": link.user.name,
    }
    return page(request, "accounts/new_password.html", values, refusal)


@never_cache
@require_POST
def password_again(request: HttpRequest, token: str) -> HttpResponse:
    """A new link instead of one that was used or has expired, to the same address."""
    link = one_time_links.find_link(token, Purpose.PASSWORD)
    if link is None:
        return HttpResponseRedirect(reverse("password-forgot"))
    try:
        passwords.send_again(link)
    except DomainError as refusal:
        values: dict[str, object] = {"token": token, "kind": "", "purpose": Purpose.PASSWORD}
        return page(request, "accounts/link_over.html", values, refusal)
    return HttpResponseRedirect(reverse("password-sent"))


# -- A new e-mail address ----------------------------------------------------------------------------------------------
@never_cache
@require_http_methods(["GET", "POST"])
def email_page(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever opens it reads that mailbox; the button makes it the account's address."""
    try:
        if request.method == "GET":
            link = one_time_links.get_link(token, Purpose.EMAIL)
            return page(request, "accounts/email_link.html", {"email": link.target})
        contacts.confirm_email(token)
    except DomainError as refusal:
        values: dict[str, object] = {"token": token, "kind": refusal.code, "purpose": Purpose.EMAIL}
        return page(request, "accounts/link_over.html", values, refusal)
    messages.success(request, _("Your e-mail address has been changed."))
    return HttpResponseRedirect(reverse("profile-security"))


# -- An invitation -----------------------------------------------------------------------------------------------------
@never_cache
@require_http_methods(["GET", "POST"])
def invitation_page(request: HttpRequest, token: str) -> HttpResponse:
    """Who has no account yet gets a code at the address that was invited; who has one signs in and says yes."""
    try:
        link = one_time_links.get_link(token, Purpose.INVITATION)
    except DomainError as refusal:
        values: dict[str, object] = {"token": token, "kind": refusal.code, "purpose": Purpose.INVITATION}
        return page(request, "accounts/link_over.html", values, refusal)
    invitation = invitations.find_by_link(link)
    if invitation is None:
        over = LinkExpired()
        values = {"token": token, "kind": over.code, "purpose": Purpose.INVITATION}
        return page(request, "accounts/link_over.html", values, over)
    if request.method == "GET":
        return _invitation_form(request, invitation)
    return _answer_invitation(request, invitation)


def _invitation_form(request: HttpRequest, invitation: Invitation, refusal: DomainError | None = None) -> HttpResponse:
    person = find_person(request)
    values: dict[str, object] = {
        "invitation": invitation,
        "is_signed_in": person is not None and person.user_id == invitation.user_id,
        "is_somebody_else": person is not None and person.user_id != invitation.user_id,
        "by_sms": not invitation.email,
        "path": request.get_full_path(),
    }
    return page(request, "accounts/invitation.html", values, refusal)


def _answer_invitation(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    person = find_person(request)
    try:
        if person is not None and person.user_id == invitation.user_id:
            invitations.accept(invitation.user, invitation)
            return HttpResponseRedirect("/")
        if person is not None or not invitation.made_account:
            return _invitation_form(request, invitation)
        login = invitation.email or invitation.mobile
        codes.ask(request, login, following="", channel="email" if invitation.email else "sms")
    except DomainError as refusal:
        return _invitation_form(request, invitation, refusal)
    return HttpResponseRedirect(reverse("login-code-enter"))
