"""What a wallet's owner sees of it: every line with where it came from and the balance after it (L5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core import signing
from django.db import connection

from credits.ledger.spenders import meters_of
from credits.sql import read
from hub.base.errors import BadFrame
from hub.base.sql_arrays import array_of

_CURSOR = "credits.lines"
_FIRST = (2**63 - 1, None)


@dataclass(frozen=True, slots=True)
class Line:
    """One transfer as the wallet sees it: `amount_m` is signed, `balance_m` is what was left after it, if asked for."""

    id: int
    amount_m: int
    balance_m: int | None
    reason: str
    at: datetime
    block: int | None
    reference: str
    of_session: bool
    note: str | None
    spender_id: int | None


@dataclass(frozen=True, slots=True)
class Filter:
    """Which lines. `spenders`: only what these people used; None is everybody's, and what is nobody's."""

    reason: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    spenders: list[int] | None = None

    @property
    def in_a_row(self) -> bool:
        """Whether it leaves no line out between two others."""
        return self.reason is None and self.spenders is None


def read_lines(
    wallet_id: int, chosen: Filter, *, cursor: str | None, limit: int, balances: bool = True
) -> tuple[list[Line], str | None]:
    """A page of lines, newest first, and the cursor of the next page. Raises BadFrame for a cursor that is not ours.

    Without `balances` nothing is added up: a few lines among many are found at once.
    """
    before, balance_m = _open(cursor, wallet_id, balances=balances)
    asked = {
        "wallet": wallet_id,
        "before": before,
        "reason": chosen.reason,
        "since": chosen.since,
        "until": chosen.until,
        "limit": limit + 1,
    }
    meters = None if balances else meters_of(wallet_id, chosen.spenders)
    with connection.cursor() as database:
        if meters is None:
            spenders = None if chosen.spenders is None else array_of(chosen.spenders)
            walked = asked | {"balance": balance_m, "spenders": spenders, "balances": balances}
            database.execute(read("ledger", "lines"), walked)
        else:
            database.execute(read("ledger", "lines_of_meters"), asked | {"meters": array_of(meters)})
        found = [Line(*row) for row in database]
    shown = found[:limit]
    more = len(found) > limit
    return shown, _seal(wallet_id, shown[-1]) if more else None


def _seal(wallet_id: int, last: Line) -> str:
    """The place after this line and the balance there, signed, so that nobody can ask for an invented balance."""
    balance_m = None if last.balance_m is None else last.balance_m - last.amount_m
    return signing.dumps([wallet_id, last.id, balance_m], salt=_CURSOR)


def _open(cursor: str | None, wallet_id: int, *, balances: bool) -> tuple[int, int | None]:
    if not cursor:
        return _FIRST
    try:
        of_wallet, before, balance_m = signing.loads(cursor, salt=_CURSOR)
    except (signing.BadSignature, ValueError) as error:
        raise BadFrame(field="cursor") from error
    if of_wallet != wallet_id or (balances and balance_m is None):
        raise BadFrame(field="cursor")
    return before, balance_m
