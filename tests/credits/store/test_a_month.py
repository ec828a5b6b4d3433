"""Done-point 4: a month of 200 customers, and every figure of the owner's pages of money beside plain sums in SQL.

The sums go by accounts, purchases and refunds; the pages go by reasons and events. Whatever one of them forgets shows.
"""

from __future__ import annotations

import csv
import io
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import connection

from credits.ledger.accounts import open_wallet, wallets_by_id
from credits.ledger.debts import owed_by, owed_m
from credits.metering.audit import offences
from credits.metering.meters import end_meter
from credits.models import Purchase
from credits.store import audit
from credits.store.bank_orders import book_line
from credits.store.expiry import expire_due
from credits.store.flows import Flow
from credits.store.money_refunds import left_of, pay_back
from credits.store.open_items import end_refund
from credits.store.providers.bank_transfer import BankTransfer, in_groups
from credits.store.providers.base import Capability
from credits.store.purchases import Wish, start
from credits.store.receipts import issue_due
from credits.store.reconcile import look_at_due
from credits.store.settling import settle
from credits.store.vouchers import make_vouchers, redeem
from hub.accounts.public import Person
from hub.base import clock
from tests.credits.money import MINUTE, balance_of, running, top_up
from tests.credits.store.shop import FakeProvider, make_buyer, open_shop
from tests.dashboard.admin_windows import Window
from tests.dashboard.test_setup_api import Caller
from tests.hub_time import HubTime, hub_time
from tests.people import make_organisation, make_owner, person_of

pytestmark = pytest.mark.django_db
CUSTOMERS, DAYS = 200, 30
ZONE = ZoneInfo(settings.TIME_ZONE)
BEGIN = datetime(2026, 3, 2, 8, 0, tzinfo=ZONE)  # the clocks change on the 29th


@dataclass
class Month:
    """The customers, the providers, and a diary of the money that went back."""

    time: HubTime
    owner: Person
    chance: random.Random
    people: list[tuple[Person, int]] = field(default_factory=list)
    shops: dict[str, FakeProvider] = field(default_factory=dict)
    bank: list[Person] = field(default_factory=list)
    refunded: Counter[tuple[date, str]] = field(default_factory=Counter)
    charged_back: Counter[tuple[date, str]] = field(default_factory=Counter)
    paid: list[Purchase] = field(default_factory=list)
    keys: int = 0

    def key(self) -> str:
        self.keys += 1
        return f"k{self.keys}"

    def today(self) -> date:
        return clock.now().astimezone(ZONE).date()

    def buys(self) -> None:
        person, _ = self.chance.choice(self.people)
        name = self.chance.choice(list(self.shops))
        wish = Wish(credits=self.chance.choice([50, 100]), provider=name, method="ideal", key=self.key())
        purchase = start(person, wish)
        if self.chance.random() < 0.85:  # others walk away
            self.shops[name].pays(str(purchase.provider_ref))
            self.paid.append(settle(purchase.pk))

    def transfers(self) -> None:
        wish = Wish(credits=50, provider="bank", method="bank_transfer", key=self.key())
        purchase = start(self.chance.choice(self.bank), wish)
        reference = in_groups(str(purchase.provider_ref))
        for cents in self.chance.choice([["50,00"], ["20,00", "30,00"], ["60,00"], ["10,00"]]):
            book_line(self.owner, f"{self.key()} {reference} EUR {cents}")

    def gives_back(self) -> None:
        purchase = Purchase.objects.get(pk=self.chance.choice(self.paid).pk)
        wished_m = min(left_of(purchase).credits_m, self.chance.choice([7_000, 50_000, 100_000]))
        if wished_m:
            refund = pay_back(self.owner, purchase.pk, wished_m, reason="goodwill", key=self.key())
            if refund.trouble == "by_hand":
                paid_out = self.chance.random() < 0.7
                end_refund(self.owner, refund.pk, paid_out=paid_out, reason="seen at the bank")
                refund.refresh_from_db()
            if refund.state == "done":
                self.refunded[self.today(), purchase.provider] += refund.amount_cents

    def at_the_provider(self) -> None:
        """Refunded in the provider's own pages, charged back, or won."""
        purchase = self.chance.choice(self.paid)
        shop, ref = self.shops[purchase.provider], str(purchase.provider_ref)
        was = shop.payments[ref]
        free = was.amount.cents - was.refunded_cents - was.charged_back_cents
        if was.charged_back_cents:
            shop.change(ref, charged_back_cents=0)
            self.charged_back[self.today(), shop.name] -= was.charged_back_cents
        elif self.chance.random() < 0.5 and free >= 1000 and Capability.REFUND in shop.capabilities:
            shop.change(ref, refunded_cents=was.refunded_cents + 1000)
            self.refunded[self.today(), shop.name] += 1000
        elif free > 0:
            shop.change(ref, charged_back_cents=free)
            self.charged_back[self.today(), shop.name] += free
        settle(purchase.pk)

    def uses_vouchers(self) -> None:
        days = self.chance.choice([None, 3, 40])
        amount_m = self.chance.choice([5_000, 12_500])
        (code,) = make_vouchers(self.owner, credits_m=amount_m, uses_max=3, credits_days=days)
        for person, _ in self.chance.sample(self.people, 2):
            redeem(person, code, address="192.0.2.1")

    def is_given_credits(self) -> None:
        _, wallet = self.chance.choice(self.people)
        top_up(wallet, self.chance.choice([1_500, 20_000]))
        _, other = self.chance.choice(self.people)
        if balance_of(other) > 2_000:
            top_up(other, -1_000)

    def chats(self, count: int) -> None:
        wallets = [wallet for _, wallet in self.people]
        found, owing = wallets_by_id(wallets), owed_by(wallets)
        able = [wallet for wallet in wallets if found[wallet].available_m >= 2_000 and wallet not in owing]
        meters = [running(wallet, MINUTE) for wallet in self.chance.sample(able, min(count, len(able)))]
        self.time.runs(130)
        for meter in meters:
            end_meter(meter, "customer")

    def day(self) -> None:
        for _ in range(8):
            self.buys()
        self.transfers()
        self.uses_vouchers()
        self.is_given_credits()
        self.chats(12)
        self.gives_back()
        self.at_the_provider()
        self.time.is_down(12 * 3600)  # into the evening and the night: a day is the hub's, not UTC's
        self.buys()
        self.gives_back()
        self.at_the_provider()
        expire_due()
        issue_due()
        look_at_due()
        self.time.is_down(12 * 3600 - 130)


@pytest.fixture
def month(monkeypatch: pytest.MonkeyPatch) -> Iterator[Month]:
    # 290 receipts: what is drawn is test_receipt_pdf.py's matter, and half of this test's time.
    monkeypatch.setattr("credits.store.receipt_pdf.draw_receipt", lambda *_: b"%PDF-")
    names = ("mollie", "paypal", "targetpay", "sandbox")
    shops = {name: FakeProvider(name=name, test=name == "sandbox") for name in names}
    shops["targetpay"].capabilities = frozenset({Capability.FETCH, Capability.NOTICE})
    bank = BankTransfer("NL91ABNA0417164300", "Balie BV")
    with hub_time(BEGIN) as time, open_shop(*shops.values(), bank):  # type: ignore[arg-type]
        made = Month(time, person_of(make_owner()), random.Random(4), shops=shops)
        for _ in range(CUSTOMERS - 10):
            _, person, wallet = make_buyer()
            made.people.append((person, wallet))
        for _ in range(10):
            company = make_organisation()
            made.bank.append(person_of(company.owner))
            made.people.append((person_of(company.owner), open_wallet(organisation_id=company.organisation.pk)))
        yield made


def rows_of(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def by_day(sql: str) -> dict[date, int]:
    """What `sql` sums of `t`, a transfer between accounts `d` and `c`, on each day; days without any are left out."""
    found = rows_of(
        f"select (t.at at time zone %s)::date, ({sql})::bigint from credits_transfer t"
        " join credits_account d on d.id = t.debit_id join credits_account c on c.id = t.credit_id group by 1",
        settings.TIME_ZONE,
    )
    return {day: amount for day, amount in found if amount}


def into(kind: str) -> str:
    return f"sum(t.amount_m) filter (where c.kind = '{kind}')"


def out_of(kind: str) -> str:
    return f"sum(t.amount_m) filter (where d.kind = '{kind}' and c.kind = 'wallet')"


def test_every_figure_of_a_month_is_the_sum_in_the_books_S3_S5_L1(month: Month) -> None:
    for _ in range(DAYS):
        month.day()
    assert (audit.offences(), offences()) == ([], [])
    window = Window(make_owner("Second Owner"))
    asked = {"since": BEGIN.date().isoformat(), "until": month.today().isoformat()}
    page = window.asks("admin-money", **asked).context
    what_was_sold(page)
    what_went_back(page, month)
    what_moved_in_all_wallets(page["flows"])
    what_stood_in_them_each_evening(page["flows"])
    what_stands_in_them_now(page, month)
    months_are_their_days(page, window.asks("admin-money", **asked, by="month").context)
    the_files_say_the_same(page, window, asked)
    the_api_says_the_same(page, asked)


def what_was_sold(page: Any) -> None:
    """By day and provider; each VAT as it stands on its receipt (S7)."""
    sold = rows_of(
        "select (paid_at at time zone %s)::date, provider, test, count(*), sum(amount_cents), sum(credits_m)"
        "  from credits_purchase where state = 'paid' group by 1, 2, 3",
        settings.TIME_ZONE,
    )
    assert {one[1] for one in sold} == {"mollie", "paypal", "targetpay", "sandbox", "bank"}
    rows = [one.row for one in page["sales"]]
    found = [(row.day, row.provider, row.test, row.purchases, row.amount_cents, row.credits_m) for row in rows]
    assert sorted(one for one in found if one[3]) == sorted(sold)
    assert all(row.adds_up for row in rows)
    receipts = rows_of(
        "select p.provider, sum(r.vat_cents) from credits_receipt r join credits_purchase p on p.id = r.purchase_id"
        " where r.kind = 'receipt' group by 1"
    )
    assert {one.row.provider: one.row.vat_cents for one in page["providers"]} == dict(receipts)
    assert {(row.currency, row.test) for row in page["totals"]} == {("EUR", False), ("EUR", True)}
    assert sum(row.amount_cents for row in page["totals"]) == sum(one[4] for one in sold)


def what_went_back(page: Any, month: Month) -> None:
    """Each provider's by the purchases, each day's by the diary, the credits by the ledger."""
    back = rows_of(
        """with ours as (
             select purchase_id, sum(amount_cents) filter (where state = 'done') as cents, sum(credits_m) as credits_m
               from credits_moneyrefund where state <> 'failed' group by 1)
           select p.provider, sum(greatest(p.refunded_cents, coalesce(o.cents, 0))), sum(p.charged_back_cents),
                  sum(p.taken_back_m + coalesce(o.credits_m, 0))
             from credits_purchase p left join ours o on o.purchase_id = p.id where p.state = 'paid' group by 1"""
    )
    assert sum(one[1] for one in back) > 0 < sum(one[2] for one in back)
    totals = [one.row for one in page["providers"]]
    found = [(row.provider, row.refunded_cents, row.charged_back_cents, row.back_m) for row in totals]
    assert sorted(found) == sorted(back)
    rows = [one.row for one in page["sales"]]
    assert {(row.day, row.provider): row.refunded_cents for row in rows if row.refunded_cents} == +month.refunded
    charged_back = {key: cents for key, cents in month.charged_back.items() if cents}
    assert {(r.day, r.provider): r.charged_back_cents for r in rows if r.charged_back_cents} == charged_back
    taken: Counter[date] = Counter()
    for row in rows:
        taken[row.day] += row.back_m
    returned = "coalesce(sum(t.amount_m) filter (where t.reason = 'returned'), 0)"
    assert {day: m for day, m in taken.items() if m} == by_day(f"coalesce({into('clearing')}, 0) - {returned}")


def what_moved_in_all_wallets(moved: list[Flow]) -> None:
    """By the accounts on the other side."""

    def of(name: str) -> dict[date, int]:
        return {row.day: getattr(row, name) for row in moved if getattr(row, name)}

    assert of("sold_m") == by_day("sum(t.amount_m) filter (where d.kind = 'clearing' and t.reason = 'purchase')")
    assert of("used_m") == by_day(into("house"))
    assert of("given_back_m") == by_day(out_of("refunds"))
    assert of("expired_m") == by_day(into("expired"))
    assert of("debt_paid_m") == by_day(into("debt"))
    assert of("taken_away_m") == by_day(into("gifts"))
    given = {row.day: row.gifts_m + row.vouchers_m for row in moved}
    assert {day: amount for day, amount in given.items() if amount} == by_day(out_of("gifts"))
    vouchers = rows_of(
        "select (r.at at time zone %s)::date, sum(v.credits_m) from credits_voucherredemption r"
        " join credits_voucher v on v.id = r.voucher_id group by 1",
        settings.TIME_ZONE,
    )
    assert of("vouchers_m") == dict(vouchers)
    assert of("other_m") == {}
    assert all(of(name) for name in ("used_m", "expired_m", "debt_paid_m", "vouchers_m", "gifts_m", "back_m"))


def what_stood_in_them_each_evening(moved: list[Flow]) -> None:
    """All transfers until then."""
    for row in moved:
        midnight = datetime.combine(row.day + timedelta(days=1), datetime.min.time(), ZONE)
        ((standing, owed),) = rows_of(
            """select coalesce(sum(case when c.kind in ('wallet', 'hold') then amount_m else 0 end), 0)
                      - coalesce(sum(case when d.kind in ('wallet', 'hold') then amount_m else 0 end), 0),
                      coalesce(sum(case when d.kind = 'debt' then amount_m when c.kind = 'debt' then -amount_m end), 0)
                 from credits_transfer t join credits_account d on d.id = t.debit_id
                      join credits_account c on c.id = t.credit_id where t.at < %s""",
            midnight,
        )
        assert (row.outstanding_m, row.owed_m) == (standing, owed), row.day


def what_stands_in_them_now(page: Any, month: Month) -> None:
    ((standing,),) = rows_of("select sum(balance_m) from credits_account where kind in ('wallet', 'hold')")
    assert page["end"].outstanding_m == page["flows"][0].outstanding_m == standing
    assert page["end"].owed_m == page["flows"][0].owed_m == sum(owed_m(wallet) for _, wallet in month.people) > 0
    for name in ("used_m", "expired_m", "gifts_m", "vouchers_m", "given_back_m"):
        assert getattr(page["used"], name) == sum(getattr(row, name) for row in page["flows"])


def months_are_their_days(page: Any, by_month: Any) -> None:
    for name in ("purchases", "amount_cents", "refunded_cents", "charged_back_cents", "back_m"):
        days, months = ([getattr(one.row, name) for one in each["sales"]] for each in (page, by_month))
        assert sum(days) == sum(months)
    assert [row.day for row in by_month["flows"]] == [BEGIN.date().replace(day=1)]
    assert by_month["flows"][0].outstanding_m == page["end"].outstanding_m


def the_files_say_the_same(page: Any, window: Window, asked: dict[str, str]) -> None:
    text = window.reads("admin-money-sales", **asked).lstrip("\ufeff")
    found = [
        (line["day"], line["provider"], int(line["sold_cents"]), int(line["charged_back_cents"]))
        for line in csv.DictReader(io.StringIO(text))
    ]
    rows = [one.row for one in page["sales"]]
    assert found == [(str(row.day), row.provider, row.amount_cents, row.charged_back_cents) for row in rows]
    text = window.reads("admin-money-credits", **asked).lstrip("\ufeff")
    lines = [(line["day"], float(line["outstanding"])) for line in csv.DictReader(io.StringIO(text))]
    assert lines == [(str(row.day), row.outstanding_m / 1000) for row in page["flows"]]


def the_api_says_the_same(page: Any, asked: dict[str, str]) -> None:
    status, said = Caller(make_owner("Third Owner")).asks(f"money/?since={asked['since']}&until={asked['until']}")
    assert status == 200
    found = [(one["day"], one["provider"], one["sold"]["value"], one["taken_back_m"]) for one in said["sales"]]
    rows = [one.row for one in page["sales"]]
    assert found == [(str(row.day), row.provider, row.amount_cents, row.back_m) for row in rows]
    assert [one["used_m"] for one in said["credits"]] == [row.used_m for row in page["flows"]]
    assert (said["outstanding_m"], said["owed_m"]) == (page["end"].outstanding_m, page["end"].owed_m)
