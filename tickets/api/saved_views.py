"""Saved views of the list (T6), drafts (C9) and macros on a ticket (T13), for staff."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from hub.accounts.public import Person, StaffApiView
from hub.base.api.parsing import said_in
from hub.base.errors import BadFrame, NotFound
from tickets.actions import drafting, ruling, saving_views
from tickets.api.shapes import Asked, Fields, Key, TicketDetails
from tickets.api.tickets import one
from tickets.models import Draft, Macro, SavedView
from tickets.permissions import get_visible
from tickets.queries import views_seen_by


class ViewOut(serializers.Serializer[Fields]):
    id = serializers.CharField()
    name = serializers.CharField()
    of = serializers.CharField(help_text="me, all, or the id of a department")
    wanted = serializers.DictField(help_text="The parameters of GET /tickets/; `from` and `to` are days")
    may_change = serializers.BooleanField()


class ViewsOut(serializers.Serializer[Fields]):
    results = ViewOut(many=True)
    next = serializers.CharField(allow_null=True)


class ViewIn(Asked):
    name = serializers.CharField(max_length=saving_views.NAME_CHARACTERS_MAX)
    wanted = serializers.DictField(child=serializers.CharField(max_length=100), required=False, default=dict)
    of = serializers.CharField(max_length=18, required=False, default=saving_views.MINE)


class ViewPatch(Asked):
    name = serializers.CharField(max_length=saving_views.NAME_CHARACTERS_MAX, required=False)
    wanted = serializers.DictField(child=serializers.CharField(max_length=100), required=False)


class DraftIn(Asked):
    kind = serializers.ChoiceField(choices=["reply", "note"], required=False, default="reply")
    html = serializers.CharField(max_length=200_000, allow_blank=True)


class DraftsOut(serializers.Serializer[Fields]):
    reply = serializers.CharField(required=False)
    note = serializers.CharField(required=False)


class MacroRunIn(Asked):
    macro = Key()


def _described(person: Person, view: SavedView) -> Fields:
    shared = saving_views.EVERYBODY if view.department_id is None else str(view.department_id)
    return {
        "id": str(view.pk),
        "name": view.name,
        "of": saving_views.MINE if view.user_id is not None else shared,
        "wanted": view.wanted,
        "may_change": saving_views.may_change(person, view),
    }


class ViewsView(StaffApiView):
    scope = "tickets"

    @extend_schema(responses=ViewsOut)
    def get(self, request: Request) -> Response:
        """Own ones, those of own departments, and everybody's."""
        rows = views_seen_by(self.person).order_by("position", "name", "pk")
        return Response({"results": [_described(self.person, row) for row in rows], "next": None})

    @extend_schema(request=ViewIn, responses={201: ViewOut})
    def post(self, request: Request) -> Response:
        """Keep filters under a name: for oneself, a department by its manager, everybody by the hub owner."""
        said = said_in(ViewIn, request)
        view = saving_views.save_view(self.person, said["name"], said["wanted"], of=said["of"])
        return Response(_described(self.person, view), status=201)


class OneView(StaffApiView):
    scope = "tickets"

    @extend_schema(responses=ViewOut)
    def get(self, request: Request, view_id: int) -> Response:
        view = views_seen_by(self.person).filter(pk=view_id).first()
        if view is None:
            raise NotFound
        return Response(_described(self.person, view))

    @extend_schema(request=ViewPatch, responses=ViewOut)
    def patch(self, request: Request, view_id: int) -> Response:
        said = said_in(ViewPatch, request)
        view = saving_views.change_view(self.person, view_id, name=said.get("name"), wanted=said.get("wanted"))
        return Response(_described(self.person, view))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, view_id: int) -> Response:
        saving_views.delete_view(self.person, view_id)
        return Response(status=204)


class DraftView(StaffApiView):
    scope = "tickets"

    @extend_schema(responses=DraftsOut)
    def get(self, request: Request, number: int) -> Response:
        """What one has begun to write here."""
        ticket = get_visible(self.person, number)
        return Response(dict(Draft.objects.filter(ticket=ticket, user=self.person.user_id).values_list("kind", "html")))

    @extend_schema(request=DraftIn, responses={204: None})
    def put(self, request: Request, number: int) -> Response:
        """Kept until it is sent; an empty one goes."""
        said = said_in(DraftIn, request)
        drafting.keep_draft(self.person, number, said["kind"], said["html"])
        return Response(status=204)


class MacroRunView(StaffApiView):
    scope = "tickets"

    @extend_schema(request=MacroRunIn, responses=TicketDetails)
    def post(self, request: Request, number: int) -> Response:
        """All deeds of a macro, with one's own rights; or none of them."""
        get_visible(self.person, number)
        macro = said_in(MacroRunIn, request)["macro"]
        if not Macro.objects.filter(pk=macro, is_active=True).exists():
            raise BadFrame(field="macro")
        ruling.run_macro(self.person, number, macro)
        return Response(one(self, number))
