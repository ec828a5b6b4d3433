"""What the admin's templates need: the rail, the tabs of a customer, fields of forms, names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe

from hub.accounts.public import shown_number
from hub.base.registries import NavItem, admin_nav, customer_tabs, department_tabs
from hub.dashboard.portal.frame import initials

register = template.Library()

TINTS = 6


register.filter("phone", lambda number: shown_number(number) if number else "")


@register.simple_tag(takes_context=True)
def rail(context: Context) -> list[dict[str, object]]:
    """The places of the admin that this person may go to, in order, with the one where they are marked."""
    request = context["request"]
    items = sorted((item for item in admin_nav if item.shown(request.person)), key=lambda item: item.order)
    addresses = {item.name: reverse(item.url_name) for item in items}
    here = max((url for url in addresses.values() if request.path.startswith(url)), key=len, default="")
    return [_place(item, request.person, addresses[item.name], here) for item in items]


def _place(item: NavItem, person: Any, url: str, here: str) -> dict[str, object]:
    count = item.count(person) if item.count else 0
    return {"label": item.label, "icon": item.icon, "url": url, "current": url == here, "count": count}


@register.simple_tag(takes_context=True)
def tabs_of_customer(
    context: Context, customer_id: int, current: str, *, counted: bool = True
) -> list[dict[str, object]]:
    """`counted`: with how much is behind each, which is a statement for each."""
    person = context["request"].person
    return [
        {
            "label": tab.label,
            "url": reverse(tab.url_name, args=[customer_id]),
            "count": tab.count(person, customer_id) if counted and tab.count else None,
            "current": tab.name == current,
        }
        for tab in sorted(customer_tabs, key=lambda tab: tab.order)
        if tab.shown is None or tab.shown(person, customer_id)
    ]


@register.simple_tag
def tabs_of_department(department_id: int, current: str) -> list[dict[str, object]]:
    return [
        {"label": tab.label, "url": reverse(tab.url_name, args=[department_id]), "current": tab.name == current}
        for tab in sorted(department_tabs, key=lambda tab: tab.order)
    ]


@register.inclusion_tag("admin/field.html")
def field(form: Any, name: str, label: str, **options: object) -> dict[str, object]:
    """One labelled field of a hub.base.forms.Filled, with its error beside it.

    Options: type, autocomplete, hint, required, inputmode, maxlength, dir, rows (a textarea), choices (a select),
    class (of the label), id (where a page has two fields of that name).
    """
    values: Mapping[str, object] = form.values if form else {}
    errors: Mapping[str, str] = form.errors if form else {}
    value = values.get(name)
    return {
        "name": name,
        "label": label,
        "value": "" if value is None else str(value),
        "error": errors.get(name, ""),
        "type": "text",
        "id": f"field-{name}",
        **options,
        "class": options.get("class", ""),
    }


@register.simple_tag
def options(choices: Iterable[tuple[Any, Any]], value: str) -> SafeString:
    """Of a select. Lists of colleagues are long: a loop in a template takes ten times as long."""
    drawn = (
        f'<option value="{escape(code)}"{" selected" if str(code) == value else ""}>{conditional_escape(text)}</option>'
        for code, text in choices
    )
    return mark_safe("".join(drawn))  # noqa: S308 - each part is escaped


@register.inclusion_tag("admin/errors.html")
def form_errors(form: Any) -> dict[str, object]:
    """What is wrong, above the form, with links to the fields."""
    return {"form": form, "fields": [(f"field-{name}", text) for name, text in form.errors.items()] if form else []}


@register.simple_tag
def avatar(name: str, person_id: int, *, staff: bool = False, size: str = "") -> SafeString:
    """Round is in front of the counter, a rounded square behind it. Lists have fifty: a template of its own is slow."""
    classes = " ".join(
        ["av", *(["staff"] if staff else []), *([size] if size else []), f"t{int(person_id) % TINTS + 1}"]
    )
    return format_html('<span class="{}" aria-hidden="true">{}</span>', classes, initials(name))
