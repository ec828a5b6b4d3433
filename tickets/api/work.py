"""Hand-overs (T8) and time that was worked (T9)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hub.accounts.public import StaffApiView
from hub.base.api.parsing import said_in
from hub.base.errors import BadFrame
from tickets import queries
from tickets.actions import assigning, handing_over, working
from tickets.api import shapes
from tickets.api.tickets import note_opening, one
from tickets.permissions import get_visible


class TransferView(StaffApiView):
    scope = "tickets"

    @extend_schema(request=shapes.TransferIn, responses=shapes.TicketDetails)
    def post(self, request: Request, number: int) -> Response:
        """Give it to a colleague, ask another department to take it over, or answer such a request (T8)."""
        said = said_in(shapes.TransferIn, request)
        if "answer" in said:
            self._answer(number, said)
        elif "department" in said:
            handing_over.ask(self.person, number, said["department"], note=said["note"])
        elif "agent" in said:
            assigning.assign(self.person, number, said["agent"])
        else:
            raise BadFrame(field="department")
        return Response(one(self, number))

    def _answer(self, number: int, said: Mapping[str, Any]) -> None:
        if said["answer"] == "approve":
            handing_over.approve(self.person, number, agent_id=said.get("agent"))
        elif said["answer"] == "refuse":
            handing_over.refuse(self.person, number, said["note"])
        else:
            handing_over.withdraw(self.person, number)


class WorkView(StaffApiView):
    scope = "tickets"

    @extend_schema(responses=shapes.WorkOut(many=True))
    def get(self, request: Request, number: int) -> Response:
        """All that was worked on it, in order."""
        ticket = get_visible(self.person, number)
        note_opening(self, ticket)
        return Response({"results": queries.describe_work(queries.work_of(ticket)), "next": None})

    @extend_schema(request=shapes.WorkIn, responses={201: shapes.WorkOut})
    def post(self, request: Request, number: int) -> Response:
        """Start or stop one's stopwatch, or write down what was worked without one."""
        said = said_in(shapes.WorkIn, request)
        if said["do"] == "start":
            work = working.start(self.person, number, kind=said["kind"])
        elif said["do"] == "stop":
            work = working.halt(self.person, number, note=said["note"])
        else:
            work = working.write_down(self.person, number, said["minutes"], kind=said["kind"], note=said["note"])
        return Response(queries.describe_work([work])[0], status=201)

    @extend_schema(request=shapes.WorkPatch, responses=shapes.WorkOut)
    def patch(self, request: Request, number: int) -> Response:
        """Free, under warranty or billable, while it is not charged."""
        said = said_in(shapes.WorkPatch, request)
        work = working.set_kind(self.person, number, said["id"], said["kind"])
        return Response(queries.describe_work([work])[0])
