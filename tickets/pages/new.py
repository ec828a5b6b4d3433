"""`/tickets/new/`: the department with its price first, then the form (T1, T2, T10). Sent twice it is one ticket."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hub.accounts.public import Department, Invalid, User, customer_page
from hub.base import formats, rich_text
from hub.base.errors import BadAddress, DomainError, NotFound
from hub.base.filters import number_of
from hub.base.forms import KEY_CHARACTERS_MAX, KEY_FIELD, Filled, new_form_key, typed
from hub.base.proof_of_work import ProofNeeded
from hub.site.public import Opening, openings, person_of, said_by
from tickets import billing, sla
from tickets.actions.creating import SUBJECT_CHARACTERS_MAX, NewTicket, create
from tickets.addresses import CC_MAX
from tickets.errors import BadField, EmptyText, PriceChanged, SameKeyOtherContent
from tickets.files.errors import FileRefused, FileTooLarge, QuotaFull, TooManyFiles
from tickets.models import ArticleOpinion, Category, FormField, TicketEntry
from tickets.pages.uploads import files_kept, files_of_form, limits, named
from tickets.permissions import agents_of
from tickets.states import Channel

if TYPE_CHECKING:
    from uuid import UUID

    from hub.accounts.public import Person

REFUSED: Final = 409
_FIELDS: Final = ("subject", "phone", "cc", "category", "agent", "price_m", "proof")
_FILE_REFUSALS: Final = (FileRefused, FileTooLarge, QuotaFull, TooManyFiles)


@dataclass(frozen=True, slots=True)
class Choice:
    """A department, as somebody chooses among them: what it costs stands beside it."""

    department: Department
    cost: billing.Cost
    opening: Opening


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the form (T10), and what was answered. `name` is the field's in the form."""

    field: FormField
    name: str
    value: str
    error: str


@require_http_methods(["GET", "HEAD", "POST"])
@customer_page
def new(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    departments = list(Department.objects.visible_to(person).filter(is_active=True).order_by("position", "pk"))
    wanted = number_of(request.POST.get("department") or request.GET.get("department"))
    chosen = next((one for one in departments if one.pk == wanted), None)
    if chosen is None and len(departments) == 1:
        chosen = departments[0]
    if chosen is None:
        return _choose(request, person, departments)
    if request.method == "POST":
        return _make(request, person, chosen)
    return _form(request, person, chosen, Filled(values=_prefilled(request, person)), [])


def _choose(request: HttpRequest, person: Person, departments: list[Department]) -> HttpResponse:
    ids = [one.pk for one in departments]
    prices, opening = billing.prices_m(ids, billing.TICKET), openings(ids)
    choices = [
        Choice(one, billing.cost_for(request, person, prices.get(one.pk, 0)), opening[one.pk]) for one in departments
    ]
    carried = {name: request.GET[name] for name in ("article", "subject") if request.GET.get(name)}
    return render(request, "tickets/choose.html", {"choices": choices, "carried": carried})


def _prefilled(request: HttpRequest, person: Person) -> dict[str, object]:
    """What somebody came with: a subject, or words that they left beside an article (K1)."""
    user = User.objects.only("mobile").get(pk=person.user_id)
    values: dict[str, object] = {"subject": request.GET.get("subject", "")[:SUBJECT_CHARACTERS_MAX]}
    values["phone"] = getattr(user, "mobile", "") or ""
    article = number_of(request.GET.get("article"))
    said = ArticleOpinion.objects.filter(article=article, user=person.user_id).first() if article else None
    if said is not None:
        title = said.article.texts.order_by("version_id").values_list("title", flat=True).first() or ""
        values |= {"subject": _("About “%(title)s”") % {"title": title}, "body": said.comment}
    return values


def _make(request: HttpRequest, person: Person, department: Department) -> HttpResponse:
    said = typed(request.POST, _FIELDS)
    form_key = request.POST.get(KEY_FIELD, "").replace("\0", "")[:KEY_CHARACTERS_MAX] or new_form_key()
    files = named(request.POST.getlist("file"))
    try:
        files = files_of_form(request, person, form_key)
        require_phone(said["phone"])
        made = create(person, _asked(request, department, said, files, form_key))
    except DomainError as refusal:
        form = _refused(request, person, refusal, said, form_key)
        return _form(request, person, department, form, files, status=REFUSED)
    messages.success(request, _("Ticket %(number)s is made. We mail you each answer.") % {"number": made.number})
    return HttpResponseRedirect(reverse("ticket", args=[made.pk]))


def _asked(
    request: HttpRequest, department: Department, said: Mapping[str, str], files: list[UUID], form_key: str
) -> NewTicket:
    """Raises TooLarge."""
    words = rich_text.typed(request.POST, "body")
    return NewTicket(
        department_id=department.pk,
        subject=said["subject"],
        html=words.html,
        category_id=number_of(said["category"]),
        agent_id=number_of(said["agent"]),
        cc=addresses_in(said["cc"]),
        fields=answers_in(request.POST),
        phone=said["phone"],
        channel=Channel.WEB,
        price_m=number_of(said["price_m"]),
        key=f"f:{form_key}"[:64],
        files=files,
        proof=said["proof"],
    )


def require_phone(phone: str) -> None:
    """T1: a form asks for it; over the API it may be left out. Raises Invalid."""
    if not any(sign.isdigit() for sign in phone):
        raise Invalid(fields={"phone": _("Give the number that we can call you at.")})


def addresses_in(text: str) -> list[str]:
    """One field, however people separate them."""
    return [one for one in re.split(r"[\s,;،؛]+", text) if one]


def answers_in(data: Mapping[str, str]) -> dict[str, str]:
    return {
        name.removeprefix("field-"): value.replace("\0", "")
        for name, value in data.items()
        if name.startswith("field-")
    }


def _refused(
    request: HttpRequest, person: Person, refusal: DomainError, said: Mapping[str, str], form_key: str
) -> Filled:
    """Beside the field that is wrong, else above the form."""
    values: dict[str, object] = {**said, "proof": "", **answers_shown(request.POST), **_words_kept(request)}
    errors: dict[str, str] = {}
    summary, text = "", said_by(refusal)
    if isinstance(refusal, Invalid):
        errors["phone"] = text
    elif isinstance(refusal, BadField):
        errors[f"field-{refusal.params['field']}"] = text
    elif isinstance(refusal, BadAddress):
        errors["cc"] = text
    elif isinstance(refusal, EmptyText):
        errors["body" if refusal.params.get("field") == "html" else "subject"] = text
    elif isinstance(refusal, _FILE_REFUSALS):
        errors["files"] = text
    elif isinstance(refusal, SameKeyOtherContent):
        return Filled(values=values, summary=_sent_already(person, form_key))
    elif isinstance(refusal, PriceChanged):
        summary = _("The price has changed to %(amount)s credits. Send the ticket again if that is all right.") % {
            "amount": formats.credits(int(str(refusal.params["price_m"])))
        }
    elif isinstance(refusal, NotFound):
        summary = _("One of the files is not there any more. Please choose it again.")
    else:
        summary = text
    values["needs_proof"] = isinstance(refusal, ProofNeeded)
    return Filled(values=values, errors=errors, summary=summary, key=form_key)


def _sent_already(person: Person, form_key: str) -> str:
    """Back by the browser's button, and other words: that is another ticket, if they want it."""
    before = TicketEntry.objects.filter(author=person.user_id, key=f"f:{form_key}"[:64]).first()
    number = before.ticket_id if before is not None else "–"
    return _("You sent this form already: it is ticket %(number)s. Send it again to make another one.") % {
        "number": number
    }


def answers_shown(data: Mapping[str, str]) -> dict[str, object]:
    return {f"field-{key}": value for key, value in answers_in(data).items()}


def _words_kept(request: HttpRequest) -> dict[str, object]:
    try:
        words = rich_text.typed(request.POST, "body")
    except DomainError:
        return {"body": request.POST.get("body", ""), "html": ""}
    return {"body": request.POST.get("body", "") or words.text, "html": words.html}


def _form(
    request: HttpRequest, person: Person, department: Department, form: Filled, files: list[UUID], *, status: int = 200
) -> HttpResponse:
    categories = list(Category.objects.filter(department=department, is_active=True).order_by("position", "pk"))
    asked = list(FormField.objects.filter(department=department).order_by("position", "pk"))
    values: dict[str, Any] = {
        "department": department,
        "others": Department.objects.visible_to(person).filter(is_active=True).exclude(pk=department.pk).exists(),
        "opening": openings([department.pk])[department.pk],
        "cost": billing.cost_for(request, person, billing.price_m(department.pk, billing.TICKET)),
        "form": form,
        "categories": categories,
        "fields": [_question(one, form) for one in asked if one.category_id is None],
        "of_categories": [[_question(one, form) for one in asked if one.category_id == each.pk] for each in categories],
        "agents": _agents(department) if sla.rules_of(department.pk).chooses_agent else [],
        "kept": files_kept(person, files),
        "limits": limits(),
        "cc_max": CC_MAX,
        "subject_max": SUBJECT_CHARACTERS_MAX,
        "draft": f"{person.user_id}.ticket-new-{department.pk}",
    }
    return render(request, "tickets/new.html", values, status=status)


def _question(field: FormField, form: Filled) -> Asked:
    name = f"field-{field.key}"
    return Asked(field, name, str(form.values.get(name, "")), form.errors.get(name, ""))


def _agents(department: Department) -> list[User]:
    return list(User.objects.filter(pk__in=agents_of(department.pk), is_active=True).order_by("pk")[:100])
