"""Whose wallets these are, and where staff look at them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse

from credits.ledger.accounts import WalletView
from hub.accounts.public import Organisation, User


@dataclass(frozen=True, slots=True)
class Owner:
    name: str
    url: str


def owners_of(wallets: Mapping[int, WalletView]) -> dict[int, Owner]:
    """By wallet, in two statements. Who was erased is named by the number alone."""
    users = User.objects.in_bulk([one.user_id for one in wallets.values() if one.user_id])
    companies = Organisation.objects.in_bulk([one.organisation_id for one in wallets.values() if one.organisation_id])
    found: dict[int, Owner] = {}
    for pk, wallet in wallets.items():
        if wallet.user_id in users:
            found[pk] = _of_user(users[wallet.user_id])
        elif wallet.organisation_id in companies:
            page = reverse("admin-organisation-credits", args=[wallet.organisation_id])
            found[pk] = Owner(companies[wallet.organisation_id].name, page)
    return found


def _of_user(user: User) -> Owner:
    if user.erased_at is not None:
        return Owner(user.login_number, "")
    return Owner(user.name, reverse("admin-customer", args=[user.pk]))
