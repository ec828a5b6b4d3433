"""S2, S3: DigiWallet's client and the phone payment walk their whole life against a server that speaks their API."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest

from credits.store.providers.base import (
    Capability,
    Forged,
    Method,
    Money,
    Notice,
    NotOffered,
    ProviderDown,
    Refused,
    State,
    Unknown,
)
from credits.store.providers.targetpay import TargetPay
from tests.credits.store.orders import a_key, an_order, targetpay_of
from tests.credits.store.stand_ins.server import Fault
from tests.credits.store.stand_ins.targetpay import TargetPayStandIn


def _trxid(ref: str) -> str:
    return ref.split("-")[1]


@pytest.mark.parametrize("method", [Method.IDEAL, Method.BANCONTACT])
def test_s2_a_bank_payment_is_started_and_paid(
    targetpay: TargetPay, targetpay_world: TargetPayStandIn, method: Method
) -> None:
    order = an_order(method)
    started = targetpay.start(order, a_key())
    sent = targetpay_world.started[-1]
    assert (sent["amount"], sent["description"]) == ("5000", "50 credits Muller zoon")
    assert (sent["returnurl"], sent["cancelurl"], sent["test"]) == (order.return_url, order.cancel_url, "0")
    assert str(started.redirect_url).startswith("https://pay.digiwallet.nl/")
    assert targetpay.fetch(started.provider_ref).state is State.OPEN
    targetpay_world.codes[_trxid(started.provider_ref)] = "000000 OK"
    status = targetpay.fetch(started.provider_ref)
    assert (status.state, status.amount, status.method, status.test) == (State.PAID, order.amount, method, False)
    assert targetpay_world.asked[-1].form["once"] == "0"


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("DW_SE_0021 Transaction has been cancelled", State.CANCELLED),
        ("DW_SE_0022 Transaction has expired", State.EXPIRED),
        ("DW_SE_0023 Transaction could not be processed", State.FAILED),
        ("TP0010 Transactie is nog niet afgerond", State.OPEN),
        ("TP0011 Transactie is geannuleerd", State.CANCELLED),
        ("TP0012 Transactie is verlopen", State.EXPIRED),
        ("TP0013 De transactie kon niet verwerkt worden", State.FAILED),
        ("DW_SE_0028 Transaction already checked", State.OPEN),
        ("DW_IE_0001 Unknown internal error", State.OPEN),
        ("XY_99_0001 Something new", State.OPEN),
        ("0000000 OK", State.OPEN),
    ],
)
def test_s3_every_code_is_read_and_an_unknown_one_stays_open(
    targetpay: TargetPay, targetpay_world: TargetPayStandIn, said: str, state: State
) -> None:
    ref = targetpay.start(an_order(Method.IDEAL), a_key()).provider_ref
    targetpay_world.codes[_trxid(ref)] = said
    assert targetpay.fetch(ref).state is state


@pytest.mark.parametrize("said", ["DW_SE_0016 Transaction not found", "DW_SE_0019 Layoutcode does not match"])
def test_s3_a_transaction_of_another_outlet_is_unknown(
    targetpay: TargetPay, targetpay_world: TargetPayStandIn, said: str
) -> None:
    ref = targetpay.start(an_order(Method.IDEAL), a_key()).provider_ref
    targetpay_world.codes[_trxid(ref)] = said
    with pytest.raises(Unknown):
        targetpay.fetch(ref)


def test_s3_a_report_leads_to_the_payment_that_was_started_and_to_no_other(
    targetpay: TargetPay, targetpay_world: TargetPayStandIn
) -> None:
    ref = targetpay.start(an_order(Method.IDEAL), a_key()).provider_ref
    query = dict(parse_qsl(urlsplit(targetpay_world.started[-1]["reporturl"]).query))
    body = f"trxid={_trxid(ref)}&amount=1&status=000000&rtlo=1".encode()
    assert targetpay.refs_of(Notice(body, query=query)) == targetpay.verify(Notice(body, query=query)) == [ref]
    cheaper = targetpay.refs_of(Notice(body, query=query | {"cents": "1"}))
    assert cheaper != [ref]  # a ref that nobody has stored


@pytest.mark.parametrize(
    ("body", "query"),
    [
        (b"", {}),
        (b"trxid=1", {}),
        (b"trxid=1", {"method": "phone", "cents": "1"}),
        (b"trxid=../x", {"method": "ideal", "cents": "1"}),
        (b"trxid=1", {"method": "ideal", "cents": "-1"}),
        (b"\xff", {"method": "ideal", "cents": "1"}),
    ],
)
def test_s3_what_is_no_report_is_turned_away(targetpay: TargetPay, body: bytes, query: dict[str, str]) -> None:
    with pytest.raises(Forged):
        targetpay.refs_of(Notice(body, query=query))


def test_s2_test_mode_is_asked_for_every_time(targetpay_world: TargetPayStandIn) -> None:
    with closing(targetpay_of(targetpay_world, test=True)) as playing:
        ref = playing.start(an_order(Method.IDEAL), a_key()).provider_ref
        assert playing.fetch(ref).test is True
    assert [one.form["test"] for one in targetpay_world.asked] == ["1", "1"]


@pytest.mark.parametrize(
    ("method", "amount"),
    [
        (Method.IDEAL, Money(83, "EUR")),
        (Method.IDEAL, Money(1_000_001, "EUR")),
        (Method.BANCONTACT, Money(48, "EUR")),
        (Method.PHONE, Money(4001, "EUR")),
        (Method.IDEAL, Money(5000, "USD")),
    ],
)
def test_s2_what_it_cannot_take_is_not_asked(
    targetpay: TargetPay, targetpay_world: TargetPayStandIn, method: Method, amount: Money
) -> None:
    with pytest.raises(Refused):
        targetpay.start(replace(an_order(method), amount=amount), a_key())
    assert targetpay_world.asked == []


def test_s2_a_refusal_says_its_code(targetpay_world: TargetPayStandIn) -> None:
    with closing(targetpay_of(targetpay_world)) as stranger:
        stranger._outlet = "1"
        with pytest.raises(Refused) as refused:
            stranger.start(an_order(Method.IDEAL), a_key())
    assert (refused.value.code, refused.value.words) == ("DW_SE_0001", "No layoutcode entered")


def test_s3_a_start_is_not_repeated_by_itself(targetpay: TargetPay, targetpay_world: TargetPayStandIn) -> None:
    """It takes no key: whoever wants to pay starts another, and the lost one expires."""
    targetpay_world.faults = [Fault.LOST]
    with pytest.raises(ProviderDown):
        targetpay.start(an_order(Method.IDEAL), a_key())
    assert len(targetpay_world.asked) == 1


@pytest.mark.parametrize("ref", ["", "ideal-1", "ideal-../x-1", "paypal-1-1", "phone-x", "phone-1-2-3/4"])
def test_x4_only_an_id_goes_out(targetpay: TargetPay, targetpay_world: TargetPayStandIn, ref: str) -> None:
    with pytest.raises(Unknown):
        targetpay.fetch(ref)
    assert targetpay_world.asked == []


def test_s2_it_gives_nothing_back_and_keeps_no_mandates(targetpay: TargetPay) -> None:
    assert targetpay.capabilities == {Capability.FETCH, Capability.NOTICE}
    for call in (
        lambda: targetpay.refund("ideal-1-1", Money(1, "EUR"), a_key()),
        lambda: targetpay.fetch_refund("ideal-1-1", "1"),
        lambda: targetpay.mandate("1"),
        lambda: targetpay.charge("1", an_order(Method.IDEAL), a_key()),
        lambda: targetpay.revoke("1"),
    ):
        with pytest.raises(NotOffered):
            call()


# -- by phone --------------------------------------------------------------------------------------------------------
def test_s2_a_call_is_offered_with_number_code_and_price_and_paid(
    targetpay: TargetPay, targetpay_world: TargetPayStandIn
) -> None:
    order = an_order(Method.PHONE, 150)
    started = targetpay.start(order, a_key())
    assert started.redirect_url is None
    assert started.instructions == {"number": "09091234", "code": "7000", "cents": "150"}
    assert order.id not in str(targetpay_world.started)
    assert targetpay.fetch(started.provider_ref).state is State.OPEN
    targetpay_world.codes["7000"] = "000 OK|150|PC|62"
    status = targetpay.fetch(started.provider_ref)
    assert (status.state, status.amount, status.method) == (State.PAID, order.amount, Method.PHONE)


def test_s3_a_call_that_cost_something_else_says_so(targetpay: TargetPay, targetpay_world: TargetPayStandIn) -> None:
    ref = targetpay.start(an_order(Method.PHONE, 150), a_key()).provider_ref
    targetpay_world.codes["7000"] = "000 OK|35|PC|62"
    assert targetpay.fetch(ref).amount == Money(35, "EUR")


@pytest.mark.parametrize("said", ["000 OK", "000 OK|free|PC|1", "000 OK||PC|1"])
def test_s3_a_call_without_a_price_books_nothing(
    targetpay: TargetPay, targetpay_world: TargetPayStandIn, said: str
) -> None:
    ref = targetpay.start(an_order(Method.PHONE, 150), a_key()).provider_ref
    targetpay_world.codes["7000"] = said
    with pytest.raises(ProviderDown):
        targetpay.fetch(ref)


def test_s2_a_country_without_calls_is_refused(targetpay: TargetPay) -> None:
    targetpay._phone._country = "98"
    with pytest.raises(Refused, match="007"):
        targetpay.start(an_order(Method.PHONE, 150), a_key())
