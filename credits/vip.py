"""VIP on and off (P12): a customer, or everybody of an organisation, works without credits from this moment on."""

from __future__ import annotations

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from credits.metering.meters import set_unmetered
from credits.models import Meter
from hub.accounts.public import Membership, Organisation, Person, User, audit, raise_rights
from hub.base import locking
from hub.base.errors import Forbidden, NotFound

# Meters that are not as their people are: of who became a VIP, or joined, in the moment in which one was opened.
_ASTRAY = """
select m.id from credits_meter m
  join accounts_user u on u.id = m.spender_id
  join credits_wallet w on w.account_id = m.wallet_id
  left join accounts_organisation o on o.id = w.organisation_id
 where m.state in ('free', 'running', 'empty') and m.unmetered <> (u.vip or coalesce(o.vip, false))
 order by m.id limit 500"""


@transaction.atomic
def set_vip(actor: Person, on: bool, *, user_id: int | None = None, organisation_id: int | None = None) -> None:
    """For managers and the hub owner, of whom they see. Meters that run are switched in the same transaction.

    Who is a VIP through the organisation stays one there. Raises Forbidden, NotFound.
    """
    if not (actor.is_staff and (actor.is_owner or actor.managed)):
        raise Forbidden
    raise_rights(_set_organisation(actor, organisation_id, on) if user_id is None else _set_user(actor, user_id, on))


def _set_user(actor: Person, user_id: int | None, on: bool) -> list[int]:
    user = User.objects.visible_to(actor).filter(pk=user_id or 0, kind=User.Kind.CUSTOMER, erased_at=None).first()
    if user is None:
        raise NotFound
    user_id = user.pk
    if user.vip == on:
        return []
    meters = _lock(_live().filter(spender=user_id))
    User.objects.filter(pk=user_id).update(vip=on)
    _align(meters, actor)
    _note(actor, "user", user_id, on)
    return [user_id]


def _set_organisation(actor: Person, organisation_id: int | None, on: bool) -> list[int]:
    organisation = Organisation.objects.visible_to(actor).filter(pk=organisation_id or 0).first()
    if organisation is None:
        raise NotFound
    if organisation.vip == on:
        return []
    meters = _lock(_live().filter(wallet__in=_wallets_of(organisation)))
    Organisation.objects.filter(pk=organisation.pk).update(vip=on)
    _align(meters, actor)
    _note(actor, "organisation", organisation.pk, on)
    return list(Membership.objects.filter(organisation=organisation).values_list("user", flat=True))


def _live() -> QuerySet[Meter]:
    return Meter.objects.filter(~Q(state=Meter.State.ENDED))


def _wallets_of(organisation: Organisation) -> QuerySet[Organisation, int]:
    return Organisation.objects.filter(pk=organisation.pk, wallet__isnull=False).values_list("wallet", flat=True)


def _lock(meters: QuerySet[Meter]) -> list[int]:
    """Before the people and organisations, as everywhere."""
    return [meter.pk for meter in locking.lock(meters)]


def _align(meter_ids: list[int], actor: Person) -> None:
    """Each as its people are now: a VIP themselves, or on the wallet of an organisation that is one."""
    rows = Meter.objects.filter(pk__in=meter_ids).order_by("pk")
    shared = Organisation.objects.filter(wallet__in=rows.values("wallet"), vip=True)
    of_vips = set(shared.values_list("wallet", flat=True))
    for meter_id, wallet_id, own in rows.values_list("pk", "wallet", "spender__vip"):
        set_unmetered(meter_id, bool(own) or wallet_id in of_vips, actor=f"user:{actor.user_id}")


def align_astray() -> None:
    """What a switch could not see, because it was opened at the same moment. The dispatcher runs it now and then."""
    with connection.cursor() as cursor:
        cursor.execute(_ASTRAY)
        astray = [meter_id for (meter_id,) in cursor]
    for meter_id in astray:
        _align_one(meter_id)


@transaction.atomic
def _align_one(meter_id: int) -> None:
    meter = locking.lock_one(Meter, meter_id)
    own = meter.spender is not None and meter.spender.vip
    shared = Organisation.objects.filter(wallet=meter.wallet_id, vip=True).exists()
    set_unmetered(meter_id, own or shared, actor="hub")


def _note(actor: Person, kind: str, target_id: int, on: bool) -> None:
    audit.record(actor, f"credits.vip.{'on' if on else 'off'}", target_kind=kind, target_id=target_id)
