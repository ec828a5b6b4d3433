"""`/tickets/bin/`: what the hub owner deleted and can take back (P5)."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from hub.accounts.public import OwnerApiView
from hub.base.api.paging import url_of
from hub.base.filters import number_of
from tickets.actions import binning
from tickets.in_bin import lines

Fields = dict[str, object]


class BinOut(serializers.Serializer[Fields]):
    number = serializers.CharField()
    subject = serializers.CharField()
    deleted_at = serializers.DateTimeField()
    deleted_by = serializers.CharField(help_text="The name of whoever did it")
    goes_at = serializers.DateTimeField(help_text="From then on it is gone for good")


class Bin(OwnerApiView):
    scope = "tickets"

    @extend_schema(parameters=[OpenApiParameter("cursor", str)], responses=BinOut(many=True))
    def get(self, request: Request) -> Response:
        """The last ones first."""
        rows, is_more = lines(before=number_of(request.query_params.get("cursor")))
        shown = [
            {
                "number": one.ticket.number,
                "subject": one.ticket.subject,
                "deleted_at": one.ticket.deleted_at,
                "deleted_by": one.deleted_by,
                "goes_at": one.goes_at,
            }
            for one in rows
        ]
        return Response({"results": shown, "next": url_of(request, rows[-1].ticket.number) if is_more else None})


class Restore(OwnerApiView):
    scope = "tickets"

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, number: int) -> Response:
        """Out of the bin, as it was."""
        binning.restore(self.person, number)
        return Response(status=204)
