"""Statements of a bank as files (S2): camt.053 of several versions, many lines at once, and hostile XML."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from credits.models import BankLine, Purchase
from credits.store.bank_orders import assign_line, book_statement, open_lines, waiting_orders
from credits.store.open_items import count_open_items
from credits.store.providers.bank_lines import Unreadable, days_in
from credits.store.providers.bank_transfer import BankTransfer, in_groups
from credits.store.providers.camt053 import read_statement
from credits.store.purchases import Wish, start
from hub.accounts.models import User
from hub.accounts.public import Person
from hub.base.errors import BadFrame
from tests.credits.store.shop import balance, open_shop
from tests.dashboard.admin_windows import Window
from tests.people import make_organisation, make_owner, person_of

IBAN = "NL91ABNA0417164300"
OTHER = "NL02RABO0123456789"


def entry(
    remittance: str,
    amount: str = "50.00",
    *,
    direction: str = "CRDT",
    status: str = "<Cd>BOOK</Cd>",
    ref: str = "A1",
    more: str = "",
    payer: str = "<Pty><Nm>Bakker</Nm></Pty>",
) -> str:
    return f"""<Ntry><NtryRef>{ref}</NtryRef><Amt Ccy="EUR">{amount}</Amt>
      <CdtDbtInd>{direction}</CdtDbtInd>{more}<Sts>{status}</Sts><BookgDt><Dt>2026-03-02</Dt></BookgDt>
      <NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><RltdPties><Dbtr>{payer}</Dbtr></RltdPties>
      <RmtInf>{remittance}</RmtInf></TxDtls></NtryDtls></Ntry>"""


def structured(reference: str) -> str:
    return f"<Strd><CdtrRefInf><Ref>{reference}</Ref></CdtrRefInf></Strd>"


def statement(*entries: str, version: str = "08", iban: str = IBAN) -> bytes:
    namespace = f"urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"
    account = f"<Acct><Id><IBAN>{iban}</IBAN></Id></Acct>"
    return f"""<?xml version="1.0" encoding="UTF-8"?><Document xmlns="{namespace}"><BkToCstmrStmt><Stmt>{account}
      {"".join(entries)}</Stmt></BkToCstmrStmt></Document>""".encode()


@pytest.mark.parametrize("version", ["02", "08", "13"])
def test_what_came_in_is_read_and_nothing_else_S2(version: str) -> None:
    """Version 02 writes status and payer otherwise."""
    old = {"status": "BOOK", "payer": "<Nm>Bakker</Nm>"} if version == "02" else {}
    data = statement(
        entry(structured("RF18 5390 0754 7034 0000 0000"), **old),
        entry("<Ustrd>out</Ustrd>", direction="DBIT", ref="A2"),
        entry("<Ustrd>not yet</Ustrd>", status="<Cd>PDNG</Cd>", ref="A3"),
        entry("<Ustrd>reversed</Ustrd>", more="<RvslInd>true</RvslInd>", ref="A4"),
        version=version,
    )
    (found,) = read_statement(data, IBAN)
    assert (found.amount.cents, found.payer, str(found.day), found.identity) == (5000, "Bakker", "2026-03-02", ":A1:0")
    assert "5390" in found.text


def test_payments_that_a_bank_put_together_are_told_one_by_one_S2() -> None:
    details = "".join(
        f"<TxDtls><Refs><EndToEndId>E{n}</EndToEndId></Refs><Amt Ccy='EUR'>{n}0.10</Amt></TxDtls>" for n in (1, 2)
    )
    head = '<NtryRef>B</NtryRef><Amt Ccy="EUR">30.20</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>'
    found = read_statement(statement(f"<Ntry>{head}<NtryDtls>{details}</NtryDtls></Ntry>"))
    assert [(one.amount.cents, one.identity) for one in found] == [(1010, ":B:1"), (2010, ":B:2")]


BOMB = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><Document>&b;</Document>'
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><Document>&x;</Document>'
DTD = b'<?xml version="1.0"?><!DOCTYPE d SYSTEM "http://127.0.0.1:1/evil.dtd"><Document/>'
DEEP = b"<Document>" + b"<a>" * 5000 + b"</a>" * 5000 + b"</Document>"
CODED = b'<?xml version="1.0" encoding="utf-7"?><Document/>'


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (BOMB, "file"), (OUTSIDE, "file"), (DTD, "file"), (DEEP, "file"), (CODED, "file"), (b"<Document", "file"),
        (b"<Document/>", "file"), (b"<html><body>Log in</body></html>", "file"),
        (b"<a>" + b" " * 5_000_001 + b"</a>", "length"),
        *((statement(entry("", wrong)), "amount") for wrong in ("1e3", "-5.00", "0.001", "0.00", "", "9" * 20)),
        (statement(iban=OTHER), "account"),
        (statement(entry("").replace('Ccy="EUR"', 'Ccy="€"')), "currency"),
    ],
)  # fmt: skip
def test_a_hostile_or_broken_file_is_refused_as_a_whole_S2(data: bytes, what: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_statement(data, IBAN)
    assert refused.value.what == what


@pytest.fixture
def owner(db: None) -> User:
    return make_owner()


@pytest.fixture
def orders(db: None, settings: Any) -> Iterator[list[Purchase]]:
    settings.BANK_IBAN = IBAN
    with open_shop(BankTransfer(IBAN, "Balie BV")):  # type: ignore[arg-type]
        yield [_ordered(key) for key in ("a", "b")]


def _ordered(key: str) -> Purchase:
    company: Person = person_of(make_organisation().owner)
    return start(company, Wish(credits=50, provider="bank", method="bank_transfer", key=key))


def test_a_statement_books_what_names_an_order_and_is_booked_once_S2(orders: list[Purchase], owner: User) -> None:
    first, second = orders
    data = statement(
        entry(structured(str(first.provider_ref)), ref="A1"),
        entry(f"<Ustrd>for {in_groups(str(second.provider_ref))}</Ustrd>", "20.00", ref="A2"),
        entry("<Ustrd>rent of the shop</Ustrd>", "812.00", ref="A3"),
        entry("<Ustrd>RF00 mistyped</Ustrd>", "33.00", ref="A4"),
        entry("<Ustrd>credits please</Ustrd>", "50.00", ref="A5"),
    )
    actor = person_of(owner)
    found = book_statement(actor, data)
    assert [one.booked.trouble if one.booked else "left" for one in found] == [
        "",
        "partial",
        "left",
        "reference",
        "reference",
    ]
    assert [one.booked.again for one in book_statement(actor, data) if one.booked] == [True] * 4
    assert (balance(first.wallet_id), balance(second.wallet_id)) == (50_000, 0)
    assert [(one.purchase.pk, one.came_cents) for one in waiting_orders()] == [(second.pk, 2000)]
    line = BankLine.objects.get(purchase=first)
    assert (line.payer, str(line.day), line.state) == ("Bakker", "2026-03-02", "booked")
    mistyped, without = open_lines()
    assert assign_line(actor, without.pk, in_groups(str(second.provider_ref))).trouble == "over"
    assert (balance(second.wallet_id), count_open_items()) == (50_000, 2)
    with pytest.raises(BadFrame):
        assign_line(actor, mistyped.pk, "RF18 0000")


def test_many_lines_are_pasted_at_once_and_each_tells_what_became_of_it_S2(orders: list[Purchase], owner: User) -> None:
    text = (
        f"Bakker {orders[0].provider_ref} EUR 50,00\nno reference EUR 50,00\nBakker {orders[1].provider_ref} -50,00 Af"
    )
    found = book_statement(person_of(owner), text.encode())
    assert [one.wrong or "booked" for one in found] == ["booked", "reference", "direction"]
    swift = f":61:2603020302C50,00NTRF\n:86:{orders[1].provider_ref} Smit\n:61:2603020302D10,00NTRF\n:86:fees"
    assert [one.wrong or "booked" for one in book_statement(person_of(owner), swift.encode())] == [
        "booked",
        "reference",
    ]
    assert {balance(one.wallet_id) for one in orders} == {50_000}


def test_the_owner_books_uploads_assigns_and_closes_on_screen_S2(orders: list[Purchase], owner: User) -> None:
    window = Window(owner)
    page = window.reads("admin-money-bank")
    assert in_groups(str(orders[0].provider_ref)) in page
    file = SimpleUploadedFile(
        "march.xml",
        statement(entry(structured(str(orders[0].provider_ref))), entry("<Ustrd>credits</Ustrd>", ref="A9")),
    )
    said = window.sends("admin-money-bank", file=file).content.decode()
    assert "Booked; the credits are there" in said
    assert "It names no order of ours." in said
    (line,) = open_lines()
    window.sends("admin-money-line-assign", line.pk, reference=str(orders[1].provider_ref), **{"from": "list"})
    assert {balance(one.wallet_id) for one in orders} == {50_000}
    window.sends("admin-money-bank", lines=f"again {orders[1].provider_ref} EUR 5,00")
    (line,) = open_lines()
    assert "More than the order" in window.reads("admin-money-open")
    window.sends("admin-money-line-close", line.pk, reason="")
    assert len(open_lines()) == 1
    window.sends("admin-money-line-close", line.pk, reason="Paid back at the bank")
    assert (open_lines(), BankLine.objects.get(pk=line.pk).state) == ([], "closed")
    wrong = window.sends("admin-money-bank", file=SimpleUploadedFile("bomb.xml", BOMB))
    assert (wrong.status_code, "This cannot be read" in wrong.content.decode()) == (400, True)
    assert window.sends("admin-money-bank").status_code == 400


@pytest.mark.parametrize("said", ["Bakker {} EUR 50,00", "02-03-2026;{};EUR 50,00", ":61:2603020302C50,00NTRF\n:86:{}"])
@pytest.mark.parametrize("pasted_first", [True, False])
def test_a_line_that_is_pasted_and_uploaded_is_one_line_S2(
    orders: list[Purchase], owner: User, said: str, pasted_first: bool
) -> None:
    actor, order = person_of(owner), orders[0]
    readings = [said.format(order.provider_ref).encode(), statement(entry(structured(str(order.provider_ref))))]
    if not pasted_first:
        readings.reverse()
    again = [[one.booked.again for one in book_statement(actor, data) if one.booked] for data in readings * 2]
    assert again == [[False], [True], [True], [True]]
    line = BankLine.objects.get()
    assert (line.state, balance(order.wallet_id), count_open_items()) == ("booked", 50_000, 0)


def test_two_payments_of_one_order_stay_two_however_they_are_brought_S2(orders: list[Purchase], owner: User) -> None:
    actor, order = person_of(owner), orders[0]
    twice = statement(*(entry(structured(str(order.provider_ref)), ref=ref) for ref in ("A1", "A2")))
    book_statement(actor, f"02-03-2026;{order.provider_ref};EUR 50,00".encode())
    found = [one.booked for one in book_statement(actor, twice) if one.booked]
    assert [(one.again, one.trouble) for one in found] == [(True, ""), (False, "over")]
    assert (BankLine.objects.count(), balance(order.wallet_id), count_open_items()) == (2, 50_000, 1)


def test_a_payment_of_another_day_is_another_one_S2(orders: list[Purchase], owner: User) -> None:
    for order, pasted in zip(orders, ("{};20-02-2026;EUR 50,00", "{} EUR 50,00"), strict=True):
        book_statement(person_of(owner), pasted.format(order.provider_ref).encode())
        BankLine.objects.filter(purchase=order).update(at=datetime(2026, 2, 20, 12, tzinfo=UTC))
        (one,) = book_statement(person_of(owner), statement(entry(structured(str(order.provider_ref)), ref=pasted[:9])))
        assert one.booked is not None
        assert (one.booked.again, one.booked.trouble) == (False, "over")


def test_days_are_read_as_banks_write_them_S2() -> None:
    text = "2026-03-02 20260303 4-3-2026 05/03/2026 06.03.2026 :61:260307 NL91ABNA0417164300 99-99-2026 1234567890"
    assert sorted(one.day for one in days_in(text)) == [2, 3, 4, 5, 6, 7]
