"""S2: a bank transfer has a reference that notices a slip of the pen, and its line is read surely or not at all."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as some

from credits.store.providers.bank_lines import BankLine, Unreadable, read_line
from credits.store.providers.bank_transfer import BankTransfer, in_groups, is_reference, reference_of
from credits.store.providers.base import Forged, Method, Money, Notice, NotOffered
from tests.any_machine import on_any_machine
from tests.credits.store.orders import a_key, an_order

RF = reference_of("order-1")
BANK = BankTransfer("NL91ABNA0417164300", "Balie B.V.", "ABNANL2A")


def test_s2_an_order_is_told_where_to_transfer_and_under_what() -> None:
    order = an_order(Method.BANK_TRANSFER, 125_000)
    started, again = BANK.start(order, a_key()), BANK.start(order, a_key())
    assert started == again
    assert started.redirect_url is None
    assert started.provider_ref == reference_of(order.id)
    assert started.instructions == {
        "iban": "NL91ABNA0417164300",
        "holder": "Balie B.V.",
        "bic": "ABNANL2A",
        "reference": in_groups(started.provider_ref),
    }


def test_s2_a_reference_is_one_of_iso_11649() -> None:
    assert is_reference("RF18539007547034")  # an example with check digits made elsewhere
    assert not is_reference("RF19539007547034")
    assert is_reference(RF)
    assert in_groups(RF).replace(" ", "") == RF


@on_any_machine
@given(some.text(max_size=50), some.integers(4, 19), some.sampled_from("0123456789"))
def test_s2_one_wrong_digit_is_noticed(order_id: str, at: int, digit: str) -> None:
    reference = reference_of(order_id)
    assert is_reference(reference)
    slip = reference[:at] + digit + reference[at + 1 :]
    assert is_reference(slip) is (slip == reference)


@on_any_machine
@given(some.text(max_size=50), some.integers(4, 18))
def test_s2_two_digits_that_changed_places_are_noticed(order_id: str, at: int) -> None:
    reference = reference_of(order_id)
    slip = reference[:at] + reference[at + 1] + reference[at] + reference[at + 2 :]
    assert is_reference(slip) is (slip == reference)


@pytest.mark.parametrize(
    ("line", "cents"),
    [
        (f"{RF} 1.250,00", 125_000),
        (f"22-11-2026 Gemeente Utrecht NL20INGB0001234567 {in_groups(RF)} EUR 1,250.00", 125_000),
        (
            f'"20261122","De Brug","NL91ABNA0417164300","NL20INGB0001234567","GT","Bij","60,50","{RF.lower()}"',
            6050,
        ),
        (f"€ 60,50 betalingskenmerk {RF}", 6050),
        (f"+60.50 EUR;{RF}", 6050),
        (f":61:2611221122C1250,00NTRFEREF//26112200\n:86:/REMI/STRD/{RF}/", 125_000),
        (f":61:261122CR60,5NTRFNONREF\n:86:{RF}\n:62F:C261122EUR99999,99", 6050),
        (f"Transfer {RF[:4]}\n{RF[4:]}\n50.00", 5000),
    ],
)
def test_s2_a_line_is_read(line: str, cents: int) -> None:
    assert read_line(line) == BankLine(RF, Money(cents, "EUR"))


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("50,00", "reference"),
        ("50,00 RF00 1234 5678 9012 3456", "reference"),
        (f"50,00 {RF} {reference_of('order-2')}", "reference"),
        (RF, "amount"),
        (f"{RF} 50,00 saldo 1.050,00", "amount"),
        (f"{RF} 0,00", "amount"),
        (f"{RF} 50", "amount"),
        (f"{RF} -50,00", "direction"),
        (f"{RF} Af 50,00", "direction"),
        (f":61:2611221122D50,00NTRF\n:86:{RF}", "direction"),
        (f":61:2611221122RC50,00NTRF\n:86:{RF}", "direction"),
        (f":61:2611221122C50,00NTRF\n:61:2611221122C60,00NTRF\n:86:{RF}", "amount"),
        (f"{RF} USD 50.00", "currency"),
        (f"{RF} 50,00 " + "x" * 6000, "length"),
    ],
)
def test_s2_what_is_not_certain_is_refused(line: str, what: str) -> None:
    with pytest.raises(Unreadable) as unreadable:
        read_line(line)
    assert unreadable.value.what == what


@on_any_machine
@given(some.text(max_size=400))
def test_s2_any_text_is_read_or_refused(line: str) -> None:
    with suppress(Unreadable):
        assert read_line(line).amount.cents > 0


def test_s2_a_bank_is_not_asked() -> None:
    assert BANK.capabilities == frozenset()
    for call in (
        lambda: BANK.fetch(RF),
        lambda: BANK.refund(RF, Money(1, "EUR"), a_key()),
        lambda: BANK.fetch_refund(RF, "1"),
        lambda: BANK.mandate("1"),
        lambda: BANK.charge("1", an_order(Method.BANK_TRANSFER), a_key()),
        lambda: BANK.revoke("1"),
    ):
        with pytest.raises(NotOffered):
            call()
    for look in (BANK.refs_of, BANK.verify):
        with pytest.raises(Forged):
            look(Notice(b"paid"))
