"""Time in the server of lists, searches and pages of tickets, among 1,000,000 with 5,000,000 entries.

`python -m bench.tickets` (some minutes to make them; `--keep FOLDER` makes them there once). Requests go through
Django's test client to the API, as bench/portal does: every middleware, view and statement, PostgreSQL with fsync on.
`--tickets N` for another size; `--part lists` and `--only TEXT` measure a part of it.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode, urlsplit

from bench.database import own_database
from bench.portal import HOST, Visit, _browser_of, _table

if TYPE_CHECKING:
    from django.test import Client

    from bench.people import Size
    from bench.ticket_rows import Desk

DEEP = 500
FILTERS = (
    *("", "status=live", "status=open", "status=closed", "agent=none&status=live", "agent=me", "tag=toner"),
    *("tag=rare", "priority=urgent", "channel=phone", "department=2", "title=printer 55", "person=sanne jansen"),
    *("waiting=1", "sort=age", "sort=priority", "sort=due", "sort=number&status=solved"),
)
SEARCH_BAR_MS = 150
PARTS = ("lists", "pages", "search", "ticket", "peer")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--part", action="append", choices=PARTS, help="only this; may be given more than once")
    asked = parser.parse_args()
    with own_database(asked.keep):
        from django.conf import settings

        import hub.asgi  # noqa: F401 - as the web server: what is loaded by then stays out of the collector's way
        from bench import people, ticket_rows

        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
        settings.API_REQUESTS_PER_MINUTE = 10**9
        size = people.Size(chats_of_company=0, chats_of_heavy=0, charges=1)
        desk = ticket_rows.Desk(tickets=asked.tickets)
        began = time.perf_counter()
        people.seed_once(size)
        made = ticket_rows.seed_once(size, desk)
        print(f"{desk.tickets:,} tickets of {size.customers:,} customers;", end=" ")
        print(f"made in {time.perf_counter() - began:.0f} s.\n" if made else "made before.\n")
        parts = asked.part or PARTS
        if "lists" in parts:
            _table("Lists", _lists(size, asked.only), asked.only)
        if "pages" in parts:
            _table("The desk’s list, as a page", _pages(size, asked.only), asked.only)
        if "search" in parts:
            _table("Search", _searches(size), asked.only, SEARCH_BAR_MS)
        if "ticket" in parts:
            _table("One ticket", _one(size, desk), asked.only)
        if "peer" in parts:
            _beside_peer(size)


def _client(user_id: int) -> Client:
    from django.test import Client

    from hub.accounts import tokens
    from hub.accounts.models import User

    user = User.objects.get(pk=user_id)
    token = tokens.issue(
        side="staff" if user.is_staff else "visitor",
        lifetime=timedelta(hours=5),
        user_id=user.pk,
        two_factor=user.is_staff,
        sign_in_version=user.sign_in_version,
    )
    return Client(SERVER_NAME=HOST, headers={"authorization": f"Bearer {token}"})


def _people(size: Size) -> list[tuple[str, Client]]:
    last = size.customers + size.staff
    return [
        ("owner", _client(last)),
        ("manager", _client(last - 3)),
        ("agent", _client(size.customers + 5)),
        ("customer", _client(7)),
        ("owner of a company of 5,000", _client(1)),
    ]


def _lists(size: Size, only: str) -> Iterator[Visit]:
    for who, client in _people(size):
        for filtered in (*FILTERS, "since=2026-11-01T00:00:00Z"):
            path = f"/api/v1/tickets/?{filtered}"
            yield Visit(who, f"`{filtered or 'all'}`", client, [path])
        far = f"all, page {DEEP}"
        if only in f"{who}: {far}":
            yield Visit(who, far, client, [_deep(client, "/api/v1/tickets/?")])


def _deep(client: Client, path: str) -> str:
    """The address of the 500th page, or the last there is."""
    for _ in range(DEEP - 1):
        following: str | None = client.get(path).json()["next"]
        if following is None:
            break
        path = following.removeprefix(f"http://{HOST}")
    return path


def _pages(size: Size, only: str) -> Iterator[Visit]:
    """The same lists as staff see them: with the views, filters and frame of `/admin/tickets/`."""
    last = size.customers + size.staff
    for who, user_id in (("owner", last), ("manager", last - 3), ("agent", size.customers + 5)):
        client = _browser_of(user_id)
        for filtered in (*FILTERS, "from=2026-11-01", "breached=1&status=live&sort=due", "followed=1"):
            yield Visit(f"{who}’s page", f"`{filtered or 'all open'}`", client, [f"/admin/tickets/?{filtered}"])
        far = f"all, page {DEEP}"
        if only in f"{who}’s page: {far}":
            path = f"/admin/tickets/?{_as_page(_deep(_client(user_id), '/api/v1/tickets/?'))}"
            yield Visit(f"{who}’s page", far, client, [path])


def _as_page(address: str) -> str:
    """Where the desk's page begins at the same place as this address of the API."""
    return urlencode({"sort": "updated", "after": parse_qs(urlsplit(address).query)["cursor"][0]})


def _beside_peer(size: Size) -> None:
    from bench import helpdesk

    owner = size.customers + size.staff
    far = _deep(_client(owner), "/api/v1/tickets/?")
    places = {"page": _as_page(far), "api": urlsplit(far).query}
    helpdesk.compare(_browser_of(owner), _client(owner), places, agent=size.customers + 7)


def _searches(size: Size) -> Iterator[Visit]:
    texts = ("printer", "w77 w1234", "w31999", "hello w5", "w12", "nothing of the kind")
    for who, client in _people(size):
        for text in texts:
            yield Visit(who, f"“{text}”", client, [f"/api/v1/tickets/?q={text}"])


def _one(size: Size, desk: Desk) -> Iterator[Visit]:
    owner = _client(size.customers + size.staff)
    page = _browser_of(size.customers + size.staff)
    yield Visit("owner’s page", "a ticket with 200 entries", page, [f"/admin/tickets/{desk.long}/"])
    yield Visit("owner’s page", "one with five", page, [f"/admin/tickets/{desk.long + 1}/"])
    yield Visit("owner", "its row", owner, [f"/api/v1/tickets/{desk.long}/"])
    yield Visit("owner", "its 200 entries", owner, [f"/api/v1/tickets/{desk.long}/entries/?limit=200"])


if __name__ == "__main__":
    main()
