"""The tickets of one customer or organisation, for their pages in the admin (A1): what the reader may see (P5)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from django.db.models import QuerySet

from hub.accounts.public import Organisation, standing
from hub.base.errors import BadFrame
from hub.base.forms import Filled
from hub.base.prepared import prepared
from tickets import lists
from tickets.desk.rows import rows_of
from tickets.files.quotas import Payer, payer_of, room_of
from tickets.filters import Wanted
from tickets.models import Ticket

if TYPE_CHECKING:
    from django.http import HttpRequest

    from hub.accounts.public import Person

COUNTED_MAX: Final = 999


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
    return {"rows": rows_of(page.rows), "page": page, **_room(customer_id, organisation_id)}


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
