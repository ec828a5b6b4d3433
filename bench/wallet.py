"""Time in the server of the pages of one wallet of 100,000 lines: its first page, filters, lots, file and the API (L5, L7).

`python -m bench.wallet` (some seconds to make it; `--keep FOLDER` makes it there once, `--only TEXT` measures the visits
with this in their line). A private customer's wallet of half a year: chats of three blocks each, a purchase before each
300th and an expiring voucher before each 1,500th of them, blocks that were given back. Requests as in bench/portal.
"""

# ruff: noqa: E501 - SQL reads better unbroken
from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from bench.database import own_database
from bench.portal import Visit, _browser_of, _table
from bench.tickets import _client

if TYPE_CHECKING:
    from bench.people import Size

# Ids go with time: ten of them to a chat, of which 1 to 3 are its blocks.
_LINES = """
with chats as (
  select m.id as meter_id, m.reference, row_number() over (order by m.id) as n,
         timestamptz '2026-05-24 08:00Z' + row_number() over (order by m.id) * interval '180 days' / %(chats)s as at
    from credits_meter m where m.wallet_id = %(wallet)s and m.spender_id = %(spender)s)
insert into credits_transfer (id, debit_id, credit_id, amount_m, key, reason, actor, reference, meter_id, block, lot, expires_at, reverses_id, at)
select %(base)s + 10 * n, %(clearing)s, %(wallet)s, 4000000, 'purchase:' || gen_random_uuid(), 'purchase', 'bench', '', null::bigint, null::int, 'paid', null::timestamptz, null::bigint, at
  from chats where n %% 300 = 1
union all
select %(base)s + 10 * n, %(clearing)s, %(wallet)s, 25000, 'voucher:' || n || ':bench', 'voucher', 'bench', '', null, null, 'granted', at + interval '300 days', null, at
  from chats where n %% 1500 = 2
union all
select %(base)s + 10 * n + block, %(wallet)s, %(house)s, 2000, null, 'charge', 'sweep', reference, meter_id, block, null, null, null, at + block * interval '1 minute'
  from chats, generate_series(1, 3) block
union all
select %(base)s + 10 * n + 4, %(house)s, %(wallet)s, 2000, 'bench-back:' || n, 'refund', 'bench', reference, null, null, 'granted', null, %(base)s + 10 * n + 3, at + interval '1 hour'
  from chats where n %% 150 = 7"""
_BALANCE = """
update credits_account set balance_m =
  (select sum(amount_m) from credits_transfer where credit_id = %(wallet)s) - (select sum(amount_m) from credits_transfer where debit_id = %(wallet)s)
 where id = %(wallet)s"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--only", default="")
    asked = parser.parse_args()
    with own_database(asked.keep):
        from django.conf import settings

        import hub.asgi  # noqa: F401 - as the web server: what is loaded by then stays out of the collector's way
        from bench import people

        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # WhiteNoise warns where there is none
        settings.API_REQUESTS_PER_MINUTE = 10**9
        size = people.Size(
            customers=200, members=20, big_company=10, chats_of_heavy=asked.lines // 3, chats_of_company=0
        )
        began = time.perf_counter()
        if people.seed_once(size):
            lines = _seed(size)
            print(f"A wallet of {lines:,} lines; made in {time.perf_counter() - began:.0f} s.\n")
        print(f"{_tallies()} tallies of the night (docs/how/ledger.md).\n")
        _table("Wallet", _pages(size), asked.only)
        if not asked.only:
            _file(size)


def _seed(size: Size) -> int:
    """Its lines anew, in the order in which they happen: people.py makes one block of all chats after the other."""
    from django.db import connection

    from credits.models import Account, Transfer, Wallet

    wallet = Wallet.objects.get(user=size.heavy).pk
    house, clearing = (Account.objects.get(kind=kind).pk for kind in ("house", "clearing"))
    base = Transfer.objects.order_by("-pk").values_list("pk", flat=True)[0] + 10
    about = {"wallet": wallet, "house": house, "clearing": clearing, "base": base}
    with connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica")
        cursor.execute("delete from credits_transfer where %(wallet)s in (debit_id, credit_id)", about)
        cursor.execute(_LINES, about | {"spender": size.heavy, "chats": size.chats_of_heavy})
        lines = cursor.rowcount
        cursor.execute(_BALANCE, about)
        cursor.execute("set session_replication_role = default")
        cursor.execute(
            "select setval(pg_get_serial_sequence('credits_transfer', 'id'), (select max(id) from credits_transfer))"
        )
        cursor.execute("vacuum analyze")
    return int(lines)


def _tallies() -> str:
    from credits.ledger.tallies import keep_tallies

    began = time.perf_counter()
    made = keep_tallies()
    return f"{made} (in {time.perf_counter() - began:.1f} s)"


def _pages(size: Size) -> Iterator[Visit]:
    browser, api = _browser_of(size.heavy), _client(size.heavy)
    for what, path in (
        ("first page", "/wallet/"),
        ("every block", "/wallet/?each=1"),
        ("what was bought", "/wallet/?kind=purchase"),
        ("a day of August", "/wallet/?since=2026-08-10&until=2026-08-10"),
        ("since May", "/wallet/?since=2026-05-25"),
        ("what it is made of", "/wallet/lots/"),
        ("top-up", "/wallet/top-up/"),
        ("home", "/"),
    ):
        yield Visit("page", what, browser, [path])
    for what, path in (
        ("wallet", "/api/v1/wallet/"),
        ("lines", "/api/v1/wallet/lines/"),
        ("200 lines", "/api/v1/wallet/lines/?limit=200"),
        ("lots", "/api/v1/wallet/lots/"),
    ):
        yield Visit("API", what, api, [path])


def _file(size: Size) -> None:
    browser, times = _browser_of(size.heavy), []
    for _number in range(3):
        began = time.perf_counter()
        answer = browser.get("/wallet/lines.csv")
        weight = len(answer.getvalue())
        times.append(time.perf_counter() - began)
    print(f"All lines as CSV, {weight / 1e6:.1f} MB: {', '.join(f'{one:.1f}' for one in times)} s.")


if __name__ == "__main__":
    main()
