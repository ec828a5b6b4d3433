"""Tickets and credits meet here: the only importer of credits.public (T2, T9). See docs/how/tickets.md.

A ticket is locked before anything of credits. What a ticket cost has the reference `ticket:<number>`, however often
something of it was charged, so that refunds and lines of a wallet find all of it together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from credits import public as credits

if TYPE_CHECKING:
    from django.http import HttpRequest

    from hub.accounts.public import Person

Origin = credits.Origin
Origins = credits.Origins
origins = credits.origins
NoCredits = credits.NoCredits

# The kinds of price of a department (T2, T9).
TICKET: Final = "ticket"
REPLY: Final = "ticket_reply"
MAIL: Final = "ticket_mail"
WORK: Final = "ticket_work"


def reference_of(ticket_id: int) -> str:
    return f"ticket:{ticket_id}"


def price_m(department_id: int, what: str) -> int:
    """Millicredits; of WORK per block that was begun."""
    return credits.price_of(department_id, what).price_millicredits


def prices_m(department_ids: Iterable[int], what: str) -> dict[int, int]:
    return {pk: price.price_millicredits for pk, price in credits.prices_of(list(department_ids), what).items()}


def set_price_m(actor: Person, department_id: int, what: str, amount_m: int) -> None:
    """Raises Forbidden for all but the hub owner."""
    credits.change_price(actor, department_id, credits.Price(amount_m, block_seconds=1), what)


def short_of(user_id: int, amount_m: int) -> str:
    """What stands against spending so much: '' nothing, 'balance' or 'limit' (C2, P4)."""
    if amount_m == 0:
        return ""
    wallet = credits.wallet_for(user_id)
    return "balance" if wallet is None else wallet.lacks(amount_m)


def wallet_of(user_id: int) -> credits.WalletView | None:
    """The wallet they pay from, as staff see it beside a ticket."""
    return credits.wallet_for(user_id)


def is_vip(user_id: int) -> bool:
    """P12: no amounts are shown to them."""
    wallet = credits.wallet_for(user_id)
    return wallet is not None and wallet.unmetered


def charge(*, ticket_id: int, spender_id: int, amount_m: int, actor: str) -> None:
    """Raises NoCredits, with nothing charged. What costs nothing is no charge."""
    if amount_m > 0:
        credits.charge_once(spender_id=spender_id, amount_m=amount_m, reference=reference_of(ticket_id), actor=actor)


@dataclass(frozen=True, slots=True)
class Cost:
    """What something costs the reader of a page, said before they type (T2). `shown` is False for a VIP (P12).

    `lacks`: '' nothing stands against it, 'balance' or 'limit'. `sells`: they can buy credits here now.
    """

    amount_m: int
    available_m: int
    shown: bool
    lacks: str
    sells: bool


def cost_for(request: HttpRequest, person: Person, amount_m: int) -> Cost:
    wallet = credits.wallet_of_reader(request, person)
    if wallet is None:
        return Cost(amount_m, 0, shown=True, lacks="balance" if amount_m else "", sells=False)
    lacks = wallet.lacks(amount_m) if amount_m else ""
    sells = bool(lacks) and credits.sells_to(person, wallet)
    return Cost(amount_m, wallet.available_m, not wallet.unmetered, lacks, sells)
