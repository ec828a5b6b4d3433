"""The hub's settings on screen (A2): one form per group."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hub.accounts.public import owner_page
from hub.base import personal_data
from hub.base.errors import DomainError
from hub.base.forms import Filled
from hub.base.hub_settings import GROUPS, HubSettings, hub_settings, setting_of
from hub.site import setting_forms
from hub.site.actions.screen_settings import set_settings
from hub.site.form_pages import done_once, person_of, refused, shown


@dataclass(frozen=True, slots=True)
class Field:
    """A setting as it is drawn; label and hint are in the reader's language."""

    name: str
    kind: str
    label: str
    hint: str
    unit: str


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    title: str
    fields: list[Field]
    form: Filled


@require_safe
@owner_page
def index(request: HttpRequest) -> HttpResponse:
    """`/admin/settings/`."""
    return _page(request)


def _page(
    request: HttpRequest, wrong: str = "", form: Filled | None = None, refusal: DomainError | None = None
) -> HttpResponse:
    groups = [
        Group(
            name, _(title), _fields_of(name), form if form is not None and name == wrong else Filled(_values_of(name))
        )
        for name, title in GROUPS.items()
    ]
    return shown(request, "admin/settings.html", {"groups": [group for group in groups if group.fields]}, refusal)


def _fields_of(group: str) -> list[Field]:
    drawn: list[Field] = []
    for name in _names_of(group):
        setting, kind = setting_of(name), setting_forms.kind_of(name)
        if kind == "days":
            drawn += [Field(f"days_{rule.name}", "number", _(rule.label), "", "d") for rule in personal_data.retentions]
        else:
            drawn.append(Field(name, kind, _(setting.label), _(setting.hint) if setting.hint else "", setting.unit))
    return drawn


def _names_of(group: str) -> list[str]:
    return [one.name for one in fields(HubSettings) if setting_of(one.name).group == group]


def _values_of(group: str) -> dict[str, Any]:
    now = hub_settings()
    values: dict[str, Any] = {}
    for name in _names_of(group):
        if setting_forms.kind_of(name) == "days":
            for rule in personal_data.retentions:
                values[f"days_{rule.name}"] = now.retention_days.get(rule.name, rule.days_default)
        else:
            values[name] = setting_forms.typed_text(name, getattr(now, name))
    return values


@require_POST
@owner_page
def save(request: HttpRequest, group: str) -> HttpResponse:
    if group not in GROUPS:
        raise Http404
    names = [name for name in _names_of(group) if setting_forms.kind_of(name) != "days"]
    typed = {name: request.POST.get(name, "").replace("\0", "").strip() for name in names}
    days = None
    if "retention_days" in _names_of(group):
        rules = [rule.name for rule in personal_data.retentions]
        days = {name: request.POST.get(f"days_{name}", "").strip() for name in rules}
    try:
        done_once(request, lambda: set_settings(person_of(request), typed, days=days))
    except DomainError as refusal:
        kept: dict[str, object] = {**typed, **{f"days_{name}": text for name, text in (days or {}).items()}}
        return _page(request, group, refused(refusal, kept), refusal)
    messages.success(request, _("Saved. It holds everywhere within a few seconds."))
    return HttpResponseRedirect(reverse("admin-settings") + f"#{group}")
