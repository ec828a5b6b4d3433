"""What a token may be used for. A scope is a subject, or a subject with `:read`; `*` is everything."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hub.accounts.access import Person

EVERYTHING = "*"
LOAD = "load"  # raises the limits of a load generator; demo mode only, gives no rights
# site: how the hub is set up and looks; knowledge: the help pages
SUBJECTS = frozenset({"chat", "tickets", "credits", "people", "audit", "site", "knowledge"})
READ_ONLY = frozenset({"audit"})  # there is nothing to change
KNOWN = SUBJECTS | {f"{subject}:read" for subject in SUBJECTS} | {EVERYTHING, LOAD}


def covers(scopes: frozenset[str], wanted: str) -> bool:
    """`wanted` is a subject (reading and changing) or a subject with `:read`."""
    subject = wanted.removesuffix(":read")
    return EVERYTHING in scopes or subject in scopes or wanted in scopes


def unknown(scopes: Iterable[str]) -> set[str]:
    return set(scopes) - KNOWN


def offered_to(person: Person) -> dict[str, tuple[str, ...]]:
    """What this person may make tokens for: subject -> its scopes, the smallest first.

    What such a token then sees and does is decided at each use, by the rights of that moment.
    """
    scopes = {
        subject: (f"{subject}:read",) if subject in READ_ONLY else (f"{subject}:read", subject)
        for subject in _subjects_of(person)
    }
    return {subject: found for subject, all_of in scopes.items() if (found := tuple(filter(person.may, all_of)))}


def _subjects_of(person: Person) -> list[str]:
    subjects = ["chat", "tickets", "credits"]
    if person.is_staff or person.organisation_role in ("owner", "manager"):
        subjects.append("people")
    if person.is_staff:
        subjects.append("knowledge")
    if person.is_owner or person.managed:
        subjects.append("site")
    if person.is_owner:
        subjects.append("audit")
    return subjects
