"""The lines of a wallet as its owner reads them: in words, with where each came from, charges of a chat joined (L5)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from credits.ledger.lines import Filter, Line, read_lines
from credits.origins import Origin, describe

if TYPE_CHECKING:
    from hub.accounts.public import Person

# What a transfer's reason is called. What is not here is told as `other`.
REASONS: Final[dict[str, str | Promise]] = {
    "charge": _("Used"),
    "adjust": _("Added or taken away by us"),
    "purchase": _("Bought"),
    "voucher": _("Voucher"),
    "refund": _("Given back"),
    "waive": _("Made free of charge"),
    "unused": _("Not used, given back"),
    "hold": _("Reserved"),
    "release": _("Reservation ended"),
    "expire": _("Expired"),
    "taken_back": _("Taken back"),
    "returned": _("Returned"),
    "debt": _("Debt paid"),
    "merge": _("Moved between your accounts"),
    "erased": _("Given up"),
}
OTHER: Final = _("Other")
ADDED: Final = _("Added by us")
TAKEN: Final = _("Taken away by us")
NOTHING: Final = Origin("")


@dataclass(frozen=True, slots=True)
class Part:
    """One of the lines that an entry joins."""

    at: datetime
    amount_m: int


@dataclass(slots=True)
class Entry:
    """One row: a line, or the charges of one chat in a row. `balance_m` is what was left after the last of them.

    `parts` are the lines that were joined, newest first; of one line alone there are none.

    It is told where no line between two others is left out: else it would jump.
    """

    reason: str
    at: datetime
    amount_m: int
    balance_m: int | None
    origin: Origin
    lines: int = 1
    first_at: datetime | None = field(default=None)
    note: str = ""  # what staff wrote with it; only staff read it
    parts: list[Part] = field(default_factory=list)

    @property
    def name(self) -> str | Promise:
        return name_of(self.reason, self.amount_m)


def name_of(reason: str, amount_m: int) -> str | Promise:
    """What a line is called."""
    if reason == "adjust":
        return ADDED if amount_m > 0 else TAKEN
    return REASONS.get(reason, OTHER)


def read_page(
    person: Person, wallet_id: int, chosen: Filter, *, cursor: str | None, limit: int, together: bool
) -> tuple[list[Entry], str | None]:
    """Newest first, with the cursor of the next page. Raises BadFrame for a cursor that is not ours."""
    lines, following = read_lines(wallet_id, chosen, cursor=cursor, limit=limit, balances=chosen.in_a_row)
    known = describe(person, {line.reference for line in lines if line.reference})
    entries = _entries(lines, known, with_notes=person.is_staff)
    return (_together(entries, lines) if together else entries), following


def every_entry(person: Person, wallet_id: int, chosen: Filter, *, at_once: int = 500) -> Iterator[list[Entry]]:
    """All lines, page by page, for a file of any length."""
    cursor: str | None = None
    while True:
        entries, cursor = read_page(person, wallet_id, chosen, cursor=cursor, limit=at_once, together=False)
        yield entries
        if cursor is None:
            return


def _entries(lines: Sequence[Line], known: dict[str, Origin], *, with_notes: bool) -> list[Entry]:
    return [
        Entry(
            line.reason,
            line.at,
            line.amount_m,
            line.balance_m,
            known.get(line.reference, NOTHING),
            first_at=line.at,
            note=(line.note or "") if with_notes else "",
        )
        for line in lines
    ]


def _together(entries: Sequence[Entry], lines: Sequence[Line]) -> list[Entry]:
    """Charges of the same chat in a row are one entry. They come newest first: the first one has the balance."""
    joined: list[Entry] = []
    before: tuple[str, str] | None = None
    for entry, line in zip(entries, lines, strict=True):
        same = (line.reason, line.reference) if line.of_session and line.reason == "charge" else None
        if same is not None and same == before:
            joined[-1].parts = joined[-1].parts or [Part(joined[-1].at, joined[-1].amount_m)]
            joined[-1].parts.append(Part(entry.at, entry.amount_m))
            joined[-1].amount_m += entry.amount_m
            joined[-1].lines += 1
            joined[-1].first_at = entry.at
        else:
            joined.append(entry)
        before = same
    return joined
