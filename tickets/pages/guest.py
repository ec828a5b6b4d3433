"""`/contact/`: a ticket of who has no account, where a department allows it and it costs nothing (T1).

Who it is the form's own key says: sent twice it is one visitor and one ticket. Their browser shows first that it is
not a robot's (hub.base.proof_of_work); files need an account.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hub.accounts.public import Claims, Department, Invalid, TurnedAway, find_person, load_person
from hub.base import clock, rich_text
from hub.base.addresses import address_mark, client_address
from hub.base.errors import BadAddress, DomainError
from hub.base.filters import number_of
from hub.base.forms import KEY_CHARACTERS_MAX, KEY_FIELD, Filled, new_form_key, typed
from hub.site.public import said_by
from tickets.actions.creating import SUBJECT_CHARACTERS_MAX, NewTicket, create
from tickets.errors import BadField, EmptyText
from tickets.models import FormField
from tickets.offering import offers_of
from tickets.pages.new import Asked, answers_in, answers_shown, require_phone
from tickets.states import Channel

if TYPE_CHECKING:
    from hub.accounts.public import Person

REFUSED: Final = 409
GUEST_FOR_S: Final = 300
_FIELDS: Final = ("name", "email", "email_again", "phone", "subject", "proof")


@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    """Who is signed in has a form of their own."""
    if find_person(request) is not None:
        return TurnedAway(reverse("ticket-new"))
    request.person = None  # type: ignore[attr-defined]
    form_key = request.POST.get(KEY_FIELD, "").replace("\0", "")[:KEY_CHARACTERS_MAX] or new_form_key()
    guest = _guest(request, form_key)
    open_to = _departments(guest)
    wanted = number_of(request.POST.get("department") or request.GET.get("department"))
    chosen = next((one for one in open_to if one.pk == wanted), open_to[0] if len(open_to) == 1 else None)
    if chosen is None:
        return render(request, "tickets/contact_choose.html", {"departments": open_to})
    if request.method == "POST":
        return _send(request, guest, chosen, form_key)
    return _form(request, chosen, Filled(key=form_key))


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    request.person = None  # type: ignore[attr-defined]
    return render(request, "tickets/contact_sent.html")


def _guest(request: HttpRequest, form_key: str) -> Person:
    """Nobody can choose whom the key stands for."""
    name = salted_hmac("tickets.guest", form_key, algorithm="sha256").hexdigest()
    return load_person(
        Claims(
            side="visitor",
            expires_at=clock.now().timestamp() + GUEST_FOR_S,
            visitor_key=str(uuid.uuid5(uuid.NAMESPACE_OID, name)),
            language=translation.get_language() or "",
            address_mark=address_mark(client_address(request.META)),
        )
    )


def _departments(guest: Person) -> list[Department]:
    rows = list(Department.objects.visible_to(guest).filter(is_active=True).order_by("position", "pk"))
    offers = offers_of([one.pk for one in rows])
    return [one for one in rows if offers[one.pk].guests]


def _send(request: HttpRequest, guest: Person, department: Department, form_key: str) -> HttpResponse:
    said = typed(request.POST, _FIELDS)
    try:
        if said["email"].casefold() != said["email_again"].casefold():
            return _form(request, department, _kept(request, said, form_key, email_again=_not_the_same()), REFUSED)
        require_phone(said["phone"])
        create(
            guest,
            NewTicket(
                department_id=department.pk,
                subject=said["subject"],
                html=rich_text.typed(request.POST, "body").html,
                fields=answers_in(request.POST),
                phone=said["phone"],
                contact_name=said["name"],
                contact_email=said["email"],
                channel=Channel.WEB,
                price_m=0,
                key=f"f:{form_key}"[:64],
                proof=said["proof"],
            ),
        )
    except DomainError as refusal:
        return _form(request, department, _refused(request, refusal, said, form_key), REFUSED)
    return HttpResponseRedirect(reverse("contact-sent"))


def _not_the_same() -> str:
    return _("The two addresses are not the same.")


def _refused(request: HttpRequest, refusal: DomainError, said: Mapping[str, str], form_key: str) -> Filled:
    text = said_by(refusal)
    if isinstance(refusal, Invalid):
        return _kept(request, said, form_key, phone=text)
    if isinstance(refusal, BadField):
        return _kept(request, said, form_key, **{f"field-{refusal.params['field']}": text})
    if isinstance(refusal, BadAddress):
        return _kept(request, said, form_key, email=text)
    if isinstance(refusal, EmptyText):
        return _kept(request, said, form_key, **{"body" if refusal.params.get("field") == "html" else "subject": text})
    kept = _kept(request, said, form_key)
    return Filled(values=kept.values, summary=text, key=form_key)


def _kept(request: HttpRequest, said: Mapping[str, str], form_key: str, **errors: str) -> Filled:
    try:
        words = rich_text.typed(request.POST, "body")
        body, html = request.POST.get("body", "") or words.text, words.html
    except DomainError:
        body, html = request.POST.get("body", ""), ""
    values: dict[str, object] = {**said, "proof": "", "body": body, "html": html, **answers_shown(request.POST)}
    return Filled(values=values, errors=errors, key=form_key)


def _form(request: HttpRequest, department: Department, form: Filled, status: int = 200) -> HttpResponse:
    asked = FormField.objects.filter(department=department, category=None).order_by("position", "pk")
    names = [(one, f"field-{one.key}") for one in asked]
    values: dict[str, Any] = {
        "department": department,
        "form": form,
        "fields": [Asked(one, name, str(form.values.get(name, "")), form.errors.get(name, "")) for one, name in names],
        "subject_max": SUBJECT_CHARACTERS_MAX,
    }
    return render(request, "tickets/contact.html", values, status=status)
