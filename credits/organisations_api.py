"""`/api/v1/organisations/{id}/…`: units, members, limits and requests, as the pages of personnel have them (P4, A4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from credits import limits
from credits import shapes_organisations as shapes
from credits.ledger.accounts import get_wallet, open_wallet
from credits.limit_requests import ask_for_more, decline_more, grant_more
from credits.models import LimitRequest
from credits.personnel import (
    Asked,
    Member,
    UnitRow,
    read_asked,
    read_member,
    read_overview,
    read_units,
)
from hub.accounts.public import (
    ApiView,
    Authority,
    Invalid,
    Invited,
    Membership,
    Organisation,
    Person,
    Unit,
    authority_over,
    invitations,
    memberships,
    organisations,
    units,
)
from hub.base.api.paging import url_of
from hub.base.api.parsing import said_in
from hub.base.errors import NotFound
from hub.base.filters import number_of


class OrganisationApiView(ApiView):
    """For who has authority there; to everybody else it does not exist (X1)."""

    scope = "people"

    def authority(self, organisation_id: int) -> Authority:
        return _authority(self.person, organisation_id)


def _authority(person: Person, organisation_id: int | None) -> Authority:
    organisation = Organisation.objects.visible_to(person).filter(pk=organisation_id or 0).first()
    found = authority_over(person, organisation) if organisation is not None else None
    if found is None:
        raise NotFound
    return found


class Units(OrganisationApiView):
    @extend_schema(responses=shapes.UnitOut(many=True))
    def get(self, request: Request, organisation_id: int) -> Response:
        """The units: all for the owner, the own one for a manager."""
        rows = read_units(self.authority(organisation_id))
        return Response({"results": [_unit(row) for row in rows], "next": None})

    @extend_schema(request=shapes.UnitIn, responses={201: shapes.UnitOut})
    def post(self, request: Request, organisation_id: int) -> Response:
        """A new unit."""
        self.authority(organisation_id)
        made = units.add_unit(self.person, organisation_id, said_in(shapes.UnitIn, request)["name"])
        return Response(_unit(UnitRow(made.pk, made.name, 0)), status=201)


class UnitView(OrganisationApiView):
    @extend_schema(responses=shapes.UnitOut)
    def get(self, request: Request, unit_id: int) -> Response:
        row, _ = self._row(unit_id)
        return Response(_unit(row))

    @extend_schema(request=shapes.UnitIn, responses=shapes.UnitOut)
    def patch(self, request: Request, unit_id: int) -> Response:
        """Another name."""
        _, authority = self._row(unit_id)
        name = said_in(shapes.UnitIn, request)["name"]
        units.rename_unit(self.person, authority.organisation.pk, unit_id, name)
        return Response(_unit(self._row(unit_id)[0]))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, unit_id: int) -> Response:
        """Only when nobody is in it."""
        _, authority = self._row(unit_id)
        units.remove_unit(self.person, authority.organisation.pk, unit_id)
        return Response(status=204)

    def _row(self, unit_id: int) -> tuple[UnitRow, Authority]:
        unit = Unit.objects.filter(pk=unit_id).first()
        authority = _authority(self.person, unit.organisation_id if unit else None)
        for row in read_units(authority):
            if row.id == unit_id:
                return row, authority
        raise NotFound


class Members(OrganisationApiView):
    @extend_schema(responses=shapes.MemberOut(many=True))
    def get(self, request: Request, organisation_id: int) -> Response:
        """The members one sees, with their limits and what they used this month. `q` and `unit` look for some."""
        unit = request.query_params.get("unit", "")
        overview = read_overview(
            self.person,
            self.authority(organisation_id),
            text=request.query_params.get("q", "").replace("\0", "").strip(),
            unit_id=number_of(unit),
            cursor=request.query_params.get("cursor", ""),
        )
        shown = overview.shows_amounts
        following = url_of(request, overview.next) if overview.next else None
        return Response({"results": [_member(row, amounts=shown) for row in overview.members], "next": following})

    @extend_schema(request=shapes.InviteIn, responses={201: shapes.InvitedOut})
    def post(self, request: Request, organisation_id: int) -> Response:
        """Invite somebody (P3): the place is theirs when they accept."""
        authority = self.authority(organisation_id)
        said = said_in(shapes.InviteIn, request)
        limits.require_sense(said["limit_m"])
        made = invitations.invite(
            self.person,
            Invited(
                first_name=said["first_name"],
                last_name=said["last_name"],
                email=said["email"],
                mobile=said["mobile"],
                organisation_id=organisation_id,
                unit_id=said["unit"] if authority.whole else authority.unit_id,
                role=said["role"],
                monthly_limit_millicredits=said["limit_m"],
            ),
        )
        return Response({"id": str(made.pk), "expires_at": made.expires_at}, status=201)


class MemberView(OrganisationApiView):
    @extend_schema(responses=shapes.MemberOut)
    def get(self, request: Request, user_id: int) -> Response:
        return Response(self._described(user_id))

    @extend_schema(request=shapes.MemberChange, responses=shapes.MemberOut)
    def patch(self, request: Request, user_id: int) -> Response:
        """What is named changes, all or nothing: unit, role, suspended, the limit and what is more in this month."""
        authority = self._authority(user_id)
        said = said_in(shapes.MemberChange, request)
        with transaction.atomic():
            self._change(authority, user_id, said)
        return Response(self._described(user_id))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, user_id: int) -> Response:
        """Out of the organisation; the account stays, with its own wallet."""
        authority = self._authority(user_id)
        memberships.remove_member(self.person, authority.organisation.pk, user_id)
        return Response(status=204)

    def _change(self, authority: Authority, user_id: int, said: Mapping[str, Any]) -> None:
        person, organisation_id = self.person, authority.organisation.pk
        if "unit" in said:
            memberships.move_member(person, organisation_id, user_id, unit_id=said["unit"])
        if "role" in said:
            memberships.set_role(person, organisation_id, user_id, role=said["role"])
        if "suspended" in said:
            memberships.suspend_member(person, organisation_id, user_id, suspended=said["suspended"])
        # Last: it locks meters, and organisations are locked before those.
        if "limit_m" in said or "extra_m" in said:
            now = read_member(person, authority, user_id)
            if now is None:
                raise NotFound
            limit_m = said.get("limit_m", now.allowance.limit_m)
            extra_m = said.get("extra_m", now.allowance.extra_m)
            limits.set_limit(person, organisation_id, user_id, limit_m=limit_m, extra_m=extra_m)

    def _authority(self, user_id: int) -> Authority:
        place = Membership.objects.filter(user=user_id).first()
        authority = _authority(self.person, place.organisation_id if place else None)
        if place is None or not authority.sees(place):
            raise NotFound
        return authority

    def _described(self, user_id: int) -> dict[str, object]:
        authority = self._authority(user_id)
        row = read_member(self.person, authority, user_id)
        if row is None:
            raise NotFound
        wallet = get_wallet(open_wallet(organisation_id=authority.organisation.pk))
        return _member(row, amounts=not wallet.unmetered)


class HandOver(OrganisationApiView):
    @extend_schema(request=shapes.HandOverIn, responses={204: None})
    def post(self, request: Request, organisation_id: int) -> Response:
        """Another member becomes the owner."""
        self.authority(organisation_id)
        to_user_id = said_in(shapes.HandOverIn, request)["to"]
        if not Membership.objects.filter(organisation=organisation_id, user=to_user_id).exists():
            raise Invalid(fields={"to": gettext("This is no member of the organisation.")})
        organisations.hand_over(self.person, organisation_id, to_user_id=to_user_id)
        return Response(status=204)


class Requests(OrganisationApiView):
    @extend_schema(responses=shapes.RequestOut(many=True))
    def get(self, request: Request, organisation_id: int) -> Response:
        """Who is at the limit and waits for the caller's answer, the oldest first."""
        authority = self.authority(organisation_id)
        rows = read_asked(authority, get_wallet(open_wallet(organisation_id=organisation_id)))
        return Response({"results": [_request(row) for row in rows], "next": None})


class RequestView(OrganisationApiView):
    @extend_schema(request=shapes.AnswerIn, responses=shapes.LimitOut)
    def post(self, request: Request, request_id: int) -> Response:
        """Give so much more, in this month or for good; `by_m` null declines."""
        if not LimitRequest.objects.visible_to(self.person).filter(pk=request_id).exists():
            raise NotFound
        said = said_in(shapes.AnswerIn, request)
        if said["by_m"] is None:
            decline_more(self.person, request_id)
            return Response({})
        allowance = grant_more(self.person, request_id, by_m=said["by_m"], for_good=said["for_good"])
        return Response(_limit(allowance))


class AskForMore(ApiView):
    scope = "credits"

    @extend_schema(request=None, responses={202: None})
    def post(self, request: Request) -> Response:
        """Ask the manager for a higher limit; again while the request is open changes nothing."""
        ask_for_more(self.person)
        return Response(status=202)


def _unit(row: UnitRow) -> dict[str, object]:
    return {"id": str(row.id), "name": row.name, "members": row.people}


def _member(row: Member, *, amounts: bool) -> dict[str, object]:
    fields: dict[str, object] = {
        "id": str(row.user_id),
        "name": row.name,
        "login": row.login,
        "email": row.email or None,
        "mobile": row.mobile or None,
        "role": row.role,
        "unit": None if row.unit_id is None else {"id": str(row.unit_id), "name": row.unit},
        "suspended": row.suspended,
    }
    return fields | _limit(row.allowance) if amounts else fields


def _limit(allowance: Any) -> dict[str, object]:
    return {
        "limit_m": allowance.limit_m,
        "extra_m": allowance.extra_m,
        "used_m": allowance.used_m,
        "left_m": allowance.left_m,
        "until": allowance.until,
    }


def _request(row: Asked) -> dict[str, object]:
    return {"id": str(row.id), "member": {"id": str(row.user_id), "name": row.name}, **_limit(row.allowance)}
