"""Filters under a name (T6): one's own, a department's by its manager, everybody's by the hub owner."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Q

from hub.accounts.public import Department
from hub.base.errors import BadFrame, NotFound
from tickets import filters
from tickets.errors import Forbidden, TooManyViews
from tickets.models import SavedView
from tickets.permissions import require_staff
from tickets.queries import views_seen_by

if TYPE_CHECKING:
    from hub.accounts.public import Person

MINE: Final = "me"
EVERYBODY: Final = "all"
VIEWS_MAX: Final = 50  # of one person, department or hub
NAME_CHARACTERS_MAX: Final = 80


@transaction.atomic
def save_view(actor: Person, name: str, wanted: Mapping[str, str], *, of: str = MINE) -> SavedView:
    """`of`: 'me', 'all', or the id of a department. Raises Forbidden, NotFound, BadFrame, TooManyViews."""
    user_id = require_staff(actor)
    filters.read(wanted)
    place = _place(actor, of, user_id)
    if SavedView.objects.filter(place).count() >= VIEWS_MAX:
        raise TooManyViews(most=VIEWS_MAX)
    view = SavedView(name=_name(name), wanted=dict(wanted))
    if of == MINE:
        view.user_id = user_id
    elif of != EVERYBODY:
        view.department_id = int(of)
    view.save()
    return view


@transaction.atomic
def change_view(
    actor: Person, view_id: int, *, name: str | None = None, wanted: Mapping[str, str] | None = None
) -> SavedView:
    """Another name, or other filters under the same one. Raises NotFound, Forbidden, BadFrame."""
    view = _own(actor, view_id)
    if name is not None:
        view.name = _name(name)
    if wanted is not None:
        filters.read(wanted)
        view.wanted = dict(wanted)
    view.save()
    return view


@transaction.atomic
def delete_view(actor: Person, view_id: int) -> None:
    """Raises NotFound, Forbidden."""
    _own(actor, view_id).delete()


def may_change(actor: Person, view: SavedView) -> bool:
    if view.user_id is not None:
        return bool(view.user_id == actor.user_id)
    return actor.is_owner or (view.department_id is not None and view.department_id in actor.managed)


def _own(actor: Person, view_id: int) -> SavedView:
    require_staff(actor)
    view = views_seen_by(actor).filter(pk=view_id).first()
    if view is None:
        raise NotFound
    if not may_change(actor, view):
        raise Forbidden
    return view


def _place(actor: Person, of: str, user_id: int) -> Q:
    """The views beside it. Raises Forbidden, NotFound."""
    if of == MINE:
        return Q(user=user_id)
    if of == EVERYBODY:
        if not actor.is_owner:
            raise Forbidden
        return Q(user=None, department=None)
    if not (of.isascii() and of.isdecimal() and len(of) < 18):
        raise NotFound
    if not actor.is_owner and int(of) not in actor.managed:
        raise Forbidden
    if not Department.objects.filter(pk=int(of)).exists():
        raise NotFound
    return Q(department=int(of))


def _name(said: str) -> str:
    name = " ".join(said.replace("\0", "").split())[:NAME_CHARACTERS_MAX]
    if not name:
        raise BadFrame(field="name")
    return name
