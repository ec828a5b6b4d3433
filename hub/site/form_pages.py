"""What pages with forms share: an action done once, and a refused form shown again with what was typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.core import signing
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation

from hub.accounts.public import Invalid
from hub.base.errors import DomainError, NotFound
from hub.base.forms import KEY_FIELD, Filled, claim_form

if TYPE_CHECKING:
    from hub.accounts.public import Person

UNDO_SECONDS = 600


def person_of(request: HttpRequest) -> Person:
    """Who looks; the page's door has let them in."""
    return cast("Person", request.person)  # type: ignore[attr-defined]


def done_once(request: HttpRequest, act: Callable[[], object]) -> None:
    """The action, unless this very form did it already. What it refuses it raises, and the form stays unused."""
    with transaction.atomic():
        if claim_form(person_of(request).key, request.POST.get(KEY_FIELD, "")):
            act()


def do_and_go(
    request: HttpRequest, act: Callable[[], object], said: str | Callable[[], str], *, to: str, back: str = ""
) -> HttpResponseRedirect:
    """Do it once and say so on the page that follows; a refusal is said on the page it came from, `back`.

    `said` may be what tells it once it is done. What is not there, or may not be seen, is Http404 (X1).
    """
    try:
        done_once(request, act)
    except NotFound as error:
        raise Http404 from error
    except DomainError as refusal:
        messages.error(request, said_by(refusal))
        return HttpResponseRedirect(back or to)
    messages.success(request, said() if callable(said) else said)
    return HttpResponseRedirect(to)


def refused(refusal: DomainError, values: Mapping[str, object]) -> Filled:
    """The form as it was sent, with the sentence beside each field that is wrong, or one for the whole."""
    errors = cast("Mapping[str, str]", refusal.params.get("fields", {})) if isinstance(refusal, Invalid) else {}
    summary = "" if errors else refusal.text(translation.get_language() or "en")
    return Filled(values=values, errors=errors, summary=summary)


def said_by(refusal: DomainError) -> str:
    """One sentence for a refusal that belongs to no form: of an invalid form what is wrong with its fields."""
    fields = refusal.params.get("fields") if isinstance(refusal, Invalid) else None
    if isinstance(fields, dict) and fields:
        return " ".join(str(text) for text in fields.values())
    return refusal.text(translation.get_language() or "en")


def shown(
    request: HttpRequest, template: str, values: Mapping[str, Any], refusal: DomainError | None = None
) -> HttpResponse:
    return render(request, template, dict(values), status=refusal.status if refusal else 200)


def undo_token(purpose: str, what: Mapping[str, Any]) -> str:
    """What it takes to put back what was removed, for ten minutes, in an address."""
    return signing.dumps(dict(what), salt=f"undo.{purpose}", compress=True)


def read_undo(purpose: str, token: str) -> dict[str, Any] | None:
    try:
        return cast("dict[str, Any]", signing.loads(token, salt=f"undo.{purpose}", max_age=UNDO_SECONDS))
    except signing.BadSignature:
        return None
