"""Organisations as a whole: made, renamed, handed over (P4). Units and members: units.py, memberships.py."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from hub.accounts import audit, details
from hub.accounts.access import Person
from hub.accounts.actions.memberships import join
from hub.accounts.actions.rights import raise_rights
from hub.accounts.errors import Invalid
from hub.accounts.models import Layout, Membership, Organisation, User
from hub.accounts.personnel import get_member, lock_authority
from hub.base import clock
from hub.base.errors import Forbidden, NotFound

NAME_CHARACTERS_MAX = 160


@transaction.atomic
def create_organisation(actor: Person, name: str, *, owner_id: int) -> Organisation:
    """An organisation with this customer as its owner. Staff make one for a customer; a customer for themselves.

    From now on the owner pays from the organisation's wallet; the own one rests. Raises Invalid, NotFound, Forbidden,
    MemberAlready.
    """
    if not actor.is_staff and actor.user_id != owner_id:
        raise Forbidden
    if not User.objects.visible_to(actor).filter(pk=owner_id, kind=User.Kind.CUSTOMER).exists():
        raise NotFound
    organisation = Organisation.objects.create(name=clean_name(name, NAME_CHARACTERS_MAX), created_at=clock.now())
    _note(actor, "created", organisation, owner=owner_id)
    join(organisation.pk, owner_id, role=Membership.Role.OWNER, unit_id=None, actor=actor)
    return organisation


@transaction.atomic
def rename_organisation(actor: Person, organisation_id: int, name: str) -> None:
    authority = lock_authority(actor, organisation_id)
    authority.require_whole()
    Organisation.objects.filter(pk=organisation_id).update(name=clean_name(name, NAME_CHARACTERS_MAX))
    _note(actor, "renamed", authority.organisation)


@transaction.atomic
def set_layout(actor: Person, organisation_id: int, layout: str) -> None:
    """Which of the two layouts its people see (A3); '' is the brand's."""
    authority = lock_authority(actor, organisation_id)
    authority.require_whole()
    if layout not in Layout.values:
        raise Invalid(fields={"layout": _("Please choose a layout.")})
    Organisation.objects.filter(pk=organisation_id).update(layout=layout)
    _note(actor, "layout_set", authority.organisation, layout=layout)


@transaction.atomic
def hand_over(actor: Person, organisation_id: int, *, to_user_id: int) -> None:
    """Make another member the owner. Who was it becomes the manager of the unit that the new owner leaves.

    Decided once: of two at the same time the second finds that they are no owner any more. Raises Forbidden, NotFound.
    """
    authority = lock_authority(actor, organisation_id)
    authority.require_whole()
    heir = get_member(authority, to_user_id)
    if heir.suspended:
        raise Forbidden
    if heir.role == Membership.Role.OWNER:
        return
    before = Membership.objects.get(organisation=organisation_id, role=Membership.Role.OWNER)
    # In this order: there is never more than one owner, and only the owner is in no unit.
    Membership.objects.filter(pk=before.pk).update(role=Membership.Role.MANAGER, unit=heir.unit)
    Membership.objects.filter(pk=heir.pk).update(role=Membership.Role.OWNER, unit=None)
    _note(actor, "handed_over", authority.organisation, to=to_user_id, before=before.user_id)
    raise_rights([before.user_id, to_user_id])


def clean_name(text: str, characters_max: int) -> str:
    """A name as it is kept: it stands in invitations to whoever's address was typed. Raises Invalid."""
    try:
        name = details.clean_title(" ".join(text.replace("\0", "").split()), characters_max)
    except details.Unclear as why:
        raise Invalid(fields={"name": str(why)}) from None
    if not name:
        raise Invalid(fields={"name": _("Please fill in a name.")})
    return name


def _note(actor: Person, fact: str, organisation: Organisation, **detail: object) -> None:
    audit.record(
        actor,
        f"people.organisation.{fact}",
        target_kind="organisation",
        target_id=organisation.pk,
        detail=detail,
    )
