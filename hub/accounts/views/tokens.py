"""One's own API tokens: which there are, making one, revoking one (P9). A new one is shown once, and kept nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.accounts import own_account, own_tokens, scopes, steps
from hub.accounts.access import Person
from hub.accounts.actions import api_tokens
from hub.accounts.actions.sign_in import check_own_password
from hub.accounts.errors import Invalid
from hub.accounts.gates import signed_in_page
from hub.accounts.models import User
from hub.accounts.views.profile import own_page, person_of
from hub.base import formats
from hub.base.errors import DomainError, NotFound
from hub.base.forms import KEY_FIELD, claim_form, typed

DAYS_AT_FIRST = "90"


@never_cache
@signed_in_page
@require_safe
def tokens_page(request: HttpRequest) -> HttpResponse:
    found = own_tokens.tokens_of(person_of(request).user_id)
    full = len(found) >= api_tokens.TOKENS_MAX
    return own_page(request, "accounts/tokens.html", {"tokens": found, "full": full, "most": api_tokens.TOKENS_MAX})


@sensitive_post_parameters("current")
@sensitive_variables("token")
@never_cache
@signed_in_page
@require_http_methods(["GET", "POST"])
def token_new_page(request: HttpRequest) -> HttpResponse:
    """The form, and the token in the answer to the post itself: no address and no reload shows it again."""
    person = person_of(request)
    user = own_account.get_own_account(person)
    offered = scopes.offered_to(person)
    if request.method == "GET":
        return _form(request, user, {"days": DAYS_AT_FIRST})
    said = typed(request.POST, ["name", "days", *(f"scope_{subject}" for subject in offered)])
    try:
        _require_password(request, user)
        token = _make_once(request, person, said)
    except DomainError as refusal:
        return _form(request, user, said, refusal)
    if token is None:
        messages.warning(
            request,
            _("This token was made already, and is shown only once. Did you not keep it? Revoke it and make another."),
        )
        return HttpResponseRedirect(reverse("profile-tokens"))
    return own_page(request, "accounts/token_made.html", {"token": token, "name": said["name"]})


def _require_password(request: HttpRequest, user: User) -> None:
    """Who is at the keyboard is who signed in: with the password, where there is one."""
    password, origin = request.POST.get("current", ""), steps.origin_of(request, user)
    if user.has_usable_password() and not check_own_password(user, password, origin=origin):
        raise Invalid(fields={"current": _("This is not your current password.")})


@transaction.atomic
def _make_once(request: HttpRequest, person: Person, said: Mapping[str, str]) -> str | None:
    """None where this very form made one before. What is refused leaves the form unused."""
    if not claim_form(person.key, request.POST.get(KEY_FIELD, "")):
        return None
    return api_tokens.make_own_token(
        person,
        name=said["name"],
        wanted_scopes=[scope for name, scope in said.items() if name.startswith("scope_") and scope],
        lifetime_days=int(said["days"]) if said["days"] in map(str, api_tokens.LIFETIMES_DAYS) else 0,
    )


def _form(
    request: HttpRequest, user: User, typed: Mapping[str, object], refusal: DomainError | None = None
) -> HttpResponse:
    nothing = ("", pgettext("what a token may do", "Nothing"))
    reads, changes = pgettext("what a token may do", "Read"), pgettext("what a token may do", "Read and change")
    values: dict[str, object] = {
        "account": user,
        "subjects": [
            (
                f"scope_{subject}",
                own_tokens.subject_in_words(subject),
                [nothing, *((scope, changes if scope == subject else reads) for scope in of_subject)],
            )
            for subject, of_subject in scopes.offered_to(person_of(request)).items()
        ],
        "lifetimes": [
            (str(n), ngettext("%(n)s day", "%(n)s days", n) % {"n": formats.number(n)})
            for n in api_tokens.LIFETIMES_DAYS
        ],
    }
    return own_page(request, "accounts/token_new.html", values, refusal, typed=typed)


@never_cache
@signed_in_page
@require_POST
def token_revoke(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """One that is not there, or not one's own, makes no difference to who asks."""
    try:
        api_tokens.revoke_own_token(person_of(request), token_id)
    except NotFound:
        return HttpResponseRedirect(reverse("profile-tokens"))
    messages.success(request, _("The token is revoked. What used it is shut out within five seconds."))
    return HttpResponseRedirect(reverse("profile-tokens"))
