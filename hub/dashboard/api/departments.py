"""`/departments/`: for whoever has a token, and for a widget that only knows its site key."""

from __future__ import annotations

from django.db import transaction
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hub.accounts.public import ApiView, Department, Person
from hub.base.errors import NotSignedIn
from hub.dashboard import queries
from hub.dashboard.api import setup_shapes, shapes
from hub.dashboard.api.setup import change_department
from hub.site.public import add_department, get_website


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
        asked = setup_shapes.DepartmentIn(data=request.data)
        asked.is_valid(raise_exception=True)
        said = dict(asked.validated_data)
        with transaction.atomic():
            made = add_department(self.person, said.pop("name", ""))
            change_department(self, made, said)
        shown = queries.describe_departments([made], with_prices=True)[0]
        return Response(shapes.shown(shapes.DepartmentOut, shown), status=201)


def _visible(person: Person | None, site_key: str) -> list[Department]:
    if person is not None:
        seen = Department.objects.visible_to(person)
    elif site_key:
        get_website(site_key)
        seen = Department.objects.filter(is_active=True)
    else:
        raise NotSignedIn
    return list(seen.order_by("position", "pk"))


def _is_vip(person: Person | None) -> bool:
    """Prices are not shown to who pays none (P12)."""
    return person is not None and person.kind == "customer" and queries.is_unmetered(person)
