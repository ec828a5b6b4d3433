"""`/departments/`: for whoever has a token, and for a widget that only knows its site key; set up by who may (A2)."""

from __future__ import annotations

from django.db import transaction
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from credits import public as money
from hub.accounts.public import ApiView, Department, Person
from hub.base.api.parsing import Said, said_in
from hub.base.errors import NotFound, NotSignedIn
from hub.dashboard import queries
from hub.dashboard.api import setup_shapes, shapes
from hub.site import public as site


class DepartmentsView(ApiView):
    public = True

    @extend_schema(
        parameters=[OpenApiParameter("site", str, description="A site key, for who has no token")],
        responses=shapes.DepartmentOut(many=True),
    )
    def get(self, request: Request) -> Response:
        """All departments one may choose, with price, hours and who is there. They are few: one page.

        With `site` also what is announced in the widget (D4).
        """
        rows = _visible(self.find_person, request.query_params.get("site", ""))
        described = queries.describe_departments(rows, with_prices=not _is_vip(self.find_person))
        answer: dict[str, object] = {"results": shapes.each_shown(shapes.DepartmentOut, described), "next": None}
        if request.query_params.get("site"):
            answer["announcement"] = queries.describe_widget_announcement(self.find_person)
        return Response(answer)

    @extend_schema(request=setup_shapes.DepartmentIn, responses={201: shapes.DepartmentOut})
    def post(self, request: Request) -> Response:
        """Make a department; what else is sent is set at once. For the hub owner."""
        self.person.require("site")
        said = dict(said_in(setup_shapes.DepartmentIn, request))
        with transaction.atomic():
            made = site.add_department(self.person, said.pop("name", ""))
            _change_department(self, made, said)
        shown = queries.describe_departments([made], with_prices=True)[0]
        return Response(shapes.shown(shapes.DepartmentOut, shown), status=201)


def _visible(person: Person | None, site_key: str) -> list[Department]:
    if person is not None:
        seen = Department.objects.visible_to(person)
    elif site_key:
        site.get_website(site_key)
        seen = Department.objects.filter(is_active=True)
    else:
        raise NotSignedIn
    return list(seen.order_by("position", "pk"))


def _is_vip(person: Person | None) -> bool:
    """Prices are not shown to who pays none (P12)."""
    return person is not None and person.kind == "customer" and queries.is_unmetered(person)


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
        _change_department(self, found, said_in(setup_shapes.DepartmentIn, request))
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
def _change_department(view: ApiView, found: Department, said: Said) -> None:
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
