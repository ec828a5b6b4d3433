"""Time in the server of lists, searches and pages of tickets, among 1,000,000 with 5,000,000 entries.

`python -m bench.tickets` (some minutes to make them; `--keep FOLDER` makes them there once). Requests go through
Django's test client to the API, as bench/portal does: every middleware, view and statement, PostgreSQL with fsync on.
`--tickets N` for another size.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bench.database import own_database
from bench.portal import HOST, Visit, _table

if TYPE_CHECKING:
    from django.test import Client

    from bench.people import Size
    from bench.ticket_rows import Desk

DEEP = 500
SEARCH_BAR_MS = 150


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--only", default="")
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
        _table("Lists", _lists(size, asked.only), asked.only)
        _table("Search", _searches(size), asked.only, SEARCH_BAR_MS)
        _table("One ticket", _one(size, desk), asked.only)


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
    filters = (
        *("", "status=live", "status=open", "status=closed", "agent=none&status=live", "agent=me", "tag=toner"),
        *("tag=rare", "priority=urgent", "channel=phone", "department=2", "title=printer 55", "person=sanne jansen"),
        *("waiting=1", "since=2026-11-01T00:00:00Z", "sort=age", "sort=priority", "sort=due"),
        "sort=number&status=solved",
    )
    for who, client in _people(size):
        for filtered in filters:
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


def _searches(size: Size) -> Iterator[Visit]:
    texts = ("printer", "w77 w1234", "w31999", "hello w5", "w12", "nothing of the kind")
    for who, client in _people(size):
        for text in texts:
            yield Visit(who, f"“{text}”", client, [f"/api/v1/tickets/?q={text}"])


def _one(size: Size, desk: Desk) -> Iterator[Visit]:
    owner = _client(size.customers + size.staff)
    yield Visit("owner", "its row", owner, [f"/api/v1/tickets/{desk.long}/"])
    yield Visit("owner", "its 200 entries", owner, [f"/api/v1/tickets/{desk.long}/entries/?limit=200"])


if __name__ == "__main__":
    main()
