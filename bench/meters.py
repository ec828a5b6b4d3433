"""How many blocks the sweep charges per second, beside a plain loop; what a quiet tick costs. `python -m bench.meters`

Everything runs through the product's own functions (rows into frames and events included, with nobody listening) on a
server of its own with fsync and synchronous_commit on. Name cases to run only those.
"""

from __future__ import annotations

import statistics
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from bench.database import own_database

METERS = 100_000
ROUNDS = 4
BLOCK_S = 60
BARS = {"rate": 12_000, "times_the_loop": 20, "statement_ms": 1_000}

_SEED = """
set session_replication_role = replica;
truncate credits_allowance, credits_limitrequest, credits_account,
  credits_wallet, credits_transfer, credits_transfernote, credits_meter, credits_meterevent,
  credits_unmeteredblock, credits_hold, credits_refund, credits_outage, credits_hubclock restart identity cascade;
set session_replication_role = default;
insert into credits_hubclock values (true, 0, 0);
"""
_ACCOUNTS = """
insert into credits_account (kind, balance_m) select 'wallet', 0 from generate_series(1, %(wallets)s);
insert into credits_account (kind, wallet_id, balance_m)
select 'hold', id, 0 from credits_account where kind = 'wallet';
insert into credits_account (kind) values ('house'), ('clearing');
insert into credits_transfer (key, debit_id, credit_id, amount_m, reason, actor, reference, lot, at)
select 'seed' || a.id, c.id, a.id, 1000000, 'purchase', 'bench', '', 'paid', %(at)s
  from credits_account a, credits_account c where a.kind = 'wallet' and c.kind = 'clearing';
insert into credits_meter (wallet_id, house_id, reference, price_m, block_s, free_s, min_blocks, switches, state,
                           clock_from_s, next_charge_s, opened_at)
select 1 + n %% %(wallets)s, (select id from credits_account where kind = 'house'), 'session-' || n, 100, %(block)s,
       0, 1, '{}', 'running', hub_s, hub_s + %(wait)s, %(at)s
  from generate_series(1, %(meters)s) n, credits_hubclock;
insert into credits_meterevent (meter_id, kind, at_s, at) select id, 'opened', clock_from_s, %(at)s from credits_meter;
insert into credits_meterevent (meter_id, kind, at_s, at) select id, 'started', clock_from_s, %(at)s from credits_meter;
"""
_LIMITS = """
set session_replication_role = replica;
insert into credits_allowance (id, wallet_id, user_id, limit_m, since, until, time_zone)
select id, wallet_id, id, 1000000, %(at)s, %(at)s + interval '1 month', 'UTC' from credits_meter;
update credits_meter set allowance_id = id, spender_id = id;
set session_replication_role = default;
"""


class Bench:
    """The server, its time, and the table of results."""

    def __init__(self) -> None:
        self.wall = 1_800_000_000
        self.loop_rate: float | None = None
        print("| case | batch | charges/s (median, range) | longest statement | |")
        print("|---|---|---|---|---|", flush=True)

    def line(self, *cells: object) -> None:
        print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)

    def seed(self, *, meters: int = METERS, wallets: int | None = None, wait_s: int = 0) -> None:
        """A database with so many running meters, spread over the wallets; the first block is due after `wait_s`."""
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(_SEED)
            self.beat(0)
            values = {"wallets": wallets or meters, "meters": meters, "block": BLOCK_S, "wait": wait_s}
            cursor.execute(_ACCOUNTS, {**values, "at": datetime.fromtimestamp(self.wall, UTC)})
            cursor.execute("vacuum analyze")
            cursor.execute("checkpoint")

    def limit_everybody(self) -> None:
        """Each meter is another member's, who may spend more than the bench lasts."""
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(_LIMITS, {"at": datetime.fromtimestamp(self.wall, UTC)})
            cursor.execute("vacuum analyze")
            cursor.execute("checkpoint")

    def beat(self, seconds: int) -> None:
        """The hub is up for so long: a beat at least each 15 s, or it would be an outage."""
        from credits.metering.hub_time import beat

        for step in [10] * (seconds // 10) + [seconds % 10]:
            self.wall += step
            beat(datetime.fromtimestamp(self.wall, UTC))

    def all_due(self, round_number: int) -> None:
        """The next block of every meter begins."""
        self.beat(1 if round_number == 0 else BLOCK_S)

    # -- cases ---------------------------------------------------------------------------------------------------------
    def loop(self) -> None:
        """What the statement replaces: one transaction per meter, row locks, four statements, no ORM."""
        import psycopg

        self.seed(meters=4_000)
        self.all_due(0)
        rates = []
        with psycopg.connect(_address(), autocommit=True) as database:
            for _ in range(3):
                begun, charged = time.perf_counter(), _charge_one_by_one(database, 1_000)
                rates.append(charged / (time.perf_counter() - begun))
        self.loop_rate = statistics.median(rates)
        self.line("plain psycopg loop, one transaction per session", 1, _rate(rates), "", "baseline")

    def sweep(
        self,
        batch: int = 2_000,
        *,
        wallets: int | None = None,
        title: str = "sweep, a wallet each",
        members: bool = False,
    ) -> None:
        self.seed(wallets=wallets)
        if members:
            self.limit_everybody()
        rates, longest = [], 0.0
        for round_number in range(ROUNDS):
            self.all_due(round_number)
            begun = time.perf_counter()
            charged, slowest = drain(batch)
            rates.append(charged / (time.perf_counter() - begun))
            longest = max(longest, slowest)
            assert charged == METERS, charged
        self.line(
            title,
            f"{batch:,}",
            _rate(rates),
            f"{longest * 1000:.0f} ms",
            self._verdict(rates, longest, bar=batch == 2_000 and not wallets),
        )

    def _verdict(self, rates: list[float], longest: float, *, bar: bool) -> str:
        times = statistics.median(rates) / self.loop_rate if self.loop_rate else 0
        text = f"{times:.0f} times the loop" if times else ""
        if not bar:
            return text
        holds = (
            statistics.median(rates) >= BARS["rate"]
            and (not times or times >= BARS["times_the_loop"])
            and longest * 1000 <= BARS["statement_ms"]
        )
        return f"{text}; {'bar holds' if holds else 'BELOW THE BAR'}"

    def batches(self) -> None:
        for batch in (500, 2_000, 10_000):
            self.sweep(batch)

    def shared(self) -> None:
        """Each batch also answers the frames of the four other meters of each wallet, whose time left changed."""
        self.sweep(wallets=METERS // 5, title="sweep, five meters a wallet")

    def members(self) -> None:
        """Five members a wallet, each with a limit of their own: the limits are locked, counted and moved as well."""
        self.sweep(wallets=METERS // 5, title="sweep, five members with limits a wallet", members=True)

    def two(self) -> None:
        """Two sweeps at once: neither deadlocks nor doubles."""
        self.seed()
        for round_number in range(3):
            self.all_due(round_number)
            shares: list[int] = []
            failures: list[str] = []
            begun = time.perf_counter()
            _at_once(2, lambda shares=shares: shares.append(drain(2_000)[0]), failures)  # type: ignore[misc]
            rate = sum(shares) / (time.perf_counter() - begun)
            verdict = "bar holds" if sum(shares) == METERS and not failures else f"BELOW THE BAR {failures}"
            self.line("two sweeps at once", "2,000", f"{rate:,.0f}", "", f"shares {shares}; {verdict}")

    def quiet(self) -> None:
        """Nothing due: the same few milliseconds at 1,000 and at 1,000,000 meters."""
        from credits.metering.sweep import charge_due
        from credits.metering.tick import tick
        from hub.base import clock

        for meters in (1_000, 1_000_000):
            self.seed(meters=meters, wallets=min(meters, 100_000), wait_s=10_000_000)
            with clock.freeze(datetime.fromtimestamp(self.wall, UTC)):
                for name, act in (("whole tick", tick), ("sweep", charge_due)):
                    spent = _spent_ms(act)
                    middle, late = statistics.median(spent), sorted(spent)[int(len(spent) * 0.95)]
                    self.line(
                        f"nothing due, {meters:,} meters: {name}", "", "", f"{middle:.1f} ms", f"p95 {late:.1f} ms"
                    )

    def audit(self) -> None:
        from django.db import connection

        from credits.metering.audit import offences

        self.seed()
        for round_number in range(10):
            self.all_due(round_number)
            drain(10_000)
        with connection.cursor() as cursor:
            cursor.execute("vacuum analyze")
        for _ in range(2):
            begun = time.perf_counter()
            found = len(offences())
            spent = time.perf_counter() - begun
            self.line("audit of 1,100,000 transfers", "", "", f"{spent:.1f} s", f"{found} offences")


def drain(batch: int) -> tuple[int, float]:
    """Sweep until nothing is due: (blocks charged, seconds of the longest transaction)."""
    from credits.metering.sweep import charge_batch

    charged, slowest = 0, 0.0
    while True:
        begun = time.perf_counter()
        rows = charge_batch(batch)
        slowest = max(slowest, time.perf_counter() - begun)
        now = sum(row.blocks_now for row in rows)
        charged += now
        if not now:
            return charged, slowest


def _charge_one_by_one(database: object, count: int) -> int:
    from psycopg import Connection

    assert isinstance(database, Connection)
    due = database.execute(
        """select id from credits_meter where next_charge_s < (select hub_s from credits_hubclock)
            order by next_charge_s, id limit %s""",
        [count],
    ).fetchall()
    for (meter,) in due:
        with database.transaction():
            wallet, house, price, blocks = database.execute(
                """select wallet_id, house_id, price_m, blocks_charged from credits_meter
                    where id = %s for no key update""",
                [meter],
            ).fetchone() or (0, 0, 0, 0)
            (balance,) = database.execute(
                "select balance_m from credits_account where id = %s for no key update", [wallet]
            ).fetchone() or (0,)
            if balance >= price:
                database.execute(
                    """insert into credits_transfer
                              (debit_id, credit_id, amount_m, reason, actor, reference, meter_id, block, at)
                       values (%s, %s, %s, 'charge', 'loop', '', %s, %s, clock_timestamp())""",
                    [wallet, house, price, meter, blocks + 1],
                )
                database.execute(
                    """update credits_meter set blocks_charged = blocks_charged + 1, charged_m = charged_m + price_m,
                              next_charge_s = next_charge_s + block_s where id = %s""",
                    [meter],
                )
    return len(due)


def _address() -> str:
    import os

    return os.environ["DATABASE_URL"]


def _rate(rates: list[float]) -> str:
    return f"{statistics.median(rates):,.0f} ({min(rates):,.0f} to {max(rates):,.0f})"


def _spent_ms(act: Callable[[], object], times: int = 300) -> list[float]:
    spent = []
    for _ in range(times):
        begun = time.perf_counter()
        act()
        spent.append((time.perf_counter() - begun) * 1000)
    return spent


def _at_once(count: int, act: Callable[[], object], failures: list[str]) -> None:
    from django.db import connection

    def run() -> None:
        try:
            act()
        except Exception as error:  # reported in the table, not hidden
            failures.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


CASES = ("loop", "batches", "shared", "members", "two", "quiet", "audit")


def main(cases: list[str]) -> None:
    with own_database():
        from hub.base import events

        events._listeners.clear()  # the meters alone; what the chat does with their frames is measured with the chat
        bench = Bench()
        for case in cases or CASES:
            getattr(bench, case)()


if __name__ == "__main__":
    main(sys.argv[1:])
