"""The wallet's page and its file (L5, P4, P12, X4; docs/how/portal.md)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast
from urllib.parse import urlencode

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from credits.ledger import overview
from credits.ledger.accounts import WalletView
from credits.ledger.lines import Filter
from credits.models import Purchase, Voucher
from credits.origins import describe
from credits.permissions import spenders_visible_to
from credits.reader_wallet import wallet_of_reader
from credits.statement import NOTHING, REASONS, Entry, every_entry, name_of, read_page
from credits.statement_file import cells, heads
from credits.store.auto_top_up import find_auto_top_up
from credits.store.purchases import may_buy
from credits.store.ways import sells_to, ways_with_mandate
from hub.accounts.public import customer_page, people_seen
from hub.base import clock
from hub.base.csv_files import BYTE_ORDER_MARK, CONTENT_TYPE, disposition, rows_as_csv
from hub.base.errors import BadFrame
from hub.base.filters import moments_of, number_of
from hub.base.forms import typed
from hub.base.prepared import prepared
from hub.site.public import person_of

if TYPE_CHECKING:
    from hub.accounts.public import Person

LINES = 50
MONTHS_BACK = 6
DEBTS = 3
FILTERS = ["kind", "who", "since", "until"]


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of the page as they were typed, and what they mean."""

    said: dict[str, str]
    people: dict[int, str]
    chosen: Filter
    spenders: list[int] | None  # whose lines the reader sees at all

    @property
    def query(self) -> str:
        return urlencode({name: self.said[name] for name in FILTERS if self.said[name]})


@require_safe
@customer_page
def wallet_page(request: HttpRequest) -> HttpResponse:
    """`/wallet/`: what is in it, by month, and every line with where it came from. A VIP sees none of it (P12)."""
    person = person_of(request)
    wallet = _wallet(request, person)
    if wallet.unmetered:
        return render(request, "portal/wallet_vip.html")
    asked = _asked(request, person)
    together = not request.GET.get("each")
    entries, following = _page(request, person, wallet, asked, together=together)
    now, sells = clock.now(), sells_to(person, wallet)
    values = {
        "wallet": wallet,
        "held_m": wallet.balance_m - wallet.available_m,
        "entries": entries,
        "older": following,
        "asked": asked,
        "filtered": bool(asked.query),
        "together": together,
        "kinds": REASONS.items(),
        "months": overview.months(wallet.id, back=MONTHS_BACK - 1, spenders=asked.spenders),
        "lots": overview.expiring(wallet.id, now),
        "shows_who": bool(asked.people),
        "shows_balance": asked.chosen.in_a_row,
        "owed_for": _owed_for(person, wallet) if wallet.owed_m else [],
        "sells": sells,
        "buys": may_buy(person),
        "auto_on": _auto_on(person, wallet, sells=sells),
        "takes_vouchers": may_buy(person) and bool(_vouchers()),
    }
    return render(request, "portal/wallet.html", values)


@prepared
def _vouchers() -> QuerySet[Voucher, int]:
    return Voucher.objects.filter(active=True).values_list("pk", flat=True)[:1]


def _wallet(request: HttpRequest, person: Person) -> WalletView:
    wallet = wallet_of_reader(request, person)
    if wallet is None:
        raise Http404
    return wallet


def _auto_on(person: Person, wallet: WalletView, *, sells: bool) -> bool | None:
    """Whether the wallet buys by itself (S6); None where nothing of that is offered."""
    row = find_auto_top_up(wallet.id) if may_buy(person) else None
    offered = sells and bool(ways_with_mandate(wallet))
    return row.on if row is not None else False if offered else None


def _owed_for(person: Person, wallet: WalletView) -> list[Purchase]:
    """The purchases of which more was taken back than was left, the newest first."""
    rows = Purchase.objects.visible_to(person).filter(wallet=wallet.id, taken_back_m__gt=0)
    return list(rows.order_by("-created_at")[:DEBTS])


def _page(
    request: HttpRequest, person: Person, wallet: WalletView, asked: Asked, *, together: bool
) -> tuple[list[Entry], str | None]:
    """A cursor that is not ours shows the newest."""
    cursor = request.GET.get("after") or None
    try:
        return read_page(person, wallet.id, asked.chosen, cursor=cursor, limit=LINES, together=together)
    except BadFrame:
        return read_page(person, wallet.id, asked.chosen, cursor=None, limit=LINES, together=together)


def _asked(request: HttpRequest, person: Person) -> Asked:
    """What is no filter of ours is none."""
    said = typed(request.GET, FILTERS)
    who = number_of(said["who"])
    people = people_seen(person, also=who)
    since, until = moments_of(said["since"], said["until"])
    seen = spenders_visible_to(person)
    chosen = Filter(
        reason=said["kind"] if said["kind"] in REASONS else None,
        since=since,
        until=until,
        spenders=[who] if who in people else seen,
    )
    return Asked(said, people, chosen, seen)


@require_safe
@customer_page
def lots_page(request: HttpRequest) -> HttpResponse:
    """`/wallet/lots/`: what is in the wallet by where it came from, what goes first, and what expires when (L7)."""
    person = person_of(request)
    wallet = _wallet(request, person)
    if wallet.unmetered:
        return render(request, "portal/wallet_vip.html")
    if spenders_visible_to(person) is not None:
        raise Http404
    found = overview.lots(wallet.id)
    known = describe(person, {one.reference for one in found if one.reference})
    values = {
        "wallet": wallet,
        "held_m": wallet.balance_m - wallet.available_m,
        "lots": [(one, name_of(one.reason, one.amount_m), known.get(one.reference, NOTHING)) for one in found],
        "paid_m": sum(one.left_m for one in found if one.paid),
        "granted_m": sum(one.left_m for one in found if not one.paid),
    }
    return render(request, "portal/wallet_lots.html", values)


# -- The file -----------------------------------------------------------------------------------------------------


@require_safe
@customer_page
def wallet_file(request: HttpRequest) -> HttpResponse:
    """`/wallet/lines.csv`: every line that the filters leave, streamed, safe for spreadsheets (X4)."""
    person = person_of(request)
    wallet = _wallet(request, person)
    if wallet.unmetered:
        raise Http404
    parts = _parts(person, wallet, _asked(request, person).chosen)
    streamed = _in_threads(parts) if isinstance(request, ASGIRequest) else parts
    answer = StreamingHttpResponse(streamed, content_type=CONTENT_TYPE)
    answer["Content-Disposition"] = disposition("credits")
    return cast("HttpResponse", answer)  # a page is a page: both have headers and are closed


def _parts(person: Person, wallet: WalletView, chosen: Filter) -> Iterator[str]:
    """The language and zone of the page: the file is written after the page's own are put away."""
    language, zone = translation.get_language() or "en", timezone.get_current_timezone()
    pages = every_entry(person, wallet.id, chosen)

    def parts() -> Iterator[str]:
        with translation.override(language):
            first = BYTE_ORDER_MARK + rows_as_csv([heads()])
        yield first
        while True:
            with translation.override(language), timezone.override(zone):
                entries = next(pages, None)
                text = rows_as_csv(cells(entry) for entry in entries) if entries is not None else None
            if text is None:
                return
            yield text

    return parts()


async def _in_threads(parts: Iterator[str]) -> AsyncIterator[str]:
    """Each page is read in a thread: the loop has sockets to serve."""
    while (part := await sync_to_async(lambda: next(parts, None))()) is not None:
        yield part
