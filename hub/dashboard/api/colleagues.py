"""`/staff/<id>/`: a colleague as who may sets them up, and inviting one (A2, P3, P5)."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hub.accounts.public import ApiView, Invited, StaffApiView, User, colleagues, invitations
from hub.base.api.parsing import said_in
from hub.base.errors import NotFound
from hub.dashboard import queries
from hub.dashboard.api import setup_shapes, shapes


class ColleagueView(StaffApiView):
    scope = "people"

    @extend_schema(responses=shapes.StaffOut)
    def get(self, request: Request, user_id: int) -> Response:
        """A colleague of one's departments; the hub owner sees all."""
        return Response(_colleague_shown(self._get(user_id)))

    @extend_schema(request=setup_shapes.ColleagueChange, responses=shapes.StaffOut)
    def patch(self, request: Request, user_id: int) -> Response:
        """Seats, level, capacity, shut or open; by the owner, capacity by a manager too (P5)."""
        found, said, person = self._get(user_id), said_in(setup_shapes.ColleagueChange, request), self.person
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
    said = said_in(setup_shapes.ColleagueIn, request)
    names = ("first_name", "last_name", "email", "mobile", "language", "level")
    new = Invited(**{name: said[name] for name in names}, department_ids=tuple(said["departments"]))
    user: User = invitations.invite(view.person, new).user
    return user
