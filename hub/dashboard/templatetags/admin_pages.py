"""What the admin's templates need: the rail, the tabs of a customer, fields of forms, names."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from django.urls import reverse

from hub.accounts.public import shown_number
from hub.base.registries import NavItem, admin_nav, customer_tabs, department_tabs
from hub.dashboard.fields import field
from hub.site.public import avatar

register = template.Library()

register.filter("phone", lambda number: shown_number(number) if number else "")
register.simple_tag(field)
register.simple_tag(avatar)


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


@register.inclusion_tag("admin/errors.html")
def form_errors(form: Any, **labels: str) -> dict[str, object]:
    """What is wrong, above the form, with links to the fields; `labels` are names that the sentences do not say."""
    errors: dict[str, str] = dict(form.errors) if form else {}
    fields = [(f"field-{name}", labels.get(name, ""), text) for name, text in errors.items()]
    return {"form": form, "fields": fields}
