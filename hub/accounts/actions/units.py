"""The units of an organisation (P4): its owner makes, renames and removes them."""

from __future__ import annotations

from django.db import transaction

from hub.accounts import audit
from hub.accounts.access import Person
from hub.accounts.actions.organisations import clean_name
from hub.accounts.errors import NameInUse, UnitNotEmpty
from hub.accounts.models import Unit
from hub.accounts.personnel import Authority, lock_authority
from hub.base import clock

NAME_CHARACTERS_MAX = 120


@transaction.atomic
def add_unit(actor: Person, organisation_id: int, name: str) -> Unit:
    """Raises Invalid, NameInUse, NotFound, Forbidden."""
    authority = _lock(actor, organisation_id)
    name = clean_name(name, NAME_CHARACTERS_MAX)
    _require_free(authority, name)
    unit = Unit.objects.create(organisation=authority.organisation, name=name)
    _note(actor, "created", unit)
    return unit


@transaction.atomic
def rename_unit(actor: Person, organisation_id: int, unit_id: int, name: str) -> None:
    """Raises Invalid, NameInUse, NotFound, Forbidden."""
    authority = _lock(actor, organisation_id)
    unit = authority.require_unit(unit_id)
    name = clean_name(name, NAME_CHARACTERS_MAX)
    _require_free(authority, name, but=unit)
    Unit.objects.filter(pk=unit.pk).update(name=name)
    _note(actor, "renamed", unit)


@transaction.atomic
def remove_unit(actor: Person, organisation_id: int, unit_id: int) -> None:
    """Only when nobody is in it or invited to it. Raises UnitNotEmpty, NotFound, Forbidden."""
    authority = _lock(actor, organisation_id)
    unit = authority.require_unit(unit_id)
    open_invitations = unit.invitations.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=clock.now())
    if unit.memberships.exists() or open_invitations.exists():
        raise UnitNotEmpty
    _note(actor, "removed", unit)
    unit.delete()


def _lock(actor: Person, organisation_id: int) -> Authority:
    authority = lock_authority(actor, organisation_id)
    authority.require_whole()
    return authority


def _require_free(authority: Authority, name: str, but: Unit | None = None) -> None:
    same = Unit.objects.filter(organisation=authority.organisation, name__iexact=name)
    if same.exclude(pk=but.pk if but else 0).exists():
        raise NameInUse


def _note(actor: Person, fact: str, unit: Unit) -> None:
    audit.record(
        actor,
        f"people.unit.{fact}",
        target_kind="unit",
        target_id=unit.pk,
        detail={"organisation": unit.organisation_id},
    )
