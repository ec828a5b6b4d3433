"""How much room the files of a customer or an organisation may take (T11). Off until somebody sets a quota."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from hub.accounts.public import Invalid, Membership, Organisation, User, audit
from hub.base.amounts import find_whole_number
from hub.base.errors import Forbidden, NotFound
from hub.base.hub_settings import hub_settings
from hub.base.locking import lock_one
from tickets.files.errors import QuotaFull
from tickets.models import FileQuota, StoredFile

if TYPE_CHECKING:
    from hub.accounts.public import Person

State = StoredFile.State
MEGABYTE: Final = 1_000_000
QUOTA_MB_MAX: Final = 10_000_000


@dataclass(frozen=True, slots=True)
class Payer:
    """Whose room it is: a customer's own, or that of the organisation they are a member of."""

    user_id: int | None = None
    organisation_id: int | None = None


@dataclass(frozen=True, slots=True)
class Room:
    """How much somebody's files take, and may take; 0: as much as they like. `own_mb`: set for them alone."""

    used: int
    bytes_max: int
    own_mb: int | None = None

    @property
    def left(self) -> int:
        return max(self.bytes_max - self.used, 0)

    @property
    def used_percent(self) -> int:
        return min(self.used * 100 // self.bytes_max, 100) if self.bytes_max else 0


def payer_of(user_id: int) -> Payer:
    organisation = Membership.objects.filter(user=user_id).values_list("organisation", flat=True).first()
    return Payer(user_id=user_id) if organisation is None else Payer(organisation_id=organisation)


def payer_for(person: Person) -> Payer:
    """The same of somebody who is here."""
    if person.organisation_id is not None:
        return Payer(organisation_id=person.organisation_id)
    return Payer(user_id=person.user_id)


def room_for(person: Person) -> Room:
    """Of somebody who is here. Staff have no quota."""
    room = room_of(payer_for(person))
    return replace(room, bytes_max=0, own_mb=None) if person.is_staff else room


def room_of(payer: Payer) -> Room:
    """A member's files count for the organisation."""
    of_organisation = payer.organisation_id is not None
    whose = {"organisation": payer.organisation_id} if of_organisation else {"owner": payer.user_id}
    kept = StoredFile.objects.filter(**whose).exclude(state__in=(State.REFUSED, State.GONE))
    own_mb = _own_mb(payer)
    return Room(
        kept.aggregate(total=Sum("size"))["total"] or 0,
        (_mb_for_all(payer) if own_mb is None else own_mb) * MEGABYTE,
        own_mb,
    )


def _mb_for_all(payer: Payer) -> int:
    wanted = hub_settings()
    return wanted.files_quota_customer_mb if payer.organisation_id is None else wanted.files_quota_organisation_mb


def _own_mb(payer: Payer) -> int | None:
    rows = FileQuota.objects.filter(user=payer.user_id, organisation=payer.organisation_id)
    return rows.values_list("quota_mb", flat=True).first()


def require_room(person: Person, size: int) -> None:
    """In the transaction that holds whoever pays. Staff have no quota. Raises QuotaFull."""
    if person.is_staff:
        return
    payer = payer_for(person)
    own_mb = _own_mb(payer)
    if not (_mb_for_all(payer) if own_mb is None else own_mb):
        return
    room = room_of(payer)
    if room.used + size > room.bytes_max:
        raise QuotaFull(used=room.used // MEGABYTE, quota=room.bytes_max // MEGABYTE)


@transaction.atomic
def set_quota(actor: Person, payer: Payer, quota_mb: int | None) -> None:
    """Another quota for one customer or organisation; None: what all have, 0: no limit. What is there already stays.

    For managers and the hub owner, of whom they see (P5). Raises Forbidden, NotFound, Invalid.
    """
    if not (actor.is_owner or actor.managed):
        raise Forbidden
    if quota_mb is not None and not 0 <= quota_mb <= QUOTA_MB_MAX:
        raise _not_a_quota()
    kind = _lock(actor, payer)
    if _own_mb(payer) == quota_mb:
        return
    FileQuota.objects.filter(user=payer.user_id, organisation=payer.organisation_id).delete()
    if quota_mb is not None:
        FileQuota.objects.create(user_id=payer.user_id, organisation_id=payer.organisation_id, quota_mb=quota_mb)
    target = payer.user_id if kind == "user" else payer.organisation_id
    audit.record(actor, "files.quota.changed", target_kind=kind, target_id=target, detail={"quota_mb": quota_mb})


def quota_in(text: str) -> int | None:
    """As it is typed in a form: nothing is what all have. Raises Invalid."""
    if not text.strip():
        return None
    found = find_whole_number(text, 0, QUOTA_MB_MAX)
    if found is None:
        raise _not_a_quota()
    return found


def _not_a_quota() -> Invalid:
    return Invalid(fields={"quota_mb": _("Write a whole number of MB, or nothing.")})


def _lock(actor: Person, payer: Payer) -> str:
    """Whoever pays, as an upload that begins does. The kind that the audit log calls them."""
    if payer.organisation_id is not None:
        if not Organisation.objects.visible_to(actor).filter(pk=payer.organisation_id).exists():
            raise NotFound
        lock_one(Organisation, payer.organisation_id)
        return "organisation"
    seen = User.objects.visible_to(actor).filter(kind=User.Kind.CUSTOMER, pk=payer.user_id, erased_at=None)
    if payer.user_id is None or not seen.exists():
        raise NotFound
    lock_one(User, payer.user_id)
    return "user"
