"""`/files/room/`, `/customers/<id>/file-room/`, `/organisations/<id>/file-room/`: how much room files have (T11)."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from hub.accounts.public import ApiView, Organisation, StaffApiView, User
from hub.base.api.parsing import said_in
from hub.base.errors import NotFound
from tickets.files.quotas import QUOTA_MB_MAX, Payer, Room, payer_for, payer_of, room_for, room_of, set_quota

Fields = dict[str, object]


class QuotaIn(serializers.Serializer[Fields]):
    quota_mb = serializers.IntegerField(
        min_value=0, max_value=QUOTA_MB_MAX, allow_null=True, help_text="Null: what all have; 0: no limit"
    )


class RoomOut(serializers.Serializer[Fields]):
    used_bytes = serializers.IntegerField()
    max_bytes = serializers.IntegerField(allow_null=True, help_text="Null: no limit")
    left_bytes = serializers.IntegerField(allow_null=True, help_text="Null: no limit")
    quota_mb = serializers.IntegerField(allow_null=True, help_text="Set for them alone; null: what all have")
    organisation = serializers.CharField(allow_null=True, help_text="Whose members share this room")


def room_fields(payer: Payer, room: Room) -> Fields:
    return {
        "used_bytes": room.used,
        "max_bytes": room.bytes_max or None,
        "left_bytes": room.left if room.bytes_max else None,
        "quota_mb": room.own_mb,
        "organisation": str(payer.organisation_id) if payer.organisation_id is not None else None,
    }


def _of(payer: Payer) -> Fields:
    return room_fields(payer, room_of(payer))


class OwnFileRoom(ApiView):
    scope = "tickets"

    @extend_schema(responses=RoomOut)
    def get(self, request: Request) -> Response:
        """How much room one's own files take and may take; of a member the organisation's. Staff have no limit."""
        return Response(room_fields(payer_for(self.person), room_for(self.person)))


class CustomerFileRoom(StaffApiView):
    scope = "people"

    @extend_schema(responses=RoomOut)
    def get(self, request: Request, customer_id: int) -> Response:
        """Of a member the room of the organisation, which all its members share."""
        if not User.objects.visible_to(self.person).filter(kind=User.Kind.CUSTOMER, pk=customer_id).exists():
            raise NotFound
        return Response(_of(payer_of(customer_id)))

    @extend_schema(request=QuotaIn, responses=RoomOut)
    def put(self, request: Request, customer_id: int) -> Response:
        """Set their own quota, which counts while they are no member. For managers and the hub owner."""
        set_quota(self.person, Payer(user_id=customer_id), said_in(QuotaIn, request)["quota_mb"])
        return Response(_of(payer_of(customer_id)))


class OrganisationFileRoom(StaffApiView):
    scope = "people"

    @extend_schema(responses=RoomOut)
    def get(self, request: Request, organisation_id: int) -> Response:
        if not Organisation.objects.visible_to(self.person).filter(pk=organisation_id).exists():
            raise NotFound
        return Response(_of(Payer(organisation_id=organisation_id)))

    @extend_schema(request=QuotaIn, responses=RoomOut)
    def put(self, request: Request, organisation_id: int) -> Response:
        """For managers and the hub owner."""
        payer = Payer(organisation_id=organisation_id)
        set_quota(self.person, payer, said_in(QuotaIn, request)["quota_mb"])
        return Response(_of(payer))
