"""The tickets of one customer or organisation, for their pages in the admin (A1): what the reader may see (P5)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from django.db.models import QuerySet

from hub.accounts.public import Organisation, standing
from hub.base.errors import BadFrame
from hub.base.filters import number_of
from hub.base.forms import Filled
from hub.base.prepared import prepared
from tickets import lists
from tickets.conversation import file_shown
from tickets.desk.rows import rows_of
from tickets.files.quotas import Payer, payer_of, room_of
from tickets.filters import Wanted
from tickets.library import Asked, read_library
from tickets.models import Ticket

if TYPE_CHECKING:
    from django.http import HttpRequest

    from hub.accounts.public import Person

COUNTED_MAX: Final = 999
FILES_SHOWN: Final = 20
SAID_MAX: Final = 80


def tickets_of(
    request: HttpRequest, person: Person, *, customer_id: int | None = None, organisation_id: int | None = None
) -> dict[str, Any]:
    """What tickets/desk_of_customer.html shows; the last changed first, page by page."""
    whose = {"customer": customer_id} if customer_id is not None else {"organisation": organisation_id or 0}
    wanted = Wanted(ids=whose)
    try:
        page = lists.read_page(person, wanted, cursor=request.GET.get("after"), before=request.GET.get("before"))
    except BadFrame:
        page = lists.read_page(person, wanted)
    files = _files(request, person, customer_id, organisation_id)
    return {"rows": rows_of(page.rows), "page": page, **files, **_room(customer_id, organisation_id)}


def _files(
    request: HttpRequest, person: Person, customer_id: int | None, organisation_id: int | None
) -> dict[str, object]:
    """T11: what went with those of their tickets that the reader may see, the newest first, by name and number."""
    said = {name: request.GET.get(name, "").replace("\0", "").strip()[:SAID_MAX] for name in ("file", "of")}
    asked = Asked(
        name=said["file"],
        number=(number_of(said["of"]) or 0) if said["of"] else None,
        customer_id=customer_id,
        organisation_id=organisation_id,
    )
    shelf = read_library(person, asked, before=number_of(request.GET.get("files")), limit=FILES_SHOWN)
    return {
        "files": [(one, file_shown(one.file)) for one in shelf.rows],
        "files_said": said,
        "files_searched": any(said.values()),
        "files_older": None if shelf.older is None else urlencode({**said, "files": shelf.older}),
        "files_newest": urlencode(said) if "files" in request.GET else None,
    }


def _room(customer_id: int | None, organisation_id: int | None) -> dict[str, object]:
    """T11: what their files take. A member's count for the organisation, where it is set how much that may be."""
    payer = payer_of(customer_id) if customer_id is not None else Payer(organisation_id=organisation_id)
    shared = payer.organisation_id if customer_id is not None else None
    room = room_of(payer)
    return {
        "room": room,
        "room_of": Organisation.objects.filter(pk=shared).first() if shared is not None else None,
        "quota_form": Filled({"quota_mb": "" if room.own_mb is None else room.own_mb}),
        "quota_for": payer,
    }


def count_seen(person: Person, customer_id: int) -> int:
    """How many of a customer's tickets this person may see; not more than are told."""
    return len(_seen(standing(person), user_id=person.user_id, customer=customer_id))


@prepared
def _seen(person: Person, *, user_id: int | None, customer: int) -> QuerySet[Ticket, int]:
    seen = Ticket.objects.visible_to(replace(person, user_id=user_id)).filter(customer=customer)
    return seen.values_list("pk", flat=True)[:COUNTED_MAX]
