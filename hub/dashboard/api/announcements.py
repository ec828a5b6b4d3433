"""`/announcements/`: what is told to everybody, and who has seen it (D4)."""

from __future__ import annotations

from django.utils import translation
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hub.accounts.public import ApiView
from hub.base.api.parsing import Said, said_in
from hub.base.errors import Forbidden, NotFound
from hub.dashboard.api import setup_shapes, shapes
from hub.site import public as site


class AnnouncementsView(ApiView):
    @extend_schema(responses=setup_shapes.AnnouncementOut(many=True))
    def get(self, request: Request) -> Response:
        """What is announced to the reader now, in their language, newest first; for the owner with `all=1` everything.

        It is few: one page.
        """
        if request.query_params.get("all") and self.person.is_owner:
            rows = [_announcement_details(row) for row in site.all_announcements()]
            return Response({"results": rows, "next": None})
        shown = site.published_announcements(self.person, language=_language())
        return Response({"results": shapes.each_shown(setup_shapes.AnnouncementOut, map(_view, shown)), "next": None})

    @extend_schema(request=setup_shapes.AnnouncementIn, responses={201: setup_shapes.AnnouncementDetails})
    def post(self, request: Request) -> Response:
        """Write one; with `state` published it is told at once. For the owner."""
        if not self.person.is_owner:
            raise Forbidden
        self.person.require("site")
        row = _save_announcement(self, None, said_in(setup_shapes.AnnouncementIn, request))
        return Response(_announcement_details(row), status=201)


class AnnouncementView(ApiView):
    @extend_schema(responses=setup_shapes.AnnouncementOut)
    def get(self, request: Request, announcement_id: int) -> Response:
        """One that is meant for the reader; the owner sees each."""
        if self.person.is_owner:
            return Response(_announcement_details(_announcement(announcement_id)))
        shown = site.get_announcement(self.person, announcement_id, _language())
        return Response(shapes.shown(setup_shapes.AnnouncementOut, _view(shown)))

    @extend_schema(request=setup_shapes.AnnouncementIn, responses=setup_shapes.AnnouncementDetails)
    def put(self, request: Request, announcement_id: int) -> Response:
        """All of it anew, and its state. For the owner; for everybody else there is nothing here."""
        if not self.person.is_owner:
            raise NotFound
        self.person.require("site")
        row = _announcement(announcement_id)
        return Response(
            _announcement_details(_save_announcement(self, row, said_in(setup_shapes.AnnouncementIn, request)))
        )


class AnnouncementSeenView(ApiView):
    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, announcement_id: int) -> Response:
        """The reader has seen it; once is enough."""
        site.get_announcement(self.person, announcement_id, _language())
        site.note_seen(self.person, [announcement_id])
        return Response(status=204)


def _language() -> str:
    return (translation.get_language() or "en").split("-")[0]


def _view(one: site.AnnouncementView) -> dict[str, object]:
    return {
        "id": str(one.id),
        "title": one.title,
        "html": one.html,
        "language": one.language,
        "from_at": one.from_at,
        "until_at": one.until_at,
        "seen": one.seen,
    }


def _announcement(announcement_id: int) -> site.Announcement:
    found = site.find_announcement(announcement_id)
    if found is None:
        raise NotFound
    return found


def _announcement_details(row: site.Announcement) -> dict[str, object]:
    fields: dict[str, object] = {
        "id": str(row.pk),
        "department": str(row.department_id) if row.department_id else None,
        "texts": {
            one.language: {"title": one.title, "source": one.source, "html": one.html} for one in row.texts.all()
        },
        "seen_by": row.seen.count(),
    }
    names = ("state", "audience", "in_portal", "in_widget", "by_email", "from_at", "until_at")
    return shapes.shown(setup_shapes.AnnouncementDetails, fields | {name: getattr(row, name) for name in names})


def _save_announcement(view: ApiView, row: site.Announcement | None, said: Said) -> site.Announcement:
    names = ("audience", "in_portal", "in_widget", "by_email", "from_at", "until_at")
    new = site.AnnouncementIn(
        texts={language: (text["title"], text["source"]) for language, text in said["texts"].items()},
        department_id=said["department"],
        **{name: said[name] for name in names},
    )
    saved = site.save_announcement(view.person, row, new)
    if said.get("state") == "published":
        site.publish_announcement(view.person, saved)
    elif said.get("state") == "withdrawn":
        site.withdraw_announcement(view.person, saved)
    saved.refresh_from_db()
    return saved
