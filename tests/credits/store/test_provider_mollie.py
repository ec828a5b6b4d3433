"""S2, S3, S5, S6: Mollie's client walks its whole life against a server that speaks Mollie's documented API."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from credits.store.providers.base import (
    Forged,
    MandateState,
    Method,
    Money,
    Notice,
    Payer,
    ProviderDown,
    RefundState,
    Refused,
    State,
    Unknown,
)
from credits.store.providers.mollie import Mollie
from tests.credits.store.orders import a_key, an_order, mollie_of
from tests.credits.store.stand_ins.mollie import MollieStandIn
from tests.credits.store.stand_ins.server import Fault


def test_s2_a_payment_starts_on_mollies_page_and_is_found_by_its_id(
    mollie: Mollie, mollie_world: MollieStandIn
) -> None:
    order = an_order(Method.IDEAL)
    started = mollie.start(order, a_key())
    assert started.redirect_url == f"https://www.mollie.com/checkout/{started.provider_ref}"
    assert started.expires_at == datetime(2026, 11, 22, 3, 15, tzinfo=UTC)
    sent = mollie_world.asked[-1].json
    assert sent["amount"] == {"currency": "EUR", "value": "50.00"}
    assert (sent["method"], sent["locale"], sent["webhookUrl"]) == ("ideal", "nl_NL", order.notice_url)
    assert (sent["redirectUrl"], sent["cancelUrl"]) == (order.return_url, order.cancel_url)
    status = mollie.fetch(started.provider_ref)
    assert (status.state, status.amount, status.test) == (State.OPEN, order.amount, True)
    assert (status.order_id, status.method) == (order.id, Method.IDEAL)


@pytest.mark.parametrize("locale", ["hr", "fa"])
def test_s2_a_language_that_mollies_pages_lack_is_left_to_the_browser(mollie: Mollie, locale: str) -> None:
    assert mollie.start(an_order(Method.CARD, locale=locale), a_key()).redirect_url


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("pending", State.PENDING),
        ("authorized", State.PENDING),
        ("canceled", State.CANCELLED),
        ("expired", State.EXPIRED),
        ("failed", State.FAILED),
        ("settled-on-the-moon", State.OPEN),
    ],
)
def test_s3_every_state_is_read_and_an_unknown_one_stays_open(
    mollie: Mollie, mollie_world: MollieStandIn, said: str, state: State
) -> None:
    ref = mollie.start(an_order(Method.BANCONTACT), a_key()).provider_ref
    mollie_world.turns(ref, status=said)
    assert mollie.fetch(ref).state is state


def test_s3_paid_says_when_and_by_what(mollie: Mollie, mollie_world: MollieStandIn) -> None:
    ref = mollie.start(an_order(Method.CARD), a_key()).provider_ref
    mollie_world.pays(ref)
    status = mollie.fetch(ref)
    assert (status.state, status.method) == (State.PAID, Method.CARD)
    assert status.paid_at == datetime(2026, 11, 22, 3, tzinfo=UTC)
    assert (status.refunded_cents, status.charged_back_cents, status.mandate_ref) == (0, 0, None)


def test_s3_amount_currency_and_mode_are_those_of_mollie(mollie: Mollie, mollie_world: MollieStandIn) -> None:
    ref = mollie.start(an_order(Method.IDEAL, 10_000), a_key()).provider_ref
    mollie_world.pays(ref)
    mollie_world.turns(ref, amount={"currency": "USD", "value": "1.00"}, mode="live")
    status = mollie.fetch(ref)
    assert status.amount == Money(100, "USD")
    assert status.test is False


def test_s3_a_live_key_works_with_real_money(mollie_world: MollieStandIn) -> None:
    mollie_world.api_key = "live_" + "x" * 30
    with closing(mollie_of(mollie_world)) as live:
        assert live.test is False
        assert live.fetch(live.start(an_order(Method.IDEAL), a_key()).provider_ref).test is False


def test_s5_part_and_the_rest_are_refunded_and_no_more(mollie: Mollie, mollie_world: MollieStandIn) -> None:
    ref = mollie.start(an_order(Method.IDEAL), a_key()).provider_ref
    mollie_world.pays(ref)
    part = mollie.refund(ref, Money(1999, "EUR"), a_key())
    assert (part.state, part.amount) == (RefundState.PENDING, Money(1999, "EUR"))
    mollie.refund(ref, Money(3001, "EUR"), a_key())
    with pytest.raises(Refused) as refused:
        mollie.refund(ref, Money(1, "EUR"), a_key())
    assert refused.value.code == "422"
    status = mollie.fetch(ref)
    assert (status.state, status.refunded_cents) == (State.PAID, 5000)


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("processing", RefundState.PENDING),
        ("refunded", RefundState.DONE),
        ("failed", RefundState.FAILED),
        ("canceled", RefundState.FAILED),
    ],
)
def test_s5_a_refund_is_followed_to_its_end(
    mollie: Mollie, mollie_world: MollieStandIn, said: str, state: RefundState
) -> None:
    ref = mollie.start(an_order(Method.IDEAL), a_key()).provider_ref
    mollie_world.pays(ref)
    refund = mollie.refund(ref, Money(500, "EUR"), a_key())
    mollie_world.refunds[ref][0]["status"] = said
    assert mollie.fetch_refund(ref, refund.refund_ref).state is state


def test_s5_the_same_refund_is_made_once_even_when_its_key_is_forgotten(
    mollie: Mollie, mollie_world: MollieStandIn
) -> None:
    ref, key = mollie.start(an_order(Method.IDEAL), a_key()).provider_ref, a_key()
    mollie_world.pays(ref)
    first = mollie.refund(ref, Money(500, "EUR"), key)
    mollie_world.forgets_keys()
    assert mollie.refund(ref, Money(500, "EUR"), key) == first
    assert mollie.fetch(ref).refunded_cents == 500


def test_s5_a_chargeback_and_its_reversal_are_seen(mollie: Mollie, mollie_world: MollieStandIn) -> None:
    ref = mollie.start(an_order(Method.CARD), a_key()).provider_ref
    mollie_world.pays(ref)
    mollie_world.charges_back(ref, "50.00")
    assert mollie.fetch(ref).charged_back_cents == 5000
    mollie_world.charges_back(ref, "0.00")
    assert mollie.fetch(ref).charged_back_cents == 0


def test_s6_a_first_payment_gives_a_mandate_that_is_charged_and_revoked(
    mollie: Mollie, mollie_world: MollieStandIn
) -> None:
    ref = mollie.start(an_order(Method.IDEAL, mandate=True), a_key()).provider_ref
    assert mollie.fetch(ref).mandate_ref is None
    mollie_world.pays(ref)
    mandate = mollie.fetch(ref).mandate_ref
    assert mandate is not None
    assert mollie.mandate(mandate).state is MandateState.VALID
    charged = mollie.charge(mandate, an_order(Method.DIRECT_DEBIT, 2500), a_key())
    assert (charged.redirect_url, mollie.fetch(charged.provider_ref).state) == (None, State.PENDING)
    mollie_world.turns(charged.provider_ref, status="failed")
    assert mollie.fetch(charged.provider_ref).state is State.FAILED
    mollie.revoke(mandate)
    mollie.revoke(mandate)  # a second time changes nothing
    with pytest.raises(Unknown):
        mollie.mandate(mandate)
    with pytest.raises(Refused, match="no valid mandate"):
        mollie.charge(mandate, an_order(Method.DIRECT_DEBIT), a_key())


def test_s6_a_payer_whom_mollie_knows_is_not_made_again(mollie: Mollie, mollie_world: MollieStandIn) -> None:
    payer = Payer("Sanne", "sanne@customer.example", customer_ref="cst_known")
    mollie.start(replace(an_order(Method.IDEAL, mandate=True), payer=payer), a_key())
    assert mollie_world.customers == 0
    assert mollie_world.asked[-1].json["customerId"] == "cst_known"


def test_s6_a_mandate_of_nobody_is_refused(mollie: Mollie, mollie_world: MollieStandIn) -> None:
    with pytest.raises(Refused, match="PAYER"):
        mollie.start(replace(an_order(Method.IDEAL, mandate=True), payer=None), a_key())
    assert mollie_world.asked == []


def test_s6_the_same_charge_is_made_once_even_when_its_key_is_forgotten(
    mollie: Mollie, mollie_world: MollieStandIn
) -> None:
    ref = mollie.start(an_order(Method.IDEAL, mandate=True), a_key()).provider_ref
    mollie_world.pays(ref)
    mandate, key, order = str(mollie.fetch(ref).mandate_ref), a_key(), an_order(Method.DIRECT_DEBIT)
    first = mollie.charge(mandate, order, key)
    mollie_world.forgets_keys()
    assert mollie.charge(mandate, order, key) == first
    assert len(mollie_world.payments) == 2


def test_s3_a_start_whose_answer_was_lost_is_the_same_payment(mollie: Mollie, mollie_world: MollieStandIn) -> None:
    mollie_world.faults = [Fault.LOST]
    started = mollie.start(an_order(Method.IDEAL), a_key())
    assert list(mollie_world.payments) == [started.provider_ref]


def test_s2_what_mollie_refuses_says_its_words(mollie: Mollie) -> None:
    with pytest.raises(Refused) as refused:
        mollie.start(replace(an_order(Method.IDEAL), description=""), a_key())
    assert (refused.value.code, refused.value.words) == ("422", "The description is missing")


def test_s3_a_payment_that_mollie_does_not_know_is_unknown(mollie: Mollie) -> None:
    with pytest.raises(Unknown):
        mollie.fetch("tr_nowhere")


@pytest.mark.parametrize(
    "ref", ["", "tr_../../v2/customers", "tr_a?embed=x", "tr_a/refunds", "cst 1", "tr_" + "a" * 80]
)
def test_x4_only_an_id_goes_into_the_address(mollie: Mollie, mollie_world: MollieStandIn, ref: str) -> None:
    with pytest.raises(Unknown):
        mollie.fetch(ref)
    assert mollie_world.asked == []


def test_s3_an_answer_about_another_payment_says_nothing(mollie: Mollie, mollie_world: MollieStandIn) -> None:
    ref, other = (mollie.start(an_order(Method.IDEAL), a_key()).provider_ref for _ in range(2))
    mollie_world.pays(other)
    mollie_world.payments[ref] = mollie_world.payments[other]
    with pytest.raises(ProviderDown):
        mollie.fetch(ref)


@pytest.mark.parametrize(
    "amount", [None, "50.00", {"value": "50", "currency": "EUR"}, {"value": "-5.00", "currency": "EUR"}]
)
def test_s3_an_amount_that_cannot_be_read_books_nothing(
    mollie: Mollie, mollie_world: MollieStandIn, amount: object
) -> None:
    ref = mollie.start(an_order(Method.IDEAL), a_key()).provider_ref
    mollie_world.pays(ref)
    mollie_world.turns(ref, amount=amount)
    with pytest.raises(ProviderDown):
        mollie.fetch(ref)


def test_s3_a_notice_is_an_id_and_nothing_more(mollie: Mollie, mollie_world: MollieStandIn) -> None:
    notice = Notice(b"id=tr_5B8cwPMGnU6qLbRvo7qEZo&status=paid")
    assert mollie.refs_of(notice) == mollie.verify(notice) == ["tr_5B8cwPMGnU6qLbRvo7qEZo"]
    assert mollie_world.asked == []


@pytest.mark.parametrize(
    "body", [b"", b"id=", b"id=ord_1", b"id=tr_1%2F..%2Fx", b"\xff\xfe", b'{"id": "tr_1"}', b"&".join([b"a=1"] * 5000)]
)
def test_s3_what_is_no_notice_is_turned_away(mollie: Mollie, body: bytes) -> None:
    with pytest.raises(Forged):
        mollie.refs_of(Notice(body))
