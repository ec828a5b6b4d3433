"""What the pages of personnel share: an action done once, its answer said on the page that follows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, cast

from django.contrib import messages as notes
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation

from hub.accounts.public import Authority, Invalid, find_authority
from hub.base.errors import DomainError, NotFound
from hub.base.forms import KEY_FIELD, Filled, claim_form

if TYPE_CHECKING:
    from hub.accounts.public import Person


def person_of(request: HttpRequest) -> Person:
    return cast("Person", request.person)  # type: ignore[attr-defined]  # set by customer_page


def authority_of(request: HttpRequest) -> Authority:
    """For owners and managers; for everybody else the page does not exist."""
    found = find_authority(person_of(request))
    if found is None:
        raise Http404
    return found


def done_once(request: HttpRequest, act: Callable[[], object]) -> None:
    """The action, unless this very form did it already. What it refuses it raises, and the form stays unused."""
    with transaction.atomic():
        if claim_form(person_of(request).key, request.POST.get(KEY_FIELD, "")):
            act()


def do_and_go(
    request: HttpRequest, act: Callable[[], object], said: str, *, to: str, back: str = ""
) -> HttpResponseRedirect:
    """Do it, say so on the next page; a refusal is said on the page it came from."""
    try:
        done_once(request, act)
    except NotFound:
        raise Http404 from None
    except DomainError as refusal:
        notes.error(request, sentence(refusal))
        return HttpResponseRedirect(back or to)
    notes.success(request, said)
    return HttpResponseRedirect(to)


def sentence(refusal: DomainError) -> str:
    """The refusal in the reader's words; of a form with one field that of the field."""
    fields = refusal.params.get("fields")
    if isinstance(refusal, Invalid) and isinstance(fields, dict) and fields:
        return " ".join(str(text) for text in fields.values())
    return refusal.text(translation.get_language() or "en")


def shown_again(
    request: HttpRequest,
    template: str,
    values: Mapping[str, object],
    said: Mapping[str, object],
    refusal: DomainError,
) -> HttpResponse:
    """The form as it was sent, with what is wrong beside each field, or above for the whole."""
    fields = refusal.params.get("fields") if isinstance(refusal, Invalid) else None
    errors = {str(name): str(text) for name, text in fields.items()} if isinstance(fields, dict) else {}
    form = Filled(values=said, errors=errors, summary="" if errors else sentence(refusal))
    return render(request, template, {**values, "form": form}, status=refusal.status)
