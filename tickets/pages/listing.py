"""`/tickets/`: one's tickets, and those of the members one sees (T6, P4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hub.accounts.public import Department, customer_page
from hub.base.errors import BadFrame
from hub.base.filters import moments_of
from hub.site.public import person_of
from tickets import filters, lists
from tickets.home import rows_of

if TYPE_CHECKING:
    from hub.accounts.public import Person

PAGE: Final = 30
# The chips above the list: name, and the statuses it shows.
CHIPS: Final = {"": "", "open": "live", "yours": "pending", "done": "solved,closed"}
_FIELDS: Final = ("q", "number", "department", "since", "until")


@require_safe
@customer_page
def listing(request: HttpRequest) -> HttpResponse:
    """What makes no sense in the address is left out, and the page says so."""
    person = person_of(request)
    said = {name: request.GET.get(name, "").replace("\0", "").strip() for name in _FIELDS}
    chip = request.GET.get("show", "")
    chip = chip if chip in CHIPS else ""
    page, wrong = _read(person, said, chip, request.GET.get("after"))
    values = {
        "rows": rows_of(page.rows, person),
        "older": page.following,
        "newest": "after" in request.GET,
        "said": said,
        "chip": chip,
        "chips": [(name, _query(said, name)) for name in CHIPS],
        "query": _query(said, chip),
        "filtered": bool(chip) or any(said.values()),
        "wrong": wrong,
        "departments": _departments(person),
        "shows_who": person.organisation_role in ("owner", "manager"),
    }
    return render(request, "tickets/list.html", values)


def _read(person: Person, said: Mapping[str, str], chip: str, after: str | None) -> tuple[lists.Page, str]:
    """The page, and the name of the field that made no sense."""
    try:
        wanted = filters.read(_wanted(said, chip))
        return lists.read_page(person, wanted, cursor=after, limit=PAGE), ""
    except BadFrame as refusal:
        wanted = filters.read({"status": CHIPS[chip]})
        return lists.read_page(person, wanted, limit=PAGE), str(refusal.params.get("field", ""))


def _wanted(said: Mapping[str, str], chip: str) -> dict[str, Any]:
    """Days are the reader's own; `until` is the last of them."""
    since, until = moments_of(said["since"], said["until"])
    return {
        **{name: said[name] for name in ("q", "number", "department")},
        "status": CHIPS[chip],
        "since": since.isoformat() if since else "",
        "until": until.isoformat() if until else "",
    }


def _query(said: Mapping[str, str], chip: str) -> str:
    return urlencode({name: value for name, value in {**said, "show": chip}.items() if value})


def _departments(person: Person) -> list[Department]:
    return list(Department.objects.visible_to(person).order_by("position", "pk"))
