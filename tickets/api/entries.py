"""The conversation of a ticket, who looks at it, and what belongs together."""

from __future__ import annotations

from collections.abc import Sequence

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hub.accounts.public import ApiView, Person, StaffApiView
from hub.base.api.idempotency import in_64_characters
from hub.base.api.paging import url_of
from hub.base.api.parsing import said_in
from hub.base.errors import BadFrame
from tickets import queries
from tickets.actions import joining, looking
from tickets.actions.replying import Reply, note, reply
from tickets.api import shapes
from tickets.api.tickets import limit_of, note_opening, one
from tickets.entries import ENTRY_FILES
from tickets.entry_files import entries_seen_by
from tickets.files.claims import files_of
from tickets.files.describing import describe
from tickets.models import TicketEntry
from tickets.permissions import get_visible
from tickets.states import Channel


class EntriesView(ApiView):
    scope = "tickets"

    @extend_schema(
        parameters=[OpenApiParameter("cursor", str), OpenApiParameter("limit", int)], responses=shapes.EntriesOut
    )
    def get(self, request: Request, number: int) -> Response:
        """In order (T4). Notes and events of staff's own are for staff alone."""
        ticket = get_visible(self.person, number)
        note_opening(self, ticket)
        after = request.query_params.get("cursor", "0")
        if not after.isascii() or not after.isdecimal() or len(after) > 9:
            raise BadFrame(field="cursor")
        rows, more = queries.read_entries(self.person, ticket, after_seq=int(after), limit=limit_of(request))
        following = url_of(request, str(rows[-1].seq)) if more else None
        return Response({"results": _shown(rows, self.person), "next": following})

    @extend_schema(request=shapes.EntryIn, responses={201: shapes.EntryOut})
    def post(self, request: Request, number: int) -> Response:
        """Reply, or write a note among staff. What is written on a ticket that is over becomes a linked one (T4)."""
        said = said_in(shapes.EntryIn, request)
        key = in_64_characters(request.headers.get("Idempotency-Key"))
        if said["kind"] == "note":
            entry = note(self.person, number, said["html"], key=key, files=said["files"], channel=Channel.API)
        else:
            wanted = Reply(
                html=said["html"],
                price_m=said["price_m"],
                status=said["status"],
                seen_seq=said["seen_seq"],
                key=key,
                channel=Channel.API,
                files=said["files"],
            )
            entry = reply(self.person, number, wanted)
        shown = _shown([entry], self.person)[0]
        return Response(shown | {"ticket": str(entry.ticket_id)}, status=201)


class FilesView(ApiView):
    scope = "tickets"

    @extend_schema(responses={200: dict})
    def get(self, request: Request, number: int) -> Response:
        """All files of its conversation that one may see, in order (T11)."""
        ticket = get_visible(self.person, number)
        note_opening(self, ticket)
        ids = list(entries_seen_by(self.person).filter(ticket=ticket).order_by("seq").values_list("pk", flat=True))
        found = files_of(ENTRY_FILES, ids)
        return Response({"results": [describe(one) for pk in ids for one in found.get(pk, ())], "next": None})


class LookingView(StaffApiView):
    scope = "tickets"

    @extend_schema(request=shapes.LookingIn, responses=shapes.LookingOut)
    def post(self, request: Request, number: int) -> Response:
        """I have it open, or write; who else does (T7). Said again every twenty seconds."""
        said = said_in(shapes.LookingIn, request)
        ticket = looking.look(self.person, number, writing=said["writing"])
        return Response({"looking": queries.looking(ticket, self.person)})


class JoinView(StaffApiView):
    scope = "tickets"

    @extend_schema(request=shapes.JoinIn, responses=shapes.TicketDetails)
    def post(self, request: Request, number: int) -> Response:
        """Merge it into another, link them, or split a reply off (T7); the ticket that goes on."""
        said = said_in(shapes.JoinIn, request)
        get_visible(self.person, number)
        what = said["do"]
        if what == "split":
            made = joining.split(self.person, number, _given(said.get("seq"), "seq"), said["subject"])
            return Response(one(self, made.pk))
        other = _given(said.get("number"), "number")
        if what == "merge":
            return Response(one(self, joining.merge(self.person, number, other).pk))
        joining.link(self.person, number, other, on=what == "link")
        return Response(one(self, number))


def _shown(rows: Sequence[TicketEntry], person: Person) -> list[dict[str, object]]:
    """With their files, read together."""
    found = files_of(ENTRY_FILES, [row.pk for row in rows])
    shown = queries.describe_entries(rows, person)
    return [
        one | {"files": [describe(file) for file in found.get(row.pk, ())]}
        for one, row in zip(shown, rows, strict=True)
    ]


def _given(value: int | None, field: str) -> int:
    if value is None:
        raise BadFrame(field=field)
    return value
