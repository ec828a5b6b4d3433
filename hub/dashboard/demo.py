"""The demo world (DEBUG only): departments with prices, people of every role, credits, and the demo shop's website.

Made again it is the same: nothing is doubled, passwords and secrets stay what they are.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import cast

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from credits import public as money
from hub.accounts.public import (
    ApiToken,
    Claims,
    CustomerProfile,
    Department,
    DepartmentStaff,
    Membership,
    Organisation,
    StaffProfile,
    Unit,
    User,
    tokens,
)
from hub.base import clock, hub_settings, snapshots
from hub.base.models import HubSetting
from hub.site.public import DEMO_SITE, Website, bind_site_user

PASSWORD = "demo-balie-2026"  # noqa: S105 - shown on the start page of a demo hub, and nowhere else
CREDIT_M = 1000
ASCII = str.maketrans("ćčš", "ccs")  # mail addresses have no other letters
ORGANISATION = "Bakkerij De Vier Heemskinderen"
TOKEN_NAME = "demo"  # noqa: S105 - a token's name, not a token
TOKEN_LIFETIME = timedelta(days=3650)

PRICES = {
    "PC and laptop": money.Price(price_millicredits=2 * CREDIT_M, block_seconds=60),
    "E-mail and internet": money.Price(price_millicredits=2 * CREDIT_M, block_seconds=60, free_seconds=60),
    "Questions about your account": money.FREE_OF_CHARGE,
}
GREETINGS = {
    "PC and laptop": "Slow, stuck or broken: we look at it together.",
    "E-mail and internet": "The first minute is on us.",
    "Questions about your account": "Invoices, addresses and passwords.",
}
SHOP_CUSTOMER, SHOP_VIP, SHOP_LOW = "demo-customer", "demo-vip", "demo-low"


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """One seeded account. `login` is its login number; `role` as in var/demo.json, '' for who is not listed."""

    login: str
    first_name: str
    last_name: str
    role: str = ""
    level: str = ""
    language: str = ""  # follows the reader, so that a newcomer reads both windows
    departments: tuple[int, ...] = ()  # positions in PRICES
    credits: int = 0
    vip: bool = False
    sub: str = ""
    city: str = ""
    computer: tuple[str, str, str] = ("", "", "")
    membership: str = ""
    unit: str = ""
    bound: tuple[int, str] | None = None  # position of the department, login of the agent or ''
    line: str = field(default="")  # what the start page says about them

    @property
    def email(self) -> str:
        name = f"{self.first_name}.{self.last_name}".lower().replace(" ", "").translate(ASCII)
        return f"{name}@example.com"


PEOPLE = (
    DemoPerson("10000001", "Ingrid", "van Loon", "owner", "owner", departments=(0,)),
    DemoPerson("10000002", "Bram", "Kuipers", "manager", "manager", departments=(0, 2)),
    DemoPerson("10000003", "Ana", "Kovačević", "", "manager", "hr", departments=(1,)),
    DemoPerson("10000004", "Daan", "Mulder", "agent", "agent", departments=(0, 1, 2)),
    DemoPerson("10000005", "Luca", "Ferrari", "", "agent", "it", departments=(0, 1)),
    DemoPerson("10000006", "Nilufar", "Karimi", "", "agent", "fa", departments=(0, 2)),
    DemoPerson("10000007", "Iva", "Horvat", "", "agent", "hr", departments=(1, 2)),
    DemoPerson(
        "20000001", "Sanne", "de Vries", "customer", credits=100, sub=SHOP_CUSTOMER, city="Utrecht",
        computer=("Dell", "XPS 13 9340", "Windows 11 Home"),
    ),
    DemoPerson(
        "20000002", "Giulia", "Conti", "vip", language="it", vip=True, sub=SHOP_VIP, city="Trieste",
        computer=("Apple", "MacBook Air M3", "macOS 26"),
    ),
    DemoPerson(
        "20000003", "Marko", "Babić", language="hr", credits=3, sub=SHOP_LOW, city="Zagreb",
        computer=("Lenovo", "ThinkPad T14", "Windows 11 Pro"),
    ),
    DemoPerson(
        "20000004", "Parisa", "Ahmadi", language="fa", credits=60, city="Rotterdam", bound=(0, "10000006"),
        computer=("HP", "Pavilion 15", "Windows 11 Home"),
    ),
    DemoPerson("20000005", "Henk", "Jansen", credits=24, city="Assen", bound=(1, "")),
    DemoPerson("30000001", "Willem", "Bakker", "organisation_owner", membership="owner"),
    DemoPerson("30000002", "Fatima", "El Idrissi", "organisation_manager", membership="manager", unit="Accounting"),
    DemoPerson("30000003", "Tom", "Visser", "organisation_employee", membership="employee", unit="Accounting"),
    DemoPerson("30000004", "Lotte", "Smit", membership="employee", unit="Shops"),
)  # fmt: skip
# What credits cost in the demo: the more, the cheaper.
PACKAGES_CENTS = {size: size * 100 - size // 50 * (size // 50 - 1) * 25 for size in range(50, 501, 50)}
ORGANISATION_CREDITS = 250
HELP = {
    "help_phones": [{"number": "+31 88 000 00 00", "label": ""}],
    "help_email": "help@example.com",
    "forum_url": "https://forum.example.com/",
}


def require_demo() -> None:
    if not settings.DEMO:
        raise ImproperlyConfigured("There are demo accounts only with DEBUG=1; their passwords are on the start page.")


def seed_demo() -> dict[str, object]:
    """Make the demo world, and tell of it: `accounts` and `site_key` as in var/demo.json. Raises outside DEBUG."""
    require_demo()
    with transaction.atomic():
        departments = _seed_departments()
        password_hash = make_password(PASSWORD)  # once: a hash is slow on purpose
        users = {person.login: _seed_person(person, departments, password_hash) for person in PEOPLE}
        _bind_customers(users, departments)
        organisation = _seed_organisation(users)
        website = _seed_website(users)
        _seed_help()
    _fund(users, organisation)
    listed = [person for person in PEOPLE if person.role]
    return {
        "accounts": [describe_account(person, users[person.login]) for person in listed],
        "site_key": website.site_key,
    }


def _seed_departments() -> list[Department]:
    departments = []
    for position, (name, price) in enumerate(PRICES.items()):
        department, _ = Department.objects.get_or_create(
            name=name, defaults={"position": position, "greeting": GREETINGS[name]}
        )
        departments.append(department)
        if department.pk not in money.prices_of([department.pk]):
            money.set_price(department.pk, price)
    return departments


def _seed_person(person: DemoPerson, departments: list[Department], password_hash: str) -> User:
    kind = User.Kind.STAFF if person.level else User.Kind.CUSTOMER
    user, _ = User.objects.get_or_create(
        login_number=person.login,
        defaults={
            "kind": kind,
            "level": person.level,
            "first_name": person.first_name,
            "last_name": person.last_name,
            "email": person.email,
            "language": person.language,
            "vip": person.vip,
            "password": password_hash,
            "created_at": clock.now(),
        },
    )
    if person.level:
        _seed_staff(user, person, departments)
    else:
        _seed_profile(user, person)
    return cast("User", user)


def _seed_staff(user: User, person: DemoPerson, departments: list[Department]) -> None:
    StaffProfile.objects.get_or_create(user=user)
    for position in person.departments:
        DepartmentStaff.objects.get_or_create(
            user=user, department=departments[position], defaults={"is_manager": person.level == "manager"}
        )
    key = totp_key(person.login)
    TOTPDevice.objects.get_or_create(user=user, confirmed=True, defaults={"name": "app", "key": key.hex()})


def _seed_profile(user: User, person: DemoPerson) -> None:
    brand, model, system = person.computer
    CustomerProfile.objects.get_or_create(
        user=user,
        defaults={
            "city": person.city,
            "computer_brand": brand,
            "computer_model": model,
            "operating_system": system,
        },
    )


def _bind_customers(users: dict[str, User], departments: list[Department]) -> None:
    for person in PEOPLE:
        if person.bound is None:
            continue
        position, agent = person.bound
        CustomerProfile.objects.filter(user=users[person.login], bound_department=None).update(
            bound_department=departments[position], bound_agent=users.get(agent)
        )


def _seed_organisation(users: dict[str, User]) -> Organisation:
    organisation = Organisation.objects.filter(name=ORGANISATION).first()
    if organisation is None:
        organisation = Organisation.objects.create(name=ORGANISATION, created_at=clock.now())
    for person in PEOPLE:
        if not person.membership:
            continue
        unit = Unit.objects.get_or_create(organisation=organisation, name=person.unit)[0] if person.unit else None
        Membership.objects.get_or_create(
            user=users[person.login],
            defaults={"organisation": organisation, "unit": unit, "role": person.membership},
        )
    return organisation


def _seed_website(users: dict[str, User]) -> Website:
    website, _ = Website.objects.get_or_create(name=DEMO_SITE)
    ports = range(settings.PORT, settings.PORT + 4)  # one per web process
    hosts = [f"http://{host}:{port}" for host in ("127.0.0.1", "localhost") for port in ports]
    origins = sorted({*website.origins, *hosts, settings.PUBLIC_URL})
    if origins != website.origins:
        website.origins = origins
        website.save(update_fields=["origins"])
    for person in PEOPLE:
        if person.sub:
            bind_site_user(website, person.sub, users[person.login])
    return website


def _seed_help() -> None:
    """Whom to call, and the forum (K4). What the owner of the demo set or emptied since stays."""
    made = [HubSetting.objects.get_or_create(pk=name, defaults={"value": value})[1] for name, value in HELP.items()]
    if any(made):
        snapshots.changed(hub_settings.NAME)


def _fund(users: dict[str, User], organisation: Organisation) -> None:
    """Once: the key makes a second time nothing. What was spent since is not given back."""
    money.seed_packages(PACKAGES_CENTS)
    for person in PEOPLE:
        if person.credits:
            wallet = money.open_wallet(user_id=users[person.login].pk)
            fund(wallet, person.credits, key=f"demo-{person.login}")
    wallet = money.open_wallet(organisation_id=organisation.pk)
    fund(wallet, ORGANISATION_CREDITS, key=f"demo-organisation-{organisation.pk}")


def fund(wallet_id: int, credit_count: int, *, key: str) -> None:
    money.adjust(wallet_id, credit_count * CREDIT_M, reason="Demo credits", actor_id=None, key=key, approved=True)


def totp_key(login: str) -> bytes:
    """The same secret for the same hub, so that an authenticator app goes on working after the data were wiped."""
    return hashlib.sha256(f"{settings.SECRET_KEY}:demo-totp:{login}".encode()).digest()[:20]


def find_device(user: User) -> TOTPDevice | None:
    found: TOTPDevice | None = TOTPDevice.objects.filter(user=user, confirmed=True).order_by("pk").first()
    return found


def current_code(user: User) -> str:
    """What the person's authenticator app shows now."""
    device = find_device(user)
    if device is None:
        return ""
    code = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    code.time = clock.now().timestamp()
    return f"{code.token():0{device.digits}d}"


def describe_account(person: DemoPerson, user: User) -> dict[str, object]:
    return {
        "role": person.role,
        "login": person.login,
        "password": PASSWORD,
        "totp_secret": base64.b32encode(totp_key(person.login)).decode() if person.level else None,
        "token": _token(user),
        "name": user.name,
    }


def _token(user: User) -> str:
    """The account's API token. A token is not stored, but this one can be made again: same row, same end."""
    row = ApiToken.objects.filter(user=user, name=TOKEN_NAME, revoked_at=None).order_by("created_at").first()
    now = clock.now()
    if row is None or row.expires_at is None or row.expires_at < now + timedelta(days=1):
        row = ApiToken.objects.create(
            user=user, name=TOKEN_NAME, scopes=["*"], created_at=now, expires_at=now + TOKEN_LIFETIME
        )
    return tokens.sign(
        Claims(
            side="staff" if user.is_staff else "visitor",
            expires_at=(row.expires_at or now).timestamp(),
            user_id=user.pk,
            two_factor=user.is_staff,
            token_id=str(row.pk),
        )
    )


def find_people() -> Iterable[tuple[DemoPerson, User]]:
    """The demo people who exist, in the order of PEOPLE."""
    users = User.objects.in_bulk([person.login for person in PEOPLE], field_name="login_number")
    return [(person, users[person.login]) for person in PEOPLE if person.login in users]
