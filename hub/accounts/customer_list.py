"""Customers as rows of a table, for the export (A1, X4). The same columns as the import takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hub.accounts.actions import profiles
from hub.accounts.models import User
from hub.accounts.permissions import ids_seen_by_staff

if TYPE_CHECKING:
    from hub.accounts.access import Person

OF_USER = ("login_number", "first_name", "last_name", "display_name", "email", "mobile", "language", "vip")
OF_PROFILE = tuple(profiles.OF_CUSTOMER)
COLUMNS = (*OF_USER, *OF_PROFILE, "organisation", "since")
ROWS_AT_ONCE = 2000


def rows(person: Person) -> Iterator[list[object]]:
    """Every customer whom this member of staff sees, by number of account."""
    seen = User.objects.filter(kind=User.Kind.CUSTOMER, erased_at=None, merged_into=None)
    if not person.is_owner:
        seen = seen.filter(pk__in=ids_seen_by_staff(person))
    names = [*OF_USER, *(f"customer_profile__{name}" for name in OF_PROFILE), "membership__organisation__name"]
    for *values, created_at in seen.order_by("pk").values_list(*names, "created_at").iterator(ROWS_AT_ONCE):
        yield [*(_cell(value) for value in values), f"{created_at:%Y-%m-%d}"]


def _cell(value: object) -> object:
    return ("1" if value else "") if isinstance(value, bool) else "" if value is None else str(value)
