"""Staff as the hub owner sets them up (P5, P7): level, seats, who manages what, capacity; shut, opened, helped back in.

What somebody may do follows from two things on screen: whether they are a hub owner, and what they are in each
department. Who manages a department is a manager, everybody else an agent: the level cannot contradict the seats.
Each change raises the rights, so that open pages and sockets hear of it within 5 s (X2).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from hub.accounts import audit
from hub.accounts.actions.rights import raise_rights
from hub.accounts.actions.rights import suspend as shut
from hub.accounts.actions.second_factor import remove_second_factor
from hub.accounts.errors import Invalid, LastHubOwner
from hub.accounts.events import CapacityChanged
from hub.accounts.models import Department, DepartmentStaff, StaffProfile, User
from hub.base.errors import Forbidden, NotFound
from hub.base.events import emit
from hub.base.locking import lock

if TYPE_CHECKING:
    from hub.accounts.access import Person

CAPACITY_MAX = 50


@transaction.atomic
def set_seats(
    actor: Person, colleague: User, *, owner: bool, works_in: Collection[int], manages: Collection[int]
) -> None:
    """Where somebody works and what they manage. A department has one manager: the one before stays as an agent.

    Raises Forbidden (only the owner), NotFound (no such department), LastHubOwner.
    """
    _require_owner(actor)
    changed = lock_staff(colleague)
    seats = set(works_in) | set(manages)
    if Department.objects.filter(pk__in=seats).count() != len(seats):
        raise NotFound(field="departments")
    touched = {colleague.pk, *_take_over(colleague, set(manages))}
    DepartmentStaff.objects.filter(user=colleague).exclude(department__in=seats).delete()
    for department_id in seats:
        DepartmentStaff.objects.update_or_create(
            user=colleague, department_id=department_id, defaults={"is_manager": department_id in manages}
        )
    if changed.level == User.Level.OWNER and not owner:
        _require_another_owner(colleague)
    for user_id in touched:
        _level_from_seats(user_id, owner=owner if user_id == colleague.pk else None)
    raise_rights(touched)
    audit.record(
        actor,
        "people.staff.seats_set",
        target_kind="user",
        target_id=colleague.pk,
        detail={"owner": owner, "works_in": sorted(seats), "manages": sorted(manages)},
    )


def _take_over(colleague: User, manages: set[int]) -> list[int]:
    """Who managed these until now gives that up first: the database knows one manager per department."""
    before = DepartmentStaff.objects.filter(department__in=manages, is_manager=True).exclude(user=colleague)
    people = list(before.values_list("user_id", flat=True))
    before.update(is_manager=False)
    return people


def _level_from_seats(user_id: int, *, owner: bool | None) -> None:
    """`owner` None leaves a hub owner what they are."""
    user = User.objects.get(pk=user_id)
    if owner or (owner is None and user.level == User.Level.OWNER):
        level = User.Level.OWNER
    elif DepartmentStaff.objects.filter(user=user_id, is_manager=True).exists():
        level = User.Level.MANAGER
    else:
        level = User.Level.AGENT
    User.objects.filter(pk=user_id).update(level=level)


@transaction.atomic
def set_capacity(actor: Person, colleague: User, capacity: int) -> None:
    """How many chats at once routing may give. By the owner, and by a manager for who works in their department."""
    if not actor.is_owner and not is_managed_by(actor, colleague):
        raise Forbidden
    if not 0 <= capacity <= CAPACITY_MAX:
        raise Invalid(fields={"capacity": _("Please fill in a number from 0 to %(most)s.") % {"most": CAPACITY_MAX}})
    StaffProfile.objects.update_or_create(user=colleague, defaults={"capacity": capacity})
    emit([CapacityChanged(colleague.pk, capacity)])
    audit.record(
        actor,
        "people.staff.capacity_set",
        target_kind="user",
        target_id=colleague.pk,
        detail={"capacity": capacity},
    )


@transaction.atomic
def suspend_colleague(actor: Person, colleague: User, *, suspended: bool) -> None:
    """Nobody shuts themselves out, and one owner always stays. Raises Forbidden, LastHubOwner."""
    _require_owner(actor)
    locked = lock_staff(colleague)
    if suspended and colleague.pk == actor.user_id:
        raise Forbidden
    if suspended and locked.level == User.Level.OWNER:
        _require_another_owner(colleague)
    shut(actor, locked, suspended=suspended)


def reset_second_factor(actor: Person, colleague: User) -> None:
    """For who lost phone and recovery codes: the next sign-in enrols anew, every sign-in of now ends (P7)."""
    _require_owner(actor)
    if not colleague.is_staff:
        raise NotFound
    remove_second_factor(actor, colleague)


def is_managed_by(actor: Person, colleague: User) -> bool:
    works = DepartmentStaff.objects.filter(user=colleague, department__in=actor.managed)
    return actor.is_staff and works.exists()


def _require_owner(actor: Person) -> None:
    if not actor.is_owner:
        raise Forbidden


def lock_staff(colleague: User) -> User:
    """The row of this person, with those of all owners: of two owners who demote each other, one is refused."""
    owners = User.objects.filter(kind=User.Kind.STAFF, level=User.Level.OWNER)
    found: list[User] = lock(owners | User.objects.filter(pk=colleague.pk, kind=User.Kind.STAFF))
    rows = {row.pk: row for row in found}
    if colleague.pk not in rows:
        raise NotFound
    return rows[colleague.pk]


def _require_another_owner(colleague: User) -> None:
    others = User.objects.filter(kind=User.Kind.STAFF, level=User.Level.OWNER, is_active=True)
    if not others.exclude(pk=colleague.pk).exists():
        raise LastHubOwner
