"""What the start page shows: where somebody can go, and in demo mode who they can be."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from credits import public as money
from hub.accounts.public import Person, User
from hub.base import formats
from hub.dashboard.demo import PASSWORD, DemoPerson, current_code, find_people

Text = str | Promise

FIRST_AGENT = "10000004"  # whom the newcomer is led to be in the second window

ROLES: dict[str, Text] = {
    "owner": _("Hub owner"),
    "manager": _("Department manager"),
    "agent": _("Agent"),
    "customer": _("Customer"),
    "vip": _("VIP customer, works without credits"),
    "organisation_owner": _("Owner of an organisation"),
    "organisation_manager": _("Manager of a unit"),
    "organisation_employee": _("Employee of a unit"),
}


@dataclass(frozen=True, slots=True)
class DemoAccount:
    login: str
    name: str
    initials: str
    tint: int
    role: Text
    code: str  # the authenticator's, '' for customers
    is_staff: bool

    password: str = PASSWORD


def demo_groups() -> list[tuple[Text, list[DemoAccount]]]:
    """The demo people behind the counter, and those in front of it."""
    accounts = demo_accounts()
    staff = [account for account in accounts if account.is_staff]
    customers = [account for account in accounts if not account.is_staff]
    return [(_("Behind the counter"), staff), (_("In front of it"), customers)]


def demo_accounts() -> list[DemoAccount]:
    return [_account(person, user) for person, user in find_people()]


def _account(person: DemoPerson, user: User) -> DemoAccount:
    role = person.role or person.level or (f"organisation_{person.membership}" if person.membership else "customer")
    return DemoAccount(
        login=person.login,
        name=user.name,
        initials=f"{person.first_name[0]}{person.last_name.split()[-1][0]}",
        tint=user.pk % 6 + 1,
        role=ROLES[role],
        code=current_code(user) if user.is_staff else "",
        is_staff=user.is_staff,
    )


def balance_credits(person: Person) -> str | None:
    """As people read them: one decimal, two or three when the amount has them, never rounded. None for VIPs (P12)."""
    wallet = money.wallet_for(person.user_id) if person.user_id is not None else None
    if wallet is None or wallet.unmetered:
        return None
    return formats.credits(wallet.available_m)
