"""`/admin/rules/`: triggers and scheduled rules (T13), their editor, a look at what they would meet, and their log."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.accounts.public import owner_page
from hub.base.amounts import find_whole_number
from hub.base.errors import DomainError
from hub.base.filters import number_of
from hub.base.forms import Filled, typed
from hub.site.public import done_once, person_of, refused, shown
from tickets import rules as language
from tickets.actions import rule_setup, ruling
from tickets.admin import rule_forms as forms
from tickets.admin import rule_words as words
from tickets.admin.rows import Row
from tickets.errors import BadRule
from tickets.models import Rule
from tickets.rule_looks import COUNTED_MAX, Matches, matching_now, runs
from tickets.rule_objects import names_of

LOG_PAGE = 50
WRONG: Final = {
    "name": gettext_noop("Please fill in a name."),
    "events": gettext_noop("Choose at least one thing that can happen."),
    "after_hours": gettext_noop("Please fill in a number of hours."),
    "deeds": gettext_noop("Say what is to be done, with a value that fits."),
    "conditions": gettext_noop("A condition has no value that fits."),
    "department": gettext_noop("This department is not there any more."),
}
_form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@owner_page
def index(request: HttpRequest) -> HttpResponse:
    found = list(Rule.objects.order_by("position", "pk"))
    read = [
        (row, language.read_conditions(row.conditions), language.read_deeds(row.deeds, by_hand=False)) for row in found
    ]
    names = names_of(
        [one for _row, asked, _deeds in read for one in asked], [one for *_, deeds in read for one in deeds]
    )
    rows = [
        {
            "rule": row,
            "when": words.when_text(row),
            "conditions": [words.condition_text(one, names) for one in asked],
            "deeds": [words.deed_text(one, names) for one in deeds],
        }
        for row, asked, deeds in read
    ]
    return shown(request, "admin/tickets/rules.html", {"rows": rows, "tab": "rules"})


@_form_page
@owner_page
def new(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _posted(request, None)
    return _page(request, None, {"when": "events", "events": [], "after_hours": "48", "is_active": True}, [], [])


@_form_page
@owner_page
def edit(request: HttpRequest, rule_id: int) -> HttpResponse:
    rule = _get(rule_id)
    if request.method == "POST":
        return _posted(request, rule)
    return _page(request, rule, _values_of(rule), forms.condition_rows(rule), forms.deed_rows(rule, by_hand=False))


def _get(rule_id: int) -> Rule:
    found = Rule.objects.filter(pk=rule_id).first()
    if found is None:
        raise Http404
    return found


def _values_of(rule: Rule) -> dict[str, object]:
    return {
        "name": rule.name,
        "when": "events" if rule.after_hours is None else "still",
        "events": rule.events,
        "after_hours": "48" if rule.after_hours is None else rule.after_hours,
        "is_active": rule.is_active,
    }


def _posted(request: HttpRequest, rule: Rule | None) -> HttpResponse:
    """Saved; or, where another button was pressed, the form again with its rows otherwise or what it would meet."""
    values: dict[str, object] = {**typed(request.POST, ["name", "when", "after_hours"])}
    values |= {"events": request.POST.getlist("events"), "is_active": "is_active" in request.POST}
    before = language.read_deeds(rule.deeds, by_hand=False) if rule is not None else []
    conditions = forms.typed_conditions(request.POST)
    try:
        deeds = forms.typed_deeds(request.POST, before)
    except DomainError as refusal:
        return _page(request, rule, values, conditions, [], refusal=refusal)
    moved_conditions = forms.moved(request.POST, "conditions", conditions)
    moved_deeds = forms.moved(request.POST, "deeds", deeds)
    if moved_conditions is not None or moved_deeds is not None:
        rows = conditions if moved_conditions is None else moved_conditions
        return _page(request, rule, values, rows, deeds if moved_deeds is None else moved_deeds, unsaved=True)
    try:
        if "look" in request.POST:
            return _page(
                request, rule, values, conditions, deeds, unsaved=True, matches=_look(request, values, conditions)
            )
        done_once(request, lambda: _save(request, rule, values, conditions, deeds))
    except DomainError as refusal:
        return _page(request, rule, values, conditions, deeds, refusal=refusal)
    messages.success(request, _("The rule is saved."))
    return HttpResponseRedirect(reverse("admin-rules"))


def _look(request: HttpRequest, values: dict[str, object], conditions: list[Row]) -> Matches:
    asked = language.read_conditions(forms.plain_conditions(conditions))
    return matching_now(person_of(request), asked, _hours(values))


def _hours(values: dict[str, object]) -> int | None:
    """Raises BadRule."""
    if values["when"] != "still":
        return None
    hours = find_whole_number(str(values["after_hours"]), 0, ruling.HOURS_MAX)
    if hours is None:
        raise BadRule(field="after_hours")
    return hours


def _save(
    request: HttpRequest, rule: Rule | None, values: dict[str, object], conditions: list[Row], deeds: list[Row]
) -> None:
    still = values["when"] == "still"
    events = values["events"]
    ruling.save_rule(
        person_of(request),
        rule_id=rule.pk if rule is not None else None,
        name=str(values["name"]),
        events=[] if still or not isinstance(events, list) else events,
        after_hours=_hours(values),
        conditions=forms.plain_conditions(conditions),
        deeds=forms.plain_deeds(deeds),
        is_active=bool(values["is_active"]),
    )


def _page(
    request: HttpRequest,
    rule: Rule | None,
    values: dict[str, object],
    conditions: list[Row],
    deeds: list[Row],
    *,
    refusal: DomainError | None = None,
    unsaved: bool = False,
    matches: Matches | None = None,
) -> HttpResponse:
    known = forms.offered(by_hand=False)
    form, field = said_of(refusal, values)
    shown_values = {
        "rule": rule,
        "tab": "rules",
        "form": form,
        "events": [(code, text, code in _listed(values["events"])) for code, text in words.EVENTS.items()],
        "conditions": forms.drawn_conditions(conditions, known, field),
        "deeds": forms.drawn_deeds(deeds, known),
        "whats": words.WHATS.items(),
        "dos": words.DEEDS.items(),
        "unsaved": unsaved,
        "matches": matches,
        "matches_most": COUNTED_MAX,
    }
    return shown(request, "admin/tickets/rule.html", shown_values, refusal)


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def said_of(refusal: DomainError | None, values: dict[str, object]) -> tuple[Filled, str]:
    """The form with what is wrong in it, and which part that is."""
    if not isinstance(refusal, BadRule):
        return (Filled(values) if refusal is None else refused(refusal, values)), ""
    field = str(refusal.params.get("field", ""))
    part = field.partition("_")[0] if field not in WRONG else field
    return Filled(values, {part: _(WRONG.get(part, BadRule.message))}), field


@require_POST
@owner_page
def move(request: HttpRequest, rule_id: int) -> HttpResponse:
    _get(rule_id)
    rule_setup.move_rule(person_of(request), rule_id, up=request.POST.get("to") == "up")
    return HttpResponseRedirect(reverse("admin-rules"))


@require_POST
@owner_page
def delete(request: HttpRequest, rule_id: int) -> HttpResponse:
    _get(rule_id)
    done_once(request, lambda: rule_setup.delete_rule(person_of(request), rule_id))
    messages.success(request, _("The rule is deleted. What it did stays in the log."))
    return HttpResponseRedirect(reverse("admin-rules"))


@require_safe
@owner_page
def log(request: HttpRequest) -> HttpResponse:
    """What macros and rules did or were refused, the newest first."""
    refused_only = request.GET.get("outcome") == "refused"
    rule_id, macro_id = number_of(request.GET.get("rule")), number_of(request.GET.get("macro"))
    found = runs(rule_id=rule_id, macro_id=macro_id, refused=refused_only)
    before = number_of(request.GET.get("before"))
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = list(found[: LOG_PAGE + 1])
    values = {
        "tab": "log",
        "rows": [
            {
                "run": row,
                "deeds": [words.DEEDS[do] for do in row.done if do in words.DEEDS],
                "refusal": "" if row.outcome == ruling.DONE else words.REFUSALS.get(row.outcome, row.outcome),
            }
            for row in rows[:LOG_PAGE]
        ],
        "older": rows[LOG_PAGE - 1].pk if len(rows) > LOG_PAGE else None,
        "refused_only": refused_only,
        "query": "&".join(f"{name}={one}" for name, one in (("rule", rule_id), ("macro", macro_id)) if one is not None),
    }
    return shown(request, "admin/tickets/rule_log.html", values)
