"""What staff note about customers and organisations (A1)."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hub.accounts.public import Organisation, StaffApiView, StaffNote, User, notes
from hub.base.api.paging import page
from hub.base.api.parsing import said_in
from hub.base.errors import NotFound
from hub.dashboard.api import care_shapes, shapes


class CustomerNotesView(StaffApiView):
    scope = "people"

    @extend_schema(responses=care_shapes.NoteOut(many=True))
    def get(self, request: Request, customer_id: int) -> Response:
        """Newest first; of a customer whom one may see (P5)."""
        if not User.objects.visible_to(self.person).filter(kind=User.Kind.CUSTOMER, pk=customer_id).exists():
            raise NotFound
        return _listed(request, about_user=customer_id)

    @extend_schema(request=care_shapes.NoteIn, responses={201: care_shapes.NoteOut})
    def post(self, request: Request, customer_id: int) -> Response:
        """Note something; every one of the staff who sees the customer reads it."""
        note = notes.add_note(self.person, said_in(care_shapes.NoteIn, request)["text"], about_user=customer_id)
        return Response(_shown(note), status=201)


class OrganisationNotesView(StaffApiView):
    scope = "people"

    @extend_schema(responses=care_shapes.NoteOut(many=True))
    def get(self, request: Request, organisation_id: int) -> Response:
        """Newest first; of an organisation of whose people one sees somebody (P5)."""
        if not Organisation.objects.visible_to(self.person).filter(pk=organisation_id).exists():
            raise NotFound
        return _listed(request, about_organisation=organisation_id)

    @extend_schema(request=care_shapes.NoteIn, responses={201: care_shapes.NoteOut})
    def post(self, request: Request, organisation_id: int) -> Response:
        text = said_in(care_shapes.NoteIn, request)["text"]
        note = notes.add_note(self.person, text, about_organisation=organisation_id)
        return Response(_shown(note), status=201)


class NoteView(StaffApiView):
    scope = "people"

    @extend_schema(responses=care_shapes.NoteOut)
    def get(self, request: Request, note_id: int) -> Response:
        return Response(_shown(notes.get_note(self.person, note_id)))

    @extend_schema(request=care_shapes.NoteIn, responses=care_shapes.NoteOut)
    def patch(self, request: Request, note_id: int) -> Response:
        """By who wrote it."""
        notes.get_note(self.person, note_id)
        text = said_in(care_shapes.NoteIn, request)["text"]
        return Response(_shown(notes.change_note(self.person, note_id, text)))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, note_id: int) -> Response:
        """By who wrote it, a manager or the owner."""
        notes.remove_note(self.person, note_id)
        return Response(status=204)


def _listed(request: Request, **about: int) -> Response:
    rows = StaffNote.objects.filter(**about).select_related("author")
    return Response(page(request, rows, order=("-pk",), render=lambda found: [_shown(row) for row in found]))


def _shown(note: StaffNote) -> dict[str, object]:
    author = {"id": str(note.author.pk), "name": note.author.name}
    said = {"id": str(note.pk), "text": note.text, "created_at": note.created_at, "edited_at": note.edited_at}
    return shapes.shown(care_shapes.NoteOut, said | {"author": author})
