"""The list, a new ticket, one ticket, many at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hub.accounts.public import ApiView, StaffApiView, audit
from hub.base.api.idempotency import in_64_characters
from hub.base.api.paging import SIZE_MAX, url_of
from hub.base.api.parsing import said_in
from hub.base.errors import BadFrame, Forbidden
from tickets import filters, lists, queries
from tickets.actions import assigning, binning, bulk, changing
from tickets.actions.changing import Changes
from tickets.actions.creating import NewTicket, create
from tickets.api import shapes
from tickets.listed import read_one
from tickets.models import Ticket
from tickets.permissions import get_visible, is_own_work
from tickets.states import PRIORITIES, Channel, Status

_FILTERS = (
    "q title person number status priority department customer organisation category agent tag channel since until"
)


class TicketsView(ApiView):
    scope = "tickets"

    @extend_schema(
        parameters=[
            *(OpenApiParameter(name, str) for name in _FILTERS.split()),
            OpenApiParameter("since", datetime, description="Made at or after"),
            OpenApiParameter("until", datetime),
            OpenApiParameter("waiting", bool, description="The customer waits for an answer"),
            OpenApiParameter("breached", bool),
            OpenApiParameter("followed", bool),
            OpenApiParameter("sort", str, enum=list(filters.ORDERS)),
            OpenApiParameter("cursor", str),
            OpenApiParameter("limit", int),
        ],
        responses=shapes.TicketsOut,
    )
    def get(self, request: Request) -> Response:
        """The tickets one may see (P4, P5), the last changed first; `status=live` is open and pending."""
        wanted = filters.read(request.query_params)
        cursor = request.query_params.get("cursor")
        page = lists.read_page(self.person, wanted, cursor=cursor, limit=limit_of(request))
        following = None if page.following is None else url_of(request, page.following)
        return Response({"results": queries.describe(page.rows, self.person), "next": following})

    @extend_schema(request=shapes.TicketIn, responses={201: shapes.TicketDetails})
    def post(self, request: Request) -> Response:
        """File one (T1); staff for a customer (T7). Its price is charged with it (T2)."""
        said = said_in(shapes.TicketIn, request)
        ticket = create(self.person, _new(said, request.headers.get("Idempotency-Key")))
        return Response(one(self, ticket.pk), status=201)


class TicketView(ApiView):
    scope = "tickets"

    @extend_schema(responses=shapes.TicketDetails)
    def get(self, request: Request, number: int) -> Response:
        """One ticket. What is not one's own work is audited (P9)."""
        note_opening(self, get_visible(self.person, number))
        return Response(one(self, number))

    @extend_schema(request=shapes.TicketPatch, responses=shapes.TicketDetails)
    def patch(self, request: Request, number: int) -> Response:
        """Staff change what they like; customers say that it is solved, or open it again (T4)."""
        said = said_in(shapes.TicketPatch, request)
        get_visible(self.person, number)
        if not self.person.is_staff:
            _by_customer(self, number, said)
        else:
            changing.change(self.person, number, _changes(said))
            if "followed" in said:
                assigning.follow(self.person, number, on=said["followed"])
        return Response(one(self, number))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, number: int) -> Response:
        """Into the bin, by the hub owner (P5)."""
        binning.delete(self.person, number)
        return Response(status=204)


class BulkView(StaffApiView):
    scope = "tickets"
    answers_once = False  # each ticket is a transaction of its own; the same again changes nothing more

    @extend_schema(request=shapes.BulkIn, responses=shapes.BulkOut)
    def post(self, request: Request) -> Response:
        """The same change to up to a hundred tickets, each for itself (T6)."""
        said = said_in(shapes.BulkIn, request)
        done = bulk.change_all(self.person, said["numbers"], _changes(said))
        return Response({"results": {number: refusal and refusal.code for number, refusal in done.items()}})


def one(view: ApiView, number: int) -> dict[str, object]:
    """As its reader may see it now; who gave it away may see no more of it than its number."""
    found = Ticket.objects.visible_to(view.person).filter(pk=number).first()
    if found is None:
        return {"number": str(number)}
    return queries.describe([read_one(found)], view.person)[0] | queries.beside(found, view.person)


def note_opening(view: ApiView, ticket: Ticket) -> None:
    """P9: what staff open that is not their own work."""
    if view.person.is_staff and not is_own_work(ticket, view.person):
        audit.record_opening(view.person, "tickets.ticket.opened", target_kind="ticket", target_id=ticket.pk)


def limit_of(request: Request) -> int:
    text = request.query_params.get("limit", str(lists.PAGE))
    if not text.isascii() or not text.isdecimal() or len(text) > 4 or not 1 <= int(text) <= SIZE_MAX:
        raise BadFrame(field="limit")
    return int(text)


def _new(said: Mapping[str, Any], key: str | None) -> NewTicket:
    return NewTicket(
        department_id=said["department"],
        subject=said["subject"],
        html=said["html"],
        category_id=said["category"],
        agent_id=said["agent"],
        cc=said["cc"],
        fields=said["fields"],
        phone=said["phone"],
        contact_id=said["contact"],
        contact_name=said["name"],
        contact_email=said["email"],
        channel=said["channel"] or Channel.API,
        price_m=said["price_m"],
        # What a chat says grows while one asks again: there the API's own memory of the key must do.
        key=in_64_characters(key) if said["from_session"] is None else None,
        session_id=said["from_session"],
        note=said["note"],
        customer_id=said["customer"],
        priority=PRIORITIES[said["priority"]],
        tags=said["tags"],
        charge=said["charge"],
        files=said["files"],
        proof=said["proof"],
    )


def _changes(said: Mapping[str, Any]) -> Changes:
    names = {"status": "status", "agent": "agent_id", "tags": "tags", "subject": "subject", "category": "category_id"}
    names |= {"cc": "cc", "fields": "fields", "more_tags": "more_tags", "contact": "contact_id"}
    changed: dict[str, Any] = {column: said[name] for name, column in names.items() if name in said}
    if "priority" in said:
        changed["priority"] = int(PRIORITIES[said["priority"]])
    return Changes(**changed)


def _by_customer(view: ApiView, number: int, said: Mapping[str, Any]) -> None:
    """Raises Forbidden for all but `solved` and `open`."""
    if set(said) != {"status"} or said["status"] not in (Status.SOLVED, Status.OPEN):
        raise Forbidden
    act = changing.solve if said["status"] == Status.SOLVED else changing.reopen
    act(view.person, number)
