"""A department's tickets on screen (A2): rules, prices, targets (T2, T5, T6, T9, T12), and what its form asks (T10)."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hub.accounts.public import Department, owner_page, staff_page
from hub.base.errors import DomainError
from hub.base.forms import Filled, typed
from hub.site.public import done_once, person_of, refused, shown
from tickets import sla
from tickets.actions import setting_up as actions
from tickets.admin import department_forms as forms
from tickets.admin.rows import Row, pressed, rearranged, typed_rows
from tickets.models import Category, FormField, TicketRules

RULES_PAGE, FORM_PAGE = "admin-department-tickets", "admin-department-form"


def _get(request: HttpRequest, department_id: int) -> Department:
    """One that this person may change. Anything else does not exist for them."""
    person = person_of(request)
    found = Department.objects.filter(pk=department_id).first()
    if found is None or not (person.is_owner or found.pk in person.managed):
        raise Http404
    return found


# -- Rules, prices, targets --------------------------------------------------------------------------


@require_safe
@staff_page
def tickets(request: HttpRequest, department_id: int) -> HttpResponse:
    """`/admin/departments/<id>/tickets/`: for its manager and the owner."""
    return _tickets(request, _get(request, department_id))


def _tickets(
    request: HttpRequest,
    found: Department,
    which: str = "",
    form: Filled | None = None,
    refusal: DomainError | None = None,
) -> HttpResponse:
    """The page with one of its forms as it was sent, the others as things are."""
    rules = sla.rules_of(found.pk)
    filled = {
        "rules": Filled(forms.rules_values(rules)),
        "prices": Filled(forms.price_values(found.pk)),
        "targets": Filled(forms.target_values(found.pk)),
    }
    if form is not None:
        filled[which] = form
    targets = filled["targets"]
    values = {
        "department": found,
        "tab": "tickets",
        "rules": rules,
        "forms": filled,
        "paid_in": [(TicketRules.PaidIn.CREDITS, _("with credits")), (TicketRules.PaidIn.MONEY, _("on the statement"))],
        "prices": [(f"price_{kind}", name) for kind, name in forms.PRICE_NAMES.items()],
        "targets": [
            (name, [_cell(targets, f"first_reply_{word}"), _cell(targets, f"solve_{word}")])
            for word, name in forms.PRIORITY_NAMES.items()
        ],
    }
    return shown(request, "admin/tickets/department_tickets.html", values, refusal)


def _cell(form: Filled, name: str) -> tuple[str, object, str]:
    return name, form.values.get(name, ""), form.errors.get(name, "")


def _back(page: str, found: Department, part: str) -> HttpResponse:
    return HttpResponseRedirect(reverse(page, args=[found.pk]) + f"#{part}")


@require_POST
@staff_page
def rules(request: HttpRequest, department_id: int) -> HttpResponse:
    found, person = _get(request, department_id), person_of(request)
    values: dict[str, object] = {**typed(request.POST, [*actions.NUMBERS, "work_paid_in"])}
    values |= {name: name in request.POST for name in actions.SWITCHES}
    try:
        changes = forms.read_rules(values, owner=person.is_owner)
        done_once(request, lambda: actions.set_rules(person, found, changes))
    except DomainError as refusal:
        return _tickets(request, found, "rules", refused(refusal, values), refusal)
    messages.success(request, _("The rules are changed. They hold for what happens from now on."))
    return _back(RULES_PAGE, found, "rules")


@require_POST
@owner_page
def prices(request: HttpRequest, department_id: int) -> HttpResponse:
    """What is charged from now on (T2, T9). For the owner."""
    found, person = _get(request, department_id), person_of(request)
    values: dict[str, object] = {**typed(request.POST, [f"price_{kind}" for kind in actions.PRICES])}
    try:
        wanted = forms.read_prices(values)
        done_once(request, lambda: actions.set_prices(person, found, wanted))
    except DomainError as refusal:
        return _tickets(request, found, "prices", refused(refusal, values), refusal)
    messages.success(request, _("The prices are changed."))
    return _back(RULES_PAGE, found, "prices")


@require_POST
@staff_page
def targets(request: HttpRequest, department_id: int) -> HttpResponse:
    found, person = _get(request, department_id), person_of(request)
    values: dict[str, object] = {**typed(request.POST, forms.target_fields())}
    try:
        wanted = forms.read_targets(values)
        done_once(request, lambda: actions.set_targets(person, found, wanted))
    except DomainError as refusal:
        return _tickets(request, found, "targets", refused(refusal, values), refusal)
    messages.success(request, _("The targets are changed. They hold for new tickets."))
    return _back(RULES_PAGE, found, "targets")


# -- Categories and questions ------------------------------------------------------------------------


@require_safe
@staff_page
def form(request: HttpRequest, department_id: int) -> HttpResponse:
    """`/admin/departments/<id>/form/`: what a new ticket is asked (T10)."""
    return _form(request, _get(request, department_id))


def _form(
    request: HttpRequest,
    found: Department,
    *,
    categories: list[Row] | None = None,
    questions: list[Row] | None = None,
    refusal: DomainError | None = None,
) -> HttpResponse:
    """With one of the lists as it was sent."""
    said = refused(refusal, {}) if refusal is not None else Filled()
    offered = Category.objects.filter(department=found).order_by("position", "pk")
    values = {
        "department": found,
        "tab": "form",
        "categories": categories if categories is not None else forms.category_rows(found.pk),
        "questions": questions if questions is not None else forms.question_rows(found.pk),
        "category_choices": [("", _("All tickets")), *((str(row.pk), row.name) for row in offered)],
        "kinds": list(forms.KIND_NAMES.items()),
        "errors": said.errors,
        "unsaved": "categories" if categories is not None else "questions" if questions is not None else "",
        "form": said,
        "refused": refusal is not None,
    }
    return shown(request, "admin/tickets/department_form.html", values, refusal)


@require_POST
@staff_page
def categories(request: HttpRequest, department_id: int) -> HttpResponse:
    found, person = _get(request, department_id), person_of(request)
    rows = typed_rows(
        request.POST, "categories", forms.CATEGORY_FIELDS, ("is_active",), most=actions.CATEGORIES_MAX + 1
    )
    button = pressed(request.POST, "categories")
    if button is not None:
        new: Row = {"id": "", "name": "", "is_active": True, "is_new": True}
        return _form(request, found, categories=rearranged(rows, *button, new=new, most=actions.CATEGORIES_MAX))
    try:
        wanted = forms.read_categories([row for row in rows if row["name"] or row["id"]])
        done_once(request, lambda: actions.set_categories(person, found, wanted))
    except DomainError as refusal:
        return _form(request, found, categories=rows, refusal=refusal)
    messages.success(request, _("The categories are saved."))
    return _back(FORM_PAGE, found, "categories")


@require_POST
@staff_page
def questions(request: HttpRequest, department_id: int) -> HttpResponse:
    found, person = _get(request, department_id), person_of(request)
    rows = typed_rows(request.POST, "questions", forms.QUESTION_FIELDS, ("required",), most=actions.FIELDS_MAX + 1)
    button = pressed(request.POST, "questions")
    if button is not None:
        kind = request.POST.get("new_kind", "")
        new: Row = {"key": "", "kind": kind if kind in FormField.Kind.values else FormField.Kind.TEXT, "is_new": True}
        return _form(request, found, questions=rearranged(rows, *button, new=new, most=actions.FIELDS_MAX))
    try:
        wanted = forms.read_questions(rows)
        done_once(request, lambda: actions.set_fields(person, found, wanted))
    except DomainError as refusal:
        return _form(request, found, questions=rows, refusal=refusal)
    messages.success(request, _("The questions are changed."))
    return _back(FORM_PAGE, found, "questions")
