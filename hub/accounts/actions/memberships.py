"""The members of an organisation (P4): joined, moved, made manager, suspended, removed. Invited: invitations.py.

The owner does all of it, a manager invites, suspends and removes employees of the own unit, an employee nothing. Every
change raises the rights version: open sockets take the new rights, or close, within 5 s (X2).
"""

from __future__ import annotations

from django.db import transaction

from hub.accounts import audit
from hub.accounts.access import SYSTEM, Person
from hub.accounts.actions.rights import raise_rights
from hub.accounts.errors import LastOwner, MemberAlready, UnitMissing
from hub.accounts.events import MemberJoined, MemberLeft
from hub.accounts.models import Membership, Organisation, Unit, User
from hub.accounts.personnel import Authority, get_covered, lock_authority
from hub.base import locking
from hub.base.errors import Conflict, NotFound
from hub.base.events import emit

Role = Membership.Role


@transaction.atomic
def join(
    organisation_id: int,
    user_id: int,
    *,
    role: str,
    unit_id: int | None,
    limit_m: int | None = None,
    actor: Person = SYSTEM,
) -> Membership:
    """The place itself, for who was allowed it (an invitation that is accepted, staff). The own wallet rests from here.

    Locks the organisation and then the user: call it before locking anything else, or lock_organisation() first. What
    was promised may be gone meanwhile. Raises MemberAlready, UnitMissing, NotFound (the unit), Conflict (has an owner;
    is no customer).
    """
    organisation = lock_organisation(organisation_id)
    unit = None if role == Role.OWNER else _get_unit(organisation, unit_id)
    if role == Role.OWNER and Membership.objects.filter(organisation=organisation, role=Role.OWNER).exists():
        raise Conflict
    user = locking.lock_one(User, user_id)  # nobody becomes a member twice
    if user.kind != User.Kind.CUSTOMER:  # an organisation could shut a member of our staff out
        raise Conflict
    if Membership.objects.filter(user=user_id).exists():
        raise MemberAlready
    made = Membership.objects.create(user_id=user_id, organisation=organisation, unit=unit, role=Role(role))
    _note(actor, "joined", made, role=role, unit=unit.pk if unit else None)
    raise_rights([user_id])
    emit([MemberJoined(user_id, organisation.pk, limit_m)])
    return made


def _get_unit(organisation: Organisation, unit_id: int | None) -> Unit:
    if unit_id is None:
        raise UnitMissing
    found = Unit.objects.filter(organisation=organisation, pk=unit_id).first()
    if found is None:
        raise NotFound(field="unit")
    return found


def lock_organisation(organisation_id: int) -> Organisation:
    """Raises NotFound."""
    try:
        return locking.lock_one(Organisation, organisation_id)
    except Organisation.DoesNotExist:
        raise NotFound from None


@transaction.atomic
def move_member(actor: Person, organisation_id: int, user_id: int, *, unit_id: int) -> None:
    """To another unit, in the same role. The owner's to do. Raises NotFound, Forbidden."""
    authority, member = _lock_covered(actor, organisation_id, user_id)
    authority.require_whole()
    unit = authority.require_unit(unit_id)
    if member.unit_id == unit.pk:
        return
    Membership.objects.filter(pk=member.pk).update(unit=unit)
    _note(actor, "moved", member, unit=unit.pk, before=member.unit_id)
    raise_rights([user_id])


@transaction.atomic
def set_role(actor: Person, organisation_id: int, user_id: int, *, role: str) -> None:
    """Manager or employee of their unit. An owner is made by a hand-over. Raises NotFound, Forbidden."""
    authority, member = _lock_covered(actor, organisation_id, user_id)
    authority.require_whole()
    if role not in (Role.MANAGER, Role.EMPLOYEE):
        raise NotFound(field="role")
    if member.role == role:
        return
    Membership.objects.filter(pk=member.pk).update(role=role)
    _note(actor, "role_changed", member, role=role)
    raise_rights([user_id])


@transaction.atomic
def suspend_member(actor: Person, organisation_id: int, user_id: int, *, suspended: bool = True) -> None:
    """Shut them out, or let them in again. Sockets end; what runs is paused as for a customer who is away (M5)."""
    _, member = _lock_covered(actor, organisation_id, user_id)
    if member.suspended == suspended:
        return
    Membership.objects.filter(pk=member.pk).update(suspended=suspended)
    _note(actor, "suspended" if suspended else "reinstated", member)
    raise_rights([user_id])


@transaction.atomic
def remove_member(actor: Person, organisation_id: int, user_id: int) -> None:
    """They are a customer of their own again, with their own wallet. Raises NotFound, Forbidden."""
    _, member = _lock_covered(actor, organisation_id, user_id)
    _remove(actor, member)


@transaction.atomic
def leave(actor: Person) -> None:
    """A member goes by themselves. Raises LastOwner (hand it over first), NotFound."""
    if actor.user_id is None or actor.organisation_id is None:
        raise NotFound
    locking.lock_one(Organisation, actor.organisation_id)
    member = Membership.objects.filter(user=actor.user_id, organisation=actor.organisation_id).first()
    if member is None:
        raise NotFound
    if member.role == Role.OWNER:
        raise LastOwner
    _remove(actor, member)


def leave_organisation(user_id: int) -> None:
    """For who is erased or merged into another account: out of the organisation they belong to, if any."""
    member = Membership.objects.filter(user=user_id).first()
    if member is not None:
        _remove(SYSTEM, member)


def _remove(actor: Person, member: Membership) -> None:
    _note(actor, "removed", member, role=member.role)
    Membership.objects.filter(pk=member.pk).delete()
    emit([MemberLeft(member.user_id, member.organisation_id)])  # locks meters, and so comes before the user's row
    raise_rights([member.user_id])


def _lock_covered(actor: Person, organisation_id: int, user_id: int) -> tuple[Authority, Membership]:
    authority = lock_authority(actor, organisation_id)
    return authority, get_covered(authority, user_id)


def _note(actor: Person, fact: str, member: Membership, **detail: object) -> None:
    audit.record(
        actor,
        f"people.member.{fact}",
        target_kind="user",
        target_id=member.user_id,
        detail={"organisation": member.organisation_id, **detail},
    )
