"""Notices of payment providers under load, and the daily reconciliation.

`python -m bench.payments`: a paid notice for each of 200 different purchases a second, and 200 copies of one among
them, over HTTP to one Daphne; a worker beside it asks the sandbox and credits. Then 100,000 purchases are reconciled.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from bench.machine import REST_CPU, pin
from bench.servers import Services, hub, services

RATE = 200
COPIES = 200
LINES = 24
ANSWER_BAR_MS = 100
RECONCILE_BAR_S = 60


@dataclass
class Sent:
    """Milliseconds from when each was due to its answer, and what was not answered with 200."""

    times_ms: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--purchases", type=int, default=100_000)
    parser.add_argument("--work", action="store_true", help=argparse.SUPPRESS)  # as the worker beside the others
    asked = parser.parse_args()
    if asked.work:
        _work()
        return
    pin(os.getpid(), REST_CPU)
    with services() as both:
        _set_up(both)
        _notices(both, asked.seconds)
        _reconciliation(asked.purchases)


def _set_up(both: Services) -> None:
    os.environ.update(both.environment, DATABASE_POOL="0")
    import django
    from django.conf import settings

    django.setup()
    settings.DEBUG = False  # or Django keeps every statement in memory


def _notices(both: Services, seconds: int) -> None:
    from credits.metering.audit import offences
    from credits.models import Purchase, Transfer
    from credits.store import audit

    refs = _make_paid(RATE * seconds + 1)
    plan = [(number / RATE, ref) for number, ref in enumerate(refs[1:])]
    plan += [(seconds / 2 + number / COPIES, refs[0]) for number in range(COPIES)]
    with hub("daphne", both, DATABASE_POOL="1") as web, _worker(both):  # ours here is off: one connection is enough
        sent = asyncio.run(_send(web.port, sorted(plan)))
        begun = time.perf_counter()
        while Purchase.objects.exclude(state="paid").exists() and time.perf_counter() - begun < 300:
            time.sleep(0.1)
        behind_s = time.perf_counter() - begun
    p50, p95, p99 = (statistics.quantiles(sent.times_ms, n=100)[at] for at in (49, 94, 98))
    missed = "" if p95 < ANSWER_BAR_MS else "**missed**"
    print(f"{len(plan):,} notices in {seconds} s, {COPIES} of them copies of one; not taken: {len(sent.wrong)}")
    print(f"| answer, ms (bar: p95 under {ANSWER_BAR_MS}) | p50 {p50:.0f} | p95 {p95:.0f} | p99 {p99:.0f} | {missed} |")
    once = Transfer.objects.filter(reason="purchase").count() == len(refs)
    print(f"all credited {behind_s:.1f} s after the last one by one worker; each once: {once}")
    print(f"audits: {len(audit.offences()) + len(offences())} offences\n")


@contextmanager
def _worker(both: Services) -> Iterator[None]:
    """A process of its own, as in production: in this one it would hold up those who send."""
    environment = {**os.environ, **both.environment}
    process = subprocess.Popen([sys.executable, "-m", "bench.payments", "--work"], env=environment)
    pin(process.pid, REST_CPU)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def _work() -> None:
    """What the worker's task does, until it is ended."""
    import django

    django.setup()
    from credits.store import notices

    while True:
        if not notices.handle_waiting():
            time.sleep(0.02)


def _make_paid(count: int) -> list[str]:
    """So many purchases that are open here and paid at the sandbox, in 200 wallets; their ids there."""
    from credits.ledger.accounts import house_account, open_wallet
    from credits.models import Purchase, SandboxPayment
    from hub.accounts.public import create_customer
    from hub.base import clock

    house_account("clearing")
    people = [create_customer(first_name="Buyer", last_name=str(number)) for number in range(200)]
    wallets = [open_wallet(user_id=one.pk) for one in people]
    now = clock.now()
    bought = [
        Purchase(
            key=f"bench{number}",
            wallet_id=wallets[number % 200],
            buyer=people[number % 200],
            credits_m=50_000,
            amount_cents=5000,
            currency="EUR",
            vat_bp=2100,
            vat_at="sale",
            provider="sandbox",
            provider_ref=f"sb_{number}",
            method="ideal",
            test=True,
            created_at=now,
        )
        for number in range(count)
    ]
    Purchase.objects.bulk_create(bought)
    SandboxPayment.objects.bulk_create(
        SandboxPayment(
            ref=one.provider_ref or "",
            key=str(one.pk),
            order_id=str(one.pk),
            amount_cents=5000,
            currency="EUR",
            state="paid",
            made_at=now,
            paid_at=now,
        )
        for one in bought
    )
    return [str(one.provider_ref) for one in bought]


async def _send(port: int, plan: list[tuple[float, str]]) -> Sent:
    """Open loop: each goes out when it is due, over one of a few kept lines; waiting for a line counts."""
    sent, todo = Sent(), iter(plan)
    begun = time.perf_counter()

    async def line() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for due, ref in todo:
            await asyncio.sleep(max(0.0, begun + due - time.perf_counter()))
            body = json.dumps({"payment": ref}).encode()
            head = f"POST /hooks/payments/sandbox/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
            writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
            status = await reader.readline()
            length = 0
            while (header := await reader.readline()).strip():
                name, _, value = header.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
            await reader.readexactly(length)
            sent.times_ms.append((time.perf_counter() - begun - due) * 1000)
            if b" 200" not in status:
                sent.wrong.append(status.decode())
        writer.close()

    await asyncio.gather(*[line() for _ in range(LINES)])
    return sent


def _reconciliation(count: int) -> None:
    from datetime import timedelta

    from credits.store import audit
    from credits.store.days import days
    from credits.store.open_items import open_items
    from hub.base import clock

    _make_settled(count)
    begun = time.perf_counter()
    found = days(clock.now() - timedelta(days=40), clock.now() + timedelta(days=1))
    items = open_items()
    adding_s = time.perf_counter() - begun
    offences = audit.offences()
    took_s = time.perf_counter() - begun
    missed = "" if took_s < RECONCILE_BAR_S else "**missed**"
    purchases, wrong = sum(one.purchases for one in found), sum(not one.adds_up for one in found)
    print(f"| reconciliation of {purchases:,} purchases (bar: under {RECONCILE_BAR_S} s) | {took_s:.1f} s | {missed} |")
    print(f"sums by day and provider, and open items: {adding_s:.2f} s; days that do not add up: {wrong};", end=" ")
    print(f"open items: {len(items.purchases)}; offences: {len(offences)}")


def _make_settled(count: int) -> None:
    """Paid and credited, as settle() leaves them; by SQL, because making them is not what is measured."""
    from django.db import connection, transaction

    from credits.ledger.accounts import house_account

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """create temporary table made on commit drop as
               select gen_random_uuid() as id, n from generate_series(1, %s) n""",
            [count],
        )
        cursor.execute(
            """insert into credits_purchase (id, key, wallet_id, buyer_id, credits_m, amount_cents, currency, vat_bp,
                 vat_at, provider, method, test, provider_ref, instructions, state, created_at)
               select m.id, 'r' || m.n, w.account_id, w.user_id, 50000, 5000, 'EUR', 2100, 'sale', 'sandbox', 'ideal',
                      true, 'sb_r' || m.n, '{}', 'open', now() - (m.n %% 30) * interval '1 day'
                 from made m join (select *, row_number() over () as n from credits_wallet where user_id is not null) w
                   on w.n = 1 + m.n %% 200""",
            [],
        )
        cursor.execute(
            """insert into credits_transfer (key, debit_id, credit_id, amount_m, reason, actor, reference, lot, at)
               select 'purchase:' || p.id, %s, p.wallet_id, p.credits_m, 'purchase', 'bench', 'purchase:' || p.id,
                      'paid', p.created_at
                 from credits_purchase p where p.state = 'open'""",
            [house_account("clearing")],
        )
        cursor.execute(
            """update credits_purchase p set state = 'paid', transfer_id = t.id, paid_at = p.created_at
                 from credits_transfer t where p.state = 'open' and t.key = 'purchase:' || p.id"""
        )
    with connection.cursor() as cursor:
        cursor.execute("analyze credits_purchase, credits_transfer")


if __name__ == "__main__":
    main()
