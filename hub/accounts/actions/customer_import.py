"""Customers from a file (A1): looked at first, row by row, then made without passwords (P3; docs/how/admin.md).

A file is CSV with a line of column names, as a spreadsheet writes it: comma, semicolon or tab, UTF-8 or Windows-1252.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from hub.accounts import audit, details
from hub.accounts.access import Person
from hub.accounts.actions import profiles
from hub.accounts.actions.customers import NewCustomer, add_customer
from hub.accounts.errors import AddressInUse, Invalid
from hub.accounts.models import CustomerProfile, User
from hub.base.errors import Forbidden

ROWS_MAX = 1000
BYTES_MAX = 400_000
CELL_CHARACTERS_MAX = 500

OF_ACCOUNT: details.Cleaners = {
    "first_name": details.clean_name,
    "last_name": details.clean_name,
    "display_name": profiles.OF_USER["display_name"],
    "email": details.clean_email,
    "mobile": details.clean_mobile,
    "language": details.clean_language,
}
CLEANERS: details.Cleaners = {**OF_ACCOUNT, **profiles.OF_CUSTOMER}
COLUMNS = tuple(CLEANERS)
# Names that spreadsheets of others use, without case, spaces, hyphens and underscores.
ALSO = {
    "firstname": "first_name",
    "givenname": "first_name",
    "voornaam": "first_name",
    "lastname": "last_name",
    "surname": "last_name",
    "familyname": "last_name",
    "achternaam": "last_name",
    "displayname": "display_name",
    "email": "email",
    "mail": "email",
    "emailaddress": "email",
    "mobile": "mobile",
    "mobilenumber": "mobile",
    "mobiel": "mobile",
    "phone": "phone",
    "telephone": "phone",
    "telefoon": "phone",
    "address": "address",
    "street": "address",
    "adres": "address",
    "postcode": "postcode",
    "postalcode": "postcode",
    "zip": "postcode",
    "city": "city",
    "town": "city",
    "plaats": "city",
    "birthdate": "birth_date",
    "dateofbirth": "birth_date",
    "geboortedatum": "birth_date",
    "language": "language",
    "computerbrand": "computer_brand",
    "computermodel": "computer_model",
    "operatingsystem": "operating_system",
}


@dataclass(slots=True)
class ImportRow:
    """One line of the file. `faults`: {column: sentence}; without any it can be made."""

    line: int
    said: dict[str, str]
    kept: dict[str, object] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Import:
    rows: list[ImportRow]
    unknown: list[str]  # names of columns that were left out

    @property
    def good(self) -> list[ImportRow]:
        return [row for row in self.rows if not row.faults]


def decode(data: bytes) -> str:
    """Raises Invalid for what is too large."""
    if len(data) > BYTES_MAX:
        raise Invalid(fields={"file": _("This file is too large. Please split it.")})
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def check(actor: Person, text: str) -> Import:
    """What would be made of it, and what is wrong with which line. Nothing is changed. Raises Invalid, Forbidden."""
    _require_in_charge(actor)
    if len(text.encode()) > BYTES_MAX * 2:
        raise Invalid(fields={"file": _("This file is too large. Please split it.")})
    columns, unknown, lines = _table(text)
    rows = [_row(number, columns, cells) for number, cells in lines]
    _mark_doubles(rows)
    _mark_known(rows)
    return Import(rows, unknown)


@transaction.atomic
def import_customers(actor: Person, text: str) -> int:
    """Make the good lines; how many. What was taken meanwhile is left out as well. Raises Invalid, Forbidden."""
    made = 0
    for row in check(actor, text).good:
        try:
            with transaction.atomic():
                _make(actor, row)
            made += 1
        except AddressInUse:
            continue
    audit.record(actor, "people.customers.imported", detail={"count": made})
    return made


def _require_in_charge(actor: Person) -> None:
    if not (actor.is_owner or (actor.is_staff and actor.managed)):
        raise Forbidden


def _table(text: str) -> tuple[list[str | None], list[str], list[tuple[int, list[str]]]]:
    """The column of each cell, the names that are not known, and the lines that are not empty, with their numbers."""
    plain = text.replace("\0", "").lstrip("\ufeff")
    first = plain.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    try:
        lines = list(csv.reader(io.StringIO(plain), delimiter=separator))
    except csv.Error as error:
        raise Invalid(fields={"file": _("This is not a table as a spreadsheet saves it (CSV).")}) from error
    if not lines:
        raise Invalid(fields={"file": _("This file is empty.")})
    names = [name.strip() for name in lines[0]]
    columns = [_column(name) for name in names]
    if not {"first_name", "last_name"} & set(columns) or not {"email", "mobile"} & set(columns):
        raise Invalid(fields={"file": _("The first line must name the columns: last_name, and email or mobile.")})
    rows = [(number, cells) for number, cells in enumerate(lines[1:], start=2) if any(cell.strip() for cell in cells)]
    if len(rows) > ROWS_MAX:
        raise Invalid(fields={"file": _("At most %(most)s lines at once. Please split the file.") % {"most": ROWS_MAX}})
    return columns, [name for name, column in zip(names, columns, strict=True) if column is None and name], rows


def _column(name: str) -> str | None:
    plain = "".join(sign for sign in name.casefold() if sign.isalnum())
    return ALSO.get(plain)


def _row(number: int, columns: list[str | None], cells: list[str]) -> ImportRow:
    said = {column: _cell(text) for column, text in zip(columns, cells, strict=False) if column is not None}
    row = ImportRow(number, said)
    row.kept, row.faults = details.clean_all(said, {name: by for name, by in CLEANERS.items() if name in said})
    if len(cells) > len(columns):
        row.faults["line"] = _("This line has more cells than the first one.")
    if any(len(text) > CELL_CHARACTERS_MAX for text in cells):
        row.faults["line"] = _("A cell of this line is too long.")
    if not (said.get("first_name") or said.get("last_name")):
        row.faults.setdefault("last_name", _("Please fill in a name."))
    if not (said.get("email") or said.get("mobile")):
        row.faults.setdefault("email", _("Please fill in an e-mail address or a mobile number."))
    return row


def _cell(text: str) -> str:
    """Without the apostrophe that our own export puts before what would be a formula."""
    plain = text.strip()
    return plain[1:] if plain.startswith("'") and plain[1:2] in ("=", "+", "-", "@") else plain


def _mark_doubles(rows: Iterable[ImportRow]) -> None:
    for name in ("email", "mobile"):
        seen: dict[object, int] = {}
        for row in rows:
            value = row.kept.get(name)
            if not value or name in row.faults:
                continue
            if value in seen:
                row.faults[name] = _("The same as in line %(line)s.") % {"line": seen[value]}
            else:
                seen[value] = row.line


def _mark_known(rows: Iterable[ImportRow]) -> None:
    emails = [row.kept.get("email") for row in rows if row.kept.get("email")]
    mobiles = [row.kept.get("mobile") for row in rows if row.kept.get("mobile")]
    known: Mapping[str, set[object]] = {
        "email": set(
            User.objects.annotate(plain=Lower("email")).filter(plain__in=emails).values_list("plain", flat=True)
        ),
        "mobile": set(User.objects.filter(mobile__in=mobiles).values_list("mobile", flat=True)),
    }
    for row in rows:
        for name, values in known.items():
            if row.kept.get(name) in values:
                row.faults.setdefault(name, _("This belongs to an account already."))


def _make(actor: Person, row: ImportRow) -> None:
    kept = {name: "" if value is None else value for name, value in row.kept.items()}
    user = add_customer(
        actor,
        NewCustomer(
            first_name=str(kept.get("first_name", "")),
            last_name=str(kept.get("last_name", "")),
            email=str(kept.get("email", "")),
            mobile=str(kept.get("mobile", "")),
            language=str(kept.get("language", "")),
        ),
    )
    if kept.get("display_name"):
        profiles.assign(user, {"display_name": kept["display_name"]})
    more = {name: kept[name] for name in profiles.OF_CUSTOMER if kept.get(name)}
    profiles.assign(CustomerProfile.objects.get(user=user), more)
