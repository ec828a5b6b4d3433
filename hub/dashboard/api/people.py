"""`/me/`, `/customers/`, `/organisations/`, `/staff/`, `/audit/`."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hub.accounts.public import (
    ApiView,
    AuditEntry,
    NewCustomer,
    Organisation,
    StaffApiView,
    User,
    add_customer,
    audit,
    finding,
    is_own_work,
)
from hub.base.api.paging import page
from hub.base.api.parsing import said_in
from hub.base.errors import Forbidden, NotFound
from hub.dashboard import queries
from hub.dashboard.api import setup_shapes, shapes
from hub.dashboard.api.colleagues import invite_colleague


class MeView(ApiView):
    @extend_schema(responses=shapes.Me)
    def get(self, request: Request) -> Response:
        """Who the token is."""
        return Response(shapes.shown(shapes.Me, queries.describe_me(self.person)))


class CustomersView(StaffApiView):
    scope = "people"

    @extend_schema(
        parameters=[OpenApiParameter("q", str, description="Part of name, login, e-mail, mobile or company")],
        responses=shapes.CustomerOut(many=True),
    )
    def get(self, request: Request) -> Response:
        """The customers one may see (P5)."""
        found = User.objects.visible_to(self.person).filter(kind=User.Kind.CUSTOMER, found_by__isnull=False)
        text = request.query_params.get("q", "")
        if text.strip():
            found = found.filter(pk__in=finding.matching(text))
        return Response(
            page(
                request,
                queries.with_details(found).select_related("found_by"),
                order=("found_by__name_key", "pk"),
                render=lambda rows: shapes.each_shown(shapes.CustomerOut, queries.describe_customers(rows)),
            )
        )

    @extend_schema(request=shapes.CustomerIn, responses={201: shapes.CustomerDetails})
    def post(self, request: Request) -> Response:
        """Make a customer (P3). The first sign-in is by a code that is sent to them."""
        said = said_in(shapes.CustomerIn, request)
        user = add_customer(
            self.person,
            NewCustomer(
                first_name=said["first_name"],
                last_name=said["last_name"],
                email=said["email"],
                mobile=said["mobile"],
                language=said["language"],
                department_id=said["department"],
                agent_id=said["agent"],
            ),
        )
        return Response(shapes.shown(shapes.CustomerDetails, queries.describe_customer(_details(user.pk))), status=201)


def _details(user_id: int) -> User:
    found: User = queries.with_details(User.objects.filter(pk=user_id)).get()
    return found


class CustomerView(StaffApiView):
    scope = "people"

    @extend_schema(responses=shapes.CustomerDetails)
    def get(self, request: Request, customer_id: int) -> Response:
        """One customer. Whom staff open outside their own work is in the audit log (P9)."""
        seen = User.objects.visible_to(self.person).filter(kind=User.Kind.CUSTOMER, pk=customer_id)
        if not seen.exists():
            raise NotFound
        if not is_own_work(self.person, customer_id):
            audit.record(self.person, "people.customer.opened", target_kind="user", target_id=customer_id)
        return Response(shapes.shown(shapes.CustomerDetails, queries.describe_customer(_details(customer_id))))


class OrganisationsView(ApiView):
    scope = "people"

    @extend_schema(responses=shapes.OrganisationOut(many=True))
    def get(self, request: Request) -> Response:
        """The organisations one may see: staff those of their customers, members their own (P4)."""
        person = self.person
        return Response(
            page(
                request,
                Organisation.objects.visible_to(person),
                order=("pk",),
                render=lambda rows: [
                    shapes.shown(shapes.OrganisationOut, queries.describe_organisation(row, person)) for row in rows
                ],
            )
        )


class OrganisationView(ApiView):
    scope = "people"

    @extend_schema(responses=shapes.OrganisationOut)
    def get(self, request: Request, organisation_id: int) -> Response:
        found = Organisation.objects.visible_to(self.person).filter(pk=organisation_id).first()
        if found is None:
            raise NotFound
        return Response(shapes.shown(shapes.OrganisationOut, queries.describe_organisation(found, self.person)))


class StaffView(StaffApiView):
    scope = "people"

    @extend_schema(responses=shapes.StaffOut(many=True))
    def get(self, request: Request) -> Response:
        """Colleagues of one's departments; the hub owner sees all."""
        staff = User.objects.visible_to(self.person).filter(kind=User.Kind.STAFF).prefetch_related("seats")
        return Response(
            page(
                request,
                staff,
                order=("pk",),
                render=lambda rows: shapes.each_shown(shapes.StaffOut, queries.describe_staff(rows)),
            )
        )

    @extend_schema(request=setup_shapes.ColleagueIn, responses={201: shapes.StaffOut})
    def post(self, request: Request) -> Response:
        """Invite a colleague, without a password (P3). The owner anybody, a manager agents of own departments."""
        made = invite_colleague(self, request)
        return Response(shapes.shown(shapes.StaffOut, queries.describe_staff([made])[0]), status=201)


class AuditView(StaffApiView):
    scope = "audit"

    @extend_schema(responses=shapes.AuditOut(many=True))
    def get(self, request: Request) -> Response:
        """The audit log, newest first. For the hub owner (P9)."""
        if not self.person.is_owner:
            raise Forbidden
        entries = AuditEntry.objects.visible_to(self.person).select_related("actor")
        return Response(page(request, entries, order=("-pk",), render=_entries))


def _entries(rows: list[AuditEntry]) -> list[dict[str, object]]:
    return [
        shapes.shown(
            shapes.AuditOut,
            {
                "id": str(row.pk),
                "at": row.at,
                "actor": {"id": str(row.actor.pk), "name": row.actor.name} if row.actor else None,
                "fact": row.fact,
                "target": {"kind": row.target_kind, "id": row.target_id},
                "detail": row.detail,
            },
        )
        for row in rows
    ]
