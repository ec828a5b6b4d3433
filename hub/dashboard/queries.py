"""People and departments as the API shows them, put together from the apps below."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import translation

from chat.public import online_agents
from credits import public as money
from hub.accounts.public import Department, Organisation, Person, User
from hub.site import public as site
from hub.site.public import ExternalIdentity
from tickets import public as tickets

Fields = dict[str, object]
PRICED_KINDS = ("chat", "phone")


def role_of(user: User) -> str:
    """One word for what somebody is: their level, their place in an organisation, `vip`, or their kind."""
    if user.is_staff:
        return user.level
    membership = getattr(user, "membership", None)
    if membership is not None:
        return f"organisation_{membership.role}"
    return "vip" if user.vip else user.kind


def describe_me(person: Person) -> Fields:
    """Who the token is. A visitor who has not started anything has no account yet: no id."""
    if person.user_id is None:
        return {"id": "", "role": person.kind, "level": "", "name": "", "login": "", "departments": []}
    user = User.objects.select_related("membership__organisation").get(pk=person.user_id)
    wallet = money.wallet_for(user.pk)
    return {
        "id": str(user.pk),
        "role": role_of(user),
        "level": user.level,
        "name": user.name,
        "login": user.login_number,
        "language": person.language,
        "departments": _own_departments(person),
        "scopes": sorted(person.scopes),
        **_organisation(user),
        **({"wallet": str(wallet.id)} if wallet else {}),
    }


def _own_departments(person: Person) -> list[Fields]:
    """Those of one's seats; the hub owner works with all."""
    rows = Department.objects.all() if person.is_owner else Department.objects.filter(pk__in=person.departments)
    return [
        {"id": str(row.pk), "name": row.name, "manager": row.pk in person.managed}
        for row in rows.order_by("position", "pk")
    ]


def _organisation(user: User) -> Fields:
    membership = getattr(user, "membership", None)
    if membership is None:
        return {}
    return {"organisation": {"id": str(membership.organisation_id), "name": membership.organisation.name}}


def describe_customers(users: Sequence[User]) -> list[Fields]:
    """As in a list. The users come with their profile and membership (`with_details`)."""
    wallets = money.wallets_for([user.pk for user in users])
    return [_customer(user, wallets.get(user.pk)) for user in users]


def with_details(users: Any) -> Any:
    return users.select_related(
        "customer_profile__bound_department", "customer_profile__bound_agent", "membership__organisation"
    )


def _customer(user: User, wallet: money.WalletView | None) -> Fields:
    profile = getattr(user, "customer_profile", None)
    agent = profile.bound_agent if profile else None
    return {
        "id": str(user.pk),
        "login": user.login_number,
        "name": user.name,
        "email": user.email,
        "mobile": user.mobile,
        "vip": user.vip,
        "language": user.language,
        "department": str(profile.bound_department_id) if profile and profile.bound_department_id else None,
        "agent": {"id": str(agent.pk), "name": agent.name} if agent else None,
        "wallet": str(wallet.id) if wallet else None,
        **_organisation(user),
    }


def describe_customer(user: User) -> Fields:
    """As on the side panel (C15): with address, computer, balance, and what websites say of this person."""
    wallet = money.wallet_for(user.pk)
    profile = getattr(user, "customer_profile", None)
    shown: Fields = {
        **_customer(user, wallet),
        "first_name": user.first_name,
        "last_name": user.last_name,
        "created_at": user.created_at,
        "claims": [
            {"website": claim.website.name, "email": claim.claimed_email}
            for claim in ExternalIdentity.objects.filter(user=user).select_related("website")
        ],
        **describe_balance(wallet),
    }
    if profile is not None:
        shown |= {
            "address": profile.address,
            "postcode": profile.postcode,
            "city": profile.city,
            "exclusive": profile.exclusive,
            "computer": {
                "brand": profile.computer_brand,
                "model": profile.computer_model,
                "system": profile.operating_system,
            },
        }
    return shown


def describe_balance(wallet: money.WalletView | None) -> Fields:
    """Nothing for a VIP: balance and charges are not shown (P12)."""
    if wallet is None or wallet.unmetered:
        return {}
    fields: Fields = {"balance_m": wallet.balance_m, "available_m": wallet.available_m}
    if wallet.limit_left_m is not None:  # what a member may still spend of it this month (P4)
        fields |= {"limit_m": wallet.limit_m, "limit_left_m": wallet.limit_left_m}
    return fields


def describe_widget_customer(user: User, *, language: str) -> Fields:
    """The customer to their own widget. `language`: what the widget speaks, for who has chosen none."""
    wallet = money.wallet_for(user.pk)
    return {
        "id": str(user.pk),
        "name": user.name,
        "login": user.login_number,
        "vip": user.vip or bool(wallet and wallet.unmetered),
        "language": user.language or language,
        **describe_balance(wallet),
        **_organisation(user),
    }


def describe_departments(departments: Iterable[Department], *, with_prices: bool) -> list[Fields]:
    """With the price of a chat, who is there now, whether it is open, and what it asks before a chat."""
    rows = list(departments)
    openings = site.openings([row.pk for row in rows])
    questions = site.questions_of([row.pk for row in rows])
    prices = money.prices_of([row.pk for row in rows])
    online = online_agents([row.pk for row in rows])
    offers = tickets.offers_of([row.pk for row in rows])
    return [
        {
            "id": str(row.pk),
            "name": row.name,
            "greeting": row.greeting,
            "open": openings[row.pk].is_open,
            "opens_at": None if openings[row.pk].is_open else openings[row.pk].changes_at,
            "closes_at": openings[row.pk].changes_at if openings[row.pk].is_open else None,
            "hours": describe_hours(row.pk),
            "questions": questions[row.pk],
            "online": len(online.get(row.pk, [])),
            "agents": online.get(row.pk, []),
            "ticket": _ticket_offer(offers[row.pk], with_prices),
            **(_price(prices.get(row.pk, money.FREE_OF_CHARGE)) if with_prices else {}),
        }
        for row in rows
    ]


def _ticket_offer(offer: tickets.Offer, with_prices: bool) -> Fields:
    price = {"price_m": offer.price_m} if with_prices else {}
    return {**price, "guests": offer.guests, "fields": offer.fields}


def describe_widget_announcement(person: Person | None) -> Fields | None:
    """The newest one for the widget, as plain text: a line, not a page."""
    said = site.widget_announcement(person, (translation.get_language() or "en").split("-")[0])
    if said is None:
        return None
    return {"id": str(said.id), "title": said.title, "text": said.plain_text, "language": said.language}


def describe_hours(department_id: int) -> Fields | None:
    """Null for one that keeps none. Times are HH:MM in its own zone; 24:00 is midnight."""
    hours = site.hours_of(department_id)
    if not hours.keeps_hours:
        return None
    return {
        "time_zone": hours.time_zone,
        "week": [_periods(day) for day in hours.week],
        "holidays": {day.isoformat(): _periods(periods) for day, periods in sorted(hours.holidays.items())},
    }


def _periods(periods: Sequence[site.Minutes]) -> list[list[str]]:
    return [[site.clock_text(opens), site.clock_text(closes)] for opens, closes in periods]


def _price(price: money.Price) -> Fields:
    return {
        "price_m": price.price_millicredits,
        "block_s": price.block_seconds,
        "free_s": price.free_seconds,
        "minimum_blocks": price.minimum_blocks,
    }


def describe_organisation(organisation: Organisation, person: Person) -> Fields:
    """With those of its people whom the reader may see."""
    people = User.objects.visible_to(person).filter(membership__organisation=organisation)
    return {
        "id": str(organisation.pk),
        "name": organisation.name,
        "vip": organisation.vip,
        "wallet": str(money.open_wallet(organisation_id=organisation.pk)),
        "members": [
            {
                "id": str(user.pk),
                "name": user.name,
                "role": user.membership.role,
                "unit": user.membership.unit.name if user.membership.unit else None,
                "suspended": user.membership.suspended,
            }
            for user in people.select_related("membership__unit").order_by("pk")
        ],
    }


def describe_staff(users: Sequence[User]) -> list[Fields]:
    """Colleagues: names and seats, nothing else (P5)."""
    return [
        {
            "id": str(user.pk),
            "name": user.name,
            "level": user.level,
            "departments": [str(seat.department_id) for seat in user.seats.all()],
            "active": user.is_active,
        }
        for user in users
    ]


def is_unmetered(person: Person) -> bool:
    wallet = money.wallet_for(person.user_id) if person.user_id is not None else None
    return wallet is not None and wallet.unmetered
