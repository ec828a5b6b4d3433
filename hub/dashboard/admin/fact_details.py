"""The details of the audit log in words: what a key is called, and what its codes, ids and figures say (P9).

Rows hold codes and ids only, since nobody can empty them; names are looked up here, of a whole page at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext

from hub.accounts.public import AuditEntry, Department, Organisation, Unit, User
from hub.base import formats
from hub.base.hub_settings import HubSettings
from hub.site.public import Website

# Each key that is written anywhere has its name; a test reads the source (tests/dashboard/test_admin_audit.py).
NAMES: Final[dict[str, str]] = {
    "active": gettext_noop("For sale"),
    "agent": gettext_noop("Agent"),
    "amount_cents": gettext_noop("Money"),
    "amount_m": gettext_noop("Credits"),
    "approval": gettext_noop("Number of the request"),
    "before": gettext_noop("Before"),
    "beside": gettext_noop("We paid it back ourselves"),
    "block_s": gettext_noop("Block"),
    "blocks": gettext_noop("Blocks"),
    "by": gettext_noop("Sent by"),
    "cap_cents": gettext_noop("At most a month"),
    "capacity": gettext_noop("Chats at a time"),
    "complete": gettext_noop("Complete"),
    "count": gettext_noop("How many"),
    "credits": gettext_noop("Credits"),
    "credits_m": gettext_noop("Credits"),
    "department": gettext_noop("Department"),
    "device": gettext_noop("Number of the device"),
    "exclusive": gettext_noop("Nobody else is offered the work"),
    "extra_m": gettext_noop("Extra this month"),
    "fields": gettext_noop("Changed"),
    "for_good": gettext_noop("For good"),
    "free_s": gettext_noop("Free of charge"),
    "gone": gettext_noop("The account that went"),
    "granted_m": gettext_noop("Granted"),
    "invitation": gettext_noop("Number of the invitation"),
    "kept": gettext_noop("The account that stayed"),
    "kind": gettext_noop("Kind"),
    "layout": gettext_noop("Layout of the portal"),
    "level": gettext_noop("Level"),
    "limit_m": gettext_noop("Limit a month"),
    "line": gettext_noop("Number of the line"),
    "manages": gettext_noop("Manages"),
    "minimum_blocks": gettext_noop("Blocks at least"),
    "names": gettext_noop("Changed"),
    "note": gettext_noop("Number of the note"),
    "organisation": gettext_noop("Organisation"),
    "owner": gettext_noop("Owner"),
    "paid_out": gettext_noop("Paid back"),
    "price_m": gettext_noop("Price of a block"),
    "purchase": gettext_noop("Number of the purchase"),
    "quota_mb": gettext_noop("Room for files (MB)"),
    "refund": gettext_noop("Number of the refund"),
    "request": gettext_noop("Number of the request"),
    "role": gettext_noop("Role"),
    "scopes": gettext_noop("May do"),
    "seconds": gettext_noop("Time"),
    "threshold_m": gettext_noop("Below"),
    "to": gettext_noop("Now"),
    "token": gettext_noop("Number of the token"),
    "transfer": gettext_noop("Number of the transfer"),
    "trouble": gettext_noop("What was wrong"),
    "unit": gettext_noop("Unit"),
    "uses_max": gettext_noop("Times to be used"),
    "vat_bp": gettext_noop("VAT (per cent)"),
    "version": gettext_noop("Version"),
    "voucher": gettext_noop("Number of the voucher"),
    "website": gettext_noop("Website"),
    "what": gettext_noop("About"),
    "works_in": gettext_noop("Works in"),
}

# What codes say, by the key they stand under.
CODES: Final[dict[str, dict[str, str]]] = {
    "role": {
        "owner": gettext_noop("Owner"),
        "manager": gettext_noop("Manager"),
        "employee": gettext_noop("Employee"),
    },
    "level": {"owner": gettext_noop("Owner"), "manager": gettext_noop("Manager"), "agent": gettext_noop("Agent")},
    "by": {"email": gettext_noop("E-mail"), "sms": gettext_noop("Text message")},
    "kind": {
        "chat": gettext_noop("Chat"),
        "phone": gettext_noop("Phone"),
        "ticket": gettext_noop("New ticket"),
        "ticket_reply": gettext_noop("Reply to a ticket"),
        "ticket_mail": gettext_noop("E-mail to support"),
        "ticket_work": gettext_noop("Work on tickets"),
    },
    "layout": {"classic": gettext_noop("Classic"), "compact": gettext_noop("Compact")},
    "what": {
        "adjust": gettext_noop("A change of the balance"),
        "refund": gettext_noop("Credits given back"),
        "money_refund": gettext_noop("Money paid back"),
    },
    "fields": {
        "email": gettext_noop("E-mail"),
        "mobile": gettext_noop("Mobile number"),
        "first_name": gettext_noop("First name"),
        "last_name": gettext_noop("Last name"),
        "display_name": gettext_noop("Shown as"),
        "language": gettext_noop("Language"),
        "time_zone": gettext_noop("Time zone"),
        "phone": gettext_noop("Other phone"),
        "birth_date": gettext_noop("Date of birth"),
        "address": gettext_noop("Street and number"),
        "postcode": gettext_noop("Postcode"),
        "city": gettext_noop("City"),
        "computer_brand": gettext_noop("Computer brand"),
        "computer_model": gettext_noop("Computer model"),
        "operating_system": gettext_noop("Operating system"),
        "layout": gettext_noop("Layout of the portal"),
        "remind_days": gettext_noop("Days to the reminder"),
        "close_days": gettext_noop("Days to closing"),
        "reopen_days": gettext_noop("Days in which a reply reopens"),
        "yellow_hours": gettext_noop("Hours to yellow"),
        "red_hours": gettext_noop("Hours to red"),
        "warn_minutes": gettext_noop("Minutes of warning"),
        "takes_guests": gettext_noop("Tickets of visitors"),
        "chooses_agent": gettext_noop("Choice of the agent"),
        "work_paid_in": gettext_noop("How work is paid"),
        "work_block_minutes": gettext_noop("Block of work"),
        "work_block_cents": gettext_noop("Money for a block of work"),
    },
    "names": {one.name: one.metadata["setting"].label for one in fields(HubSettings)},
}

# Whose ids stand under a key. What is not here is said as it is.
PEOPLE, ORGANISATIONS, UNITS, DEPARTMENTS, WEBSITES = "people", "organisations", "units", "departments", "websites"
IDS: Final[dict[str, str]] = {
    "agent": PEOPLE,
    "department": DEPARTMENTS,
    "gone": PEOPLE,
    "kept": PEOPLE,
    "manages": DEPARTMENTS,
    "organisation": ORGANISATIONS,
    "owner": PEOPLE,
    "to": PEOPLE,
    "unit": UNITS,
    "website": WEBSITES,
    "works_in": DEPARTMENTS,
}
_BEFORE: Final = {"people.member.moved": UNITS, "people.organisation.handed_over": PEOPLE}
_STANDS: Final = {"limit_m", "extra_m", "price_m", "threshold_m"}  # how something stands; other amounts are changes
# Numbers of rows are said as they stand in addresses and files.
_NUMBERS: Final = frozenset(
    "approval before device invitation line note purchase refund request token transfer version voucher".split()  # noqa: SIM905
) | frozenset(IDS)

Names = Mapping[tuple[str, int], str]


def names_in(rows: Iterable[AuditEntry]) -> Names:
    """What the ids in the details of these rows are called; who or what is gone has no name."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        for key, value in _pairs(row):
            kind = _kind(row.fact, key)
            if kind:
                wanted[kind] |= {one for one in _listed(value) if _is_id(one)}
    return {(kind, pk): name for kind, ids in wanted.items() if ids for pk, name in _LOOKUPS[kind](ids).items()}


def detail_text(row: AuditEntry, names: Names) -> str:
    """What happened, for who looks closely; nothing for what says nothing."""
    said = [(key, value) for key, value in _pairs(row) if value not in (None, "", [])]
    return " · ".join(f"{_called(key)}: {_value(row.fact, key, value, names)}" for key, value in said)


def _pairs(row: AuditEntry) -> list[tuple[str, Any]]:
    return list(row.detail.items()) if isinstance(row.detail, dict) else []


def _called(key: str) -> str:
    if key == "owner":
        return pgettext("of an organisation", "Owner")
    return _(NAMES[key]) if key in NAMES else key


def _kind(fact: str, key: str) -> str:
    return _BEFORE.get(fact, "") if key == "before" else IDS.get(key, "")


def _value(fact: str, key: str, value: object, names: Names) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    kind, codes = _kind(fact, key), CODES.get(key, {})
    listed = [_one(key, one, names.get((kind, one)) if _is_id(one) else None, codes) for one in _listed(value)]
    return ", ".join(listed)


def _one(key: str, value: Any, name: str | None, codes: Mapping[str, str]) -> str:
    if name is not None:
        return name
    if isinstance(value, str):
        if value == "owner":
            return _called(value)
        return _(codes[value]) if value in codes else value
    return _figure(key, value) if isinstance(value, int | float) else str(value)


def _figure(key: str, value: float) -> str:
    if key.endswith("_m"):
        return formats.credits(int(value)) if key in _STANDS else formats.signed_credits(int(value))
    if key.endswith("_s") or key == "seconds":
        return formats.exact_duration(value)
    if key.endswith("_cents") or key == "vat_bp":
        return formats.number(value / 100)
    return str(value) if key in _NUMBERS else formats.number(value)


def _listed(value: object) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _is_id(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _people(ids: set[int]) -> dict[int, str]:
    return {user.pk: user.name for user in User.objects.filter(pk__in=ids)}


def _named(model: Any) -> Callable[[set[int]], dict[int, str]]:
    return lambda ids: dict(model.objects.filter(pk__in=ids).values_list("pk", "name"))


_LOOKUPS: Final[dict[str, Callable[[set[int]], dict[int, str]]]] = {
    PEOPLE: _people,
    ORGANISATIONS: _named(Organisation),
    UNITS: _named(Unit),
    DEPARTMENTS: _named(Department),
    WEBSITES: _named(Website),
}
