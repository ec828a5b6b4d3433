"""Names the purchases and vouchers that lines of a wallet come from (L5)."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from credits.models import Purchase, VoucherRedemption, Wallet
from credits.origins import Origin, Origins, origins
from credits.store.money_text import money_text

if TYPE_CHECKING:
    from hub.accounts.public import Person


def register() -> None:
    origins.register(Origins("store", _describe))


def _describe(person: Person, references: Collection[str]) -> dict[str, Origin]:
    return {**_purchases(person, references), **_vouchers(person, references)}


def _purchases(person: Person, references: Collection[str]) -> dict[str, Origin]:
    ids = {key: one for one in references if (key := purchase_of(one)) is not None}
    if not ids:
        return {}
    seen = Purchase.objects.visible_to(person).filter(pk__in=ids).select_related("buyer")
    return {
        ids[one.pk]: Origin(
            title=_("Purchase: %(amount)s") % {"amount": money_text(one.amount_cents, one.currency)},
            who=one.buyer.name,
            url=reverse("admin-purchase" if person.is_staff else "portal-purchase", args=[one.pk]),
        )
        for one in seen
    }


def purchase_of(reference: str) -> UUID | None:
    """The purchase that a line names, if it names one."""
    if not reference.startswith("purchase:"):
        return None
    try:
        return UUID(reference.removeprefix("purchase:"))
    except ValueError:
        return None


def _vouchers(person: Person, references: Collection[str]) -> dict[str, Origin]:
    """By the end of its code, which the reader has on paper; by whom, where one wallet is read and not many."""
    ids = [int(one.removeprefix("voucher:")) for one in references if one.startswith("voucher:")]
    if not ids:
        return {}
    wallets = Wallet.objects.visible_to(person).values("pk")
    used = VoucherRedemption.objects.filter(voucher__in=ids, wallet__in=wallets).select_related("voucher", "user")
    return {
        f"voucher:{one.voucher_id}": Origin(
            title=_("Voucher …%(end)s") % {"end": one.voucher.hint}, who="" if person.is_staff else one.user.name
        )
        for one in used
    }
