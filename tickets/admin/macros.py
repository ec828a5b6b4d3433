"""`/admin/macros/`: deeds that agents do with one click (T13), and who may."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.accounts.public import Department, owner_page
from hub.base.errors import DomainError
from hub.base.filters import number_of
from hub.base.forms import typed
from hub.site.public import done_once, person_of, shown
from tickets import rules as language
from tickets.actions import rule_setup, ruling
from tickets.admin import rule_forms as forms
from tickets.admin import rule_words as words
from tickets.admin.rows import Row
from tickets.admin.rules import said_of
from tickets.models import Macro
from tickets.rule_objects import names_of

_form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@owner_page
def index(request: HttpRequest) -> HttpResponse:
    found = list(Macro.objects.select_related("department").order_by("position", "pk"))
    read = [(row, language.read_deeds(row.deeds, by_hand=True)) for row in found]
    names = names_of((), [one for _row, deeds in read for one in deeds])
    rows = [{"macro": row, "deeds": [words.deed_text(one, names) for one in deeds]} for row, deeds in read]
    return shown(request, "admin/tickets/macros.html", {"rows": rows, "tab": "macros"})


@_form_page
@owner_page
def new(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _posted(request, None)
    return _page(request, None, {"is_active": True}, [])


@_form_page
@owner_page
def edit(request: HttpRequest, macro_id: int) -> HttpResponse:
    macro = _get(macro_id)
    if request.method == "POST":
        return _posted(request, macro)
    values: dict[str, object] = {
        "name": macro.name,
        "department": macro.department_id or "",
        "is_active": macro.is_active,
    }
    return _page(request, macro, values, forms.deed_rows(macro, by_hand=True))


def _get(macro_id: int) -> Macro:
    found = Macro.objects.filter(pk=macro_id).first()
    if found is None:
        raise Http404
    return found


def _posted(request: HttpRequest, macro: Macro | None) -> HttpResponse:
    values: dict[str, object] = {
        **typed(request.POST, ["name", "department"]),
        "is_active": "is_active" in request.POST,
    }
    before = language.read_deeds(macro.deeds, by_hand=True) if macro is not None else []
    deeds: list[Row] = []
    try:
        deeds = forms.typed_deeds(request.POST, before)
        moved = forms.moved(request.POST, "deeds", deeds)
        if moved is not None:
            return _page(request, macro, values, moved, unsaved=True)
        done_once(request, lambda: _save(request, macro, values, deeds))
    except DomainError as refusal:
        return _page(request, macro, values, deeds, refusal=refusal)
    messages.success(request, _("The macro is saved."))
    return HttpResponseRedirect(reverse("admin-macros"))


def _save(request: HttpRequest, macro: Macro | None, values: dict[str, object], deeds: list[Row]) -> None:
    ruling.save_macro(
        person_of(request),
        macro_id=macro.pk if macro is not None else None,
        name=str(values["name"]),
        deeds=forms.plain_deeds(deeds),
        department_id=number_of(str(values["department"])),
        is_active=bool(values["is_active"]),
    )


def _page(
    request: HttpRequest,
    macro: Macro | None,
    values: dict[str, object],
    deeds: list[Row],
    *,
    refusal: DomainError | None = None,
    unsaved: bool = False,
) -> HttpResponse:
    form, _field = said_of(refusal, values)
    departments = Department.objects.order_by("position", "pk").values_list("pk", "name")
    shown_values = {
        "macro": macro,
        "tab": "macros",
        "form": form,
        "deeds": forms.drawn_deeds(deeds, forms.offered(by_hand=True)),
        "dos": words.DEEDS.items(),
        "departments": [("", _("Everybody")), *((str(pk), name) for pk, name in departments)],
        "unsaved": unsaved,
    }
    return shown(request, "admin/tickets/macro.html", shown_values, refusal)


@require_POST
@owner_page
def move(request: HttpRequest, macro_id: int) -> HttpResponse:
    _get(macro_id)
    rule_setup.move_macro(person_of(request), macro_id, up=request.POST.get("to") == "up")
    return HttpResponseRedirect(reverse("admin-macros"))


@require_POST
@owner_page
def delete(request: HttpRequest, macro_id: int) -> HttpResponse:
    _get(macro_id)
    done_once(request, lambda: rule_setup.delete_macro(person_of(request), macro_id))
    messages.success(request, _("The macro is deleted. What it did stays in the log."))
    return HttpResponseRedirect(reverse("admin-macros"))
