"""How the hub is set up, over the API (A2, A4): one department, staff, announcements, brands, websites, settings.

Scope `site` of a token, and beside it what the person may do. What somebody may not set up does not exist for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import translation
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from credits import public as money
from hub.accounts.public import ApiView, Department, Invited, StaffApiView, User, colleagues, invitations
from hub.base.api.paging import page
from hub.base.errors import Forbidden, NotFound
from hub.dashboard import queries
from hub.dashboard.api import setup_shapes, shapes
from hub.site import public as site

Said = Mapping[str, Any]


def _said(shape: type[serializers.Serializer[shapes.Fields]], request: Request) -> Said:
    asked = shape(data=request.data)
    asked.is_valid(raise_exception=True)
    said: Said = asked.validated_data
    return said


# -- Departments -----------------------------------------------------------------------------------


class DepartmentView(ApiView):
    @extend_schema(responses=shapes.DepartmentOut)
    def get(self, request: Request, department_id: int) -> Response:
        """One of those that one may choose or works in."""
        return Response(_department_shown(self, _department(self, department_id)))

    @extend_schema(request=setup_shapes.DepartmentIn, responses=shapes.DepartmentOut)
    def patch(self, request: Request, department_id: int) -> Response:
        """Change what is sent. The owner all of it, the manager greeting, capacity, hours and questions (P5)."""
        self.person.require("site")
        found = _department(self, department_id)
        change_department(self, found, _said(setup_shapes.DepartmentIn, request))
        return Response(_department_shown(self, found))


def _department(view: ApiView, department_id: int) -> Department:
    found = Department.objects.visible_to(view.person).filter(pk=department_id).first()
    if found is None:
        raise NotFound
    return found


def _department_shown(view: ApiView, found: Department) -> dict[str, object]:
    """Prices are not shown to who pays none (P12)."""
    pays = view.person.is_staff or not queries.is_unmetered(view.person)
    return shapes.shown(shapes.DepartmentOut, queries.describe_departments([found], with_prices=pays)[0])


@transaction.atomic
def change_department(view: ApiView, found: Department, said: Said) -> None:
    """All that is sent, or nothing of it."""
    person = view.person
    if said.keys() & {"name", "greeting", "active", "capacity"}:
        new = site.DepartmentIn(
            name=said.get("name"),
            greeting=said.get("greeting"),
            is_active=said.get("active"),
            capacity=said.get("capacity"),
            no_capacity="capacity" in said and said["capacity"] is None,
        )
        site.change_department(person, found, new)
    if "hours" in said:
        _set_hours(view, found, said["hours"])
    if "questions" in said:
        asked = [
            site.Question(
                one["label"], "choice" if one["choices"] else "text", tuple(one["choices"]), one["required"], one["key"]
            )
            for one in said["questions"]
        ]
        site.set_questions(person, found, asked)
    for kind, price in said.get("prices", {}).items():
        if kind not in queries.PRICED_KINDS:
            raise NotFound(field="prices")
        terms = money.Price(price["price_m"], price["block_s"], price["free_s"], price["minimum_blocks"])
        money.change_price(person, found.pk, terms, kind)


def _set_hours(view: ApiView, found: Department, hours: Said | None) -> None:
    try:
        week = site.split_at_midnight([site.read_periods(day) for day in hours["week"]]) if hours else []
    except site.BadPeriods as error:
        raise serializers.ValidationError({"hours": ["These hours cannot be read, or overlap."]}) from error
    zone = hours["time_zone"] if hours else site.hours_of(found.pk).time_zone
    kept = week or [list(day) for day in site.hours_of(found.pk).week]
    site.set_hours(view.person, found, keeps_hours=hours is not None, time_zone=zone, week=kept)


# -- Staff -----------------------------------------------------------------------------------------


class ColleagueView(StaffApiView):
    scope = "people"

    @extend_schema(responses=shapes.StaffOut)
    def get(self, request: Request, user_id: int) -> Response:
        """A colleague of one's departments; the hub owner sees all."""
        return Response(_colleague_shown(self._get(user_id)))

    @extend_schema(request=setup_shapes.ColleagueChange, responses=shapes.StaffOut)
    def patch(self, request: Request, user_id: int) -> Response:
        """Seats, level, capacity, shut or open; by the owner, capacity by a manager too (P5)."""
        found, said, person = self._get(user_id), _said(setup_shapes.ColleagueChange, request), self.person
        if said.keys() & {"owner", "works_in", "manages"}:
            seats = list(found.seats.all())
            colleagues.set_seats(
                person,
                found,
                owner=said.get("owner", found.level == User.Level.OWNER),
                works_in=said.get("works_in", [seat.department_id for seat in seats if not seat.is_manager]),
                manages=said.get("manages", [seat.department_id for seat in seats if seat.is_manager]),
            )
        if "capacity" in said:
            colleagues.set_capacity(person, found, said["capacity"])
        if "active" in said:
            colleagues.suspend_colleague(person, found, suspended=not said["active"])
        return Response(_colleague_shown(self._get(user_id)))

    def _get(self, user_id: int) -> User:
        people = User.objects.visible_to(self.person).filter(kind=User.Kind.STAFF, pk=user_id)
        found: User | None = people.prefetch_related("seats").first()
        if found is None:
            raise NotFound
        return found


def _colleague_shown(user: User) -> dict[str, object]:
    return shapes.shown(shapes.StaffOut, queries.describe_staff([user])[0])


def invite_colleague(view: ApiView, request: Request) -> User:
    """P3: a name and an address; no password."""
    said = _said(setup_shapes.ColleagueIn, request)
    names = ("first_name", "last_name", "email", "mobile", "language", "level")
    new = Invited(**{name: said[name] for name in names}, department_ids=tuple(said["departments"]))
    user: User = invitations.invite(view.person, new).user
    return user


# -- Announcements ---------------------------------------------------------------------------------


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
        row = _save_announcement(self, None, _said(setup_shapes.AnnouncementIn, request))
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
            _announcement_details(_save_announcement(self, row, _said(setup_shapes.AnnouncementIn, request)))
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


# -- Brands, websites, settings: the owner's -------------------------------------------------------


class OwnerApiView(StaffApiView):
    """For the hub owner alone; to everybody else it does not exist."""

    scope = "site"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not self.person.is_owner:
            raise NotFound


class BrandsView(OwnerApiView):
    @extend_schema(responses=setup_shapes.BrandOut(many=True))
    def get(self, request: Request) -> Response:
        """Each with its newest version, which may be a draft."""
        return Response(
            page(request, site.all_brands(), order=("pk",), render=lambda rows: [_brand(row) for row in rows])
        )

    @extend_schema(request=setup_shapes.BrandIn, responses={201: setup_shapes.BrandOut})
    def post(self, request: Request) -> Response:
        """A new brand, as a draft (A3). Colours that cannot be read are refused, with the nearest that can."""
        version = site.save_brand_draft(self.person, None, _brand_in(_said(setup_shapes.BrandIn, request)))
        return Response(_brand(version.brand), status=201)


class BrandView(OwnerApiView):
    @extend_schema(responses=setup_shapes.BrandOut)
    def get(self, request: Request, brand_id: int) -> Response:
        return Response(_brand(_get_brand(brand_id)))

    @extend_schema(request=setup_shapes.BrandIn, responses=setup_shapes.BrandOut)
    def put(self, request: Request, brand_id: int) -> Response:
        """A new draft; it is seen by nobody until it is published."""
        row = _get_brand(brand_id)
        site.save_brand_draft(self.person, row, _brand_in(_said(setup_shapes.BrandIn, request)))
        return Response(_brand(row))


class BrandPublishView(OwnerApiView):
    @extend_schema(request=None, responses=setup_shapes.BrandOut)
    def post(self, request: Request, brand_id: int) -> Response:
        """The newest version becomes what everybody sees."""
        row = _get_brand(brand_id)
        version = site.newest_brand_version(row)
        if version is None:
            raise NotFound
        site.publish_brand(self.person, version)
        return Response(_brand(_get_brand(brand_id)))


def _get_brand(brand_id: int) -> site.BrandRow:
    found = site.all_brands().filter(pk=brand_id).first()
    if found is None:
        raise NotFound
    return found


def _brand_in(said: Said) -> site.BrandIn:
    return site.BrandIn(**{**said, "languages": tuple(said["languages"]), "hosts": tuple(said["hosts"])})


def _brand(row: site.BrandRow) -> dict[str, object]:
    version = site.newest_brand_version(row)
    fields: dict[str, object] = {
        "id": str(row.pk),
        "version": version.number if version else 0,
        "published_version": row.current.number if row.current else None,
        "is_default": row.is_default,
    }
    names = [str(name) for name in setup_shapes.BrandIn().fields]
    return shapes.shown(setup_shapes.BrandOut, fields | {name: getattr(version, name, "") for name in names})


class WebsitesView(OwnerApiView):
    @extend_schema(responses=setup_shapes.WebsiteOut(many=True))
    def get(self, request: Request) -> Response:
        rows = site.all_websites()
        return Response(page(request, rows, order=("pk",), render=lambda found: [_website(row) for row in found]))

    @extend_schema(request=setup_shapes.WebsiteIn, responses={201: setup_shapes.WebsiteOut})
    def post(self, request: Request) -> Response:
        """Let another website carry the widget."""
        made = site.save_website(self.person, None, _website_in(_said(setup_shapes.WebsiteIn, request)))
        return Response(_website(made), status=201)


class WebsiteView(OwnerApiView):
    @extend_schema(responses=setup_shapes.WebsiteOut)
    def get(self, request: Request, website_id: int) -> Response:
        return Response(_website(_get_website(website_id)))

    @extend_schema(request=setup_shapes.WebsiteIn, responses=setup_shapes.WebsiteOut)
    def put(self, request: Request, website_id: int) -> Response:
        row = _get_website(website_id)
        return Response(
            _website(site.save_website(self.person, row, _website_in(_said(setup_shapes.WebsiteIn, request))))
        )


def _get_website(website_id: int) -> site.Website:
    found = site.all_websites().filter(pk=website_id).first()
    if found is None:
        raise NotFound
    return found


def _website_in(said: Said) -> site.WebsiteIn:
    return site.WebsiteIn(said["name"], tuple(said["origins"]), said["brand"], said["active"])


def _website(row: site.Website) -> dict[str, object]:
    fields = {
        "id": str(row.pk),
        "name": row.name,
        "site_key": row.site_key,
        "origins": row.origins,
        "brand": str(row.brand_id) if row.brand_id else None,
        "active": row.is_active,
    }
    return shapes.shown(setup_shapes.WebsiteOut, fields)


class SettingsView(OwnerApiView):
    @extend_schema(responses=serializers.DictField())
    def get(self, request: Request) -> Response:
        """Every setting by its name, as it stands in its field on the screen."""
        return Response(site.settings_as_text())

    @extend_schema(request=serializers.DictField(), responses=serializers.DictField())
    def patch(self, request: Request) -> Response:
        """Change those that are sent, all or none; each as text, as on the screen."""
        sent = request.data if isinstance(request.data, dict) else {}
        known = site.settings_as_text()
        if set(sent) - set(known):
            raise serializers.ValidationError({name: ["There is no such setting."] for name in set(sent) - set(known)})
        typed = {name: _as_typed(value) for name, value in sent.items()}
        site.set_settings(self.person, typed)
        return Response(site.settings_as_text())


def _as_typed(value: object) -> str:
    return {True: "on", False: ""}[value] if isinstance(value, bool) else str(value)
