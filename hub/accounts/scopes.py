"""What a token may be used for. A scope is a subject, or a subject with `:read`; `*` is everything."""

from __future__ import annotations

from collections.abc import Iterable

EVERYTHING = "*"
LOAD = "load"  # raises the limits of a load generator; demo mode only, gives no rights
SUBJECTS = frozenset({"chat", "credits", "people", "audit", "site"})  # site: how the hub is set up and looks
KNOWN = SUBJECTS | {f"{subject}:read" for subject in SUBJECTS} | {EVERYTHING, LOAD}


def covers(scopes: frozenset[str], wanted: str) -> bool:
    """`wanted` is a subject (reading and changing) or a subject with `:read`."""
    subject = wanted.removesuffix(":read")
    return EVERYTHING in scopes or subject in scopes or wanted in scopes


def unknown(scopes: Iterable[str]) -> set[str]:
    return set(scopes) - KNOWN
