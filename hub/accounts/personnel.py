"""Who may change what in the personnel of an organisation (P4). See docs/how/organisations.md.

Every change locks the organisation's row first, before anything else, and then reads anew what its actor may: two
hand-overs at once are decided one after the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from django.db.models import QuerySet

from hub.accounts.access import Person
from hub.accounts.models import Membership, Organisation, Unit, User
from hub.base import locking
from hub.base.errors import Forbidden, NotFound
from hub.base.prepared import prepared


class Place(Protocol):
    """A membership, or as much of one as says where somebody stands."""

    @property
    def organisation_id(self) -> int: ...
    @property
    def role(self) -> str: ...
    @property
    def unit_id(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Authority:
    """What somebody may change in an organisation: all of it, or the employees of one unit."""

    organisation: Organisation
    whole: bool = False
    unit_id: int | None = None

    def covers(self, member: Place) -> bool:
        """Whether they may change this member: suspend, limit, remove."""
        if member.organisation_id != self.organisation.pk or member.role == Membership.Role.OWNER:
            return False
        return self.whole or (member.role == Membership.Role.EMPLOYEE and member.unit_id == self.unit_id)

    def sees(self, member: Membership) -> bool:
        return member.organisation_id == self.organisation.pk and (self.whole or member.unit_id == self.unit_id)

    def require_whole(self) -> None:
        if not self.whole:
            raise Forbidden

    def require_unit(self, unit_id: int | None) -> Unit:
        """A unit of this organisation in which they may place people. Raises NotFound."""
        units = Unit.objects.filter(organisation=self.organisation)
        if not self.whole:
            units = units.filter(pk=self.unit_id or 0)
        found = units.filter(pk=unit_id or 0).first()
        if found is None:
            raise NotFound(field="unit")
        return found


def lock_authority(actor: Person, organisation_id: int) -> Authority:
    """Lock the organisation, and say what the actor may change there now.

    Raises NotFound (they may not see it) or Forbidden (an employee, an agent).
    """
    if not Organisation.objects.visible_to(actor).filter(pk=organisation_id).exists():
        raise NotFound
    organisation = locking.lock_one(Organisation, organisation_id)
    found = _authority(actor, organisation)
    if found is None:
        raise Forbidden
    return found


def find_authority(actor: Person) -> Authority | None:
    """What this member may change in the own organisation, as it is now; None for employees and everybody else."""
    if actor.organisation_id is None:
        return None
    (organisation,) = _organisations(pk=actor.organisation_id)
    return _authority(actor, organisation)


@prepared
def _organisations(*, pk: int) -> QuerySet[Organisation]:
    return Organisation.objects.filter(pk=pk)


def authority_over(actor: Person, organisation: Organisation) -> Authority | None:
    """The same for an organisation that was looked up already; staff in charge have one too."""
    return _authority(actor, organisation)


def _authority(actor: Person, organisation: Organisation) -> Authority | None:
    if actor.kind == "system" or _is_staff_in_charge(actor):
        return Authority(organisation, whole=True)
    place = next(iter(_places(user=actor.user_id, organisation=organisation.pk)), None)
    if place is not None and place.role == Membership.Role.OWNER:
        return Authority(organisation, whole=True)
    if place is not None and place.role == Membership.Role.MANAGER:
        return Authority(organisation, unit_id=place.unit_id)
    return None


@prepared
def _places(*, user: int | None, organisation: int) -> QuerySet[Membership]:
    return Membership.objects.filter(user=user, organisation=organisation, suspended=False)


def _is_staff_in_charge(actor: Person) -> bool:
    """The hub owner and department managers do for an organisation what its owner can do (A1)."""
    return actor.is_staff and actor.level in (User.Level.MANAGER, User.Level.OWNER)


def get_member(authority: Authority, user_id: int) -> Membership:
    """A member whom they see. Raises NotFound."""
    members = Membership.objects.filter(organisation=authority.organisation).select_related("user", "unit")
    found = members.filter(user=user_id).first()
    if found is None or not authority.sees(found):
        raise NotFound
    return found


def get_covered(authority: Authority, user_id: int) -> Membership:
    """A member whom they may change. Raises NotFound, Forbidden."""
    found = get_member(authority, user_id)
    if not authority.covers(found):
        raise Forbidden
    return found
