"""S2, S3, S5, S6: PayPal's client walks its whole life against a server that speaks PayPal's documented API."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from credits.store.providers.base import (
    Forged,
    MandateState,
    Method,
    Money,
    Notice,
    ProviderDown,
    RefundState,
    Refused,
    State,
    Unknown,
)
from credits.store.providers.paypal import PayPal
from tests.credits.store.orders import a_key, an_order
from tests.credits.store.stand_ins.paypal import PayPalStandIn
from tests.credits.store.stand_ins.server import Fault


def _paid(paypal: PayPal, world: PayPalStandIn, cents: int = 5000) -> str:
    ref = paypal.start(an_order(Method.PAYPAL, cents), a_key()).provider_ref
    world.approves(ref)
    assert paypal.fetch(ref).state is State.PAID
    return ref


def test_s2_an_order_is_started_approved_and_captured_once(paypal: PayPal, paypal_world: PayPalStandIn) -> None:
    order = an_order(Method.PAYPAL)
    started = paypal.start(order, a_key())
    assert started.redirect_url == f"https://www.sandbox.paypal.com/checkoutnow?token={started.provider_ref}"
    assert paypal.fetch(started.provider_ref).state is State.OPEN
    paypal_world.approves(started.provider_ref)
    status = paypal.fetch(started.provider_ref)
    assert (status.state, status.amount, status.order_id) == (State.PAID, order.amount, order.id)
    assert (status.test, status.paid_at) == (True, datetime(2026, 11, 22, 3, tzinfo=UTC))
    paypal.fetch(started.provider_ref)
    assert len(paypal_world.asked_for("POST", f"/v2/checkout/orders/{started.provider_ref}/capture")) == 1


def test_s2_the_order_says_what_it_is_for(paypal: PayPal, paypal_world: PayPalStandIn) -> None:
    order = an_order(Method.PAYPAL, 10_050)
    paypal.start(order, a_key())
    sent = paypal_world.asked[-1].json
    unit, experience = sent["purchase_units"][0], sent["payment_source"]["paypal"]["experience_context"]
    assert (sent["intent"], unit["amount"]) == ("CAPTURE", {"currency_code": "EUR", "value": "100.50"})
    assert unit["custom_id"] == unit["invoice_id"] == order.id
    assert (experience["return_url"], experience["cancel_url"]) == (order.return_url, order.cancel_url)
    assert (experience["locale"], experience["shipping_preference"]) == ("nl-NL", "NO_SHIPPING")


@pytest.mark.parametrize(
    ("said", "state"), [("VOIDED", State.CANCELLED), ("SAVED", State.OPEN), ("DANCING", State.OPEN)]
)
def test_s3_states_of_an_order(paypal: PayPal, paypal_world: PayPalStandIn, said: str, state: State) -> None:
    ref = paypal.start(an_order(Method.PAYPAL), a_key()).provider_ref
    paypal_world.orders[ref]["status"] = said
    assert paypal.fetch(ref).state is state


@pytest.mark.parametrize(
    ("said", "state"),
    [("PENDING", State.PENDING), ("DECLINED", State.FAILED), ("FAILED", State.FAILED), ("DANCING", State.PENDING)],
)
def test_s3_states_of_a_capture(paypal: PayPal, paypal_world: PayPalStandIn, said: str, state: State) -> None:
    ref = _paid(paypal, paypal_world)
    paypal_world.capture_of(ref)["status"] = said
    assert paypal.fetch(ref).state is state


def test_s3_a_declined_instrument_leaves_it_to_the_payer(paypal: PayPal, paypal_world: PayPalStandIn) -> None:
    ref = paypal.start(an_order(Method.PAYPAL), a_key()).provider_ref
    paypal_world.approves(ref)
    paypal_world.declines = "INSTRUMENT_DECLINED"
    assert paypal.fetch(ref).state is State.PENDING
    paypal_world.declines = ""
    assert paypal.fetch(ref).state is State.PAID


def test_s3_a_capture_whose_answer_was_lost_is_one_capture(paypal: PayPal, paypal_world: PayPalStandIn) -> None:
    ref = paypal.start(an_order(Method.PAYPAL), a_key()).provider_ref
    paypal_world.approves(ref)
    assert paypal_world.asked[-1].method == "POST"
    captures = f"/v2/checkout/orders/{ref}/capture"
    real = paypal_world.answer

    def lose_the_capture(asked):  # type: ignore[no-untyped-def]
        if asked.path.endswith(ref):
            paypal_world.faults = [Fault.LOST]
            paypal_world.answer = real  # type: ignore[method-assign]
        return real(asked)

    paypal_world.answer = lose_the_capture  # type: ignore[method-assign]
    assert paypal.fetch(ref).state is State.PAID
    assert len(paypal_world.asked_for("POST", captures)) == 2
    assert len(paypal_world.orders[ref]["purchase_units"][0]["payments"]["captures"]) == 1


def test_s3_what_was_really_taken_is_the_amount(paypal: PayPal, paypal_world: PayPalStandIn) -> None:
    ref = _paid(paypal, paypal_world, 10_000)
    paypal_world.capture_of(ref)["amount"] = {"currency_code": "USD", "value": "1.00"}
    assert paypal.fetch(ref).amount == Money(100, "USD")


def test_s3_the_world_of_an_order_is_read_from_its_links(paypal: PayPal, paypal_world: PayPalStandIn) -> None:
    paypal_world.host = "api.paypal.com"
    ref = paypal.start(an_order(Method.PAYPAL), a_key()).provider_ref
    assert paypal.fetch(ref).test is False
    assert paypal.test is True


def test_s5_part_and_the_rest_are_refunded_and_no_more(paypal: PayPal, paypal_world: PayPalStandIn) -> None:
    ref = _paid(paypal, paypal_world)
    part = paypal.refund(ref, Money(1999, "EUR"), a_key())
    assert (part.state, part.amount) == (RefundState.DONE, Money(1999, "EUR"))
    assert paypal.fetch_refund(ref, part.refund_ref) == part
    paypal.refund(ref, Money(3001, "EUR"), a_key())
    with pytest.raises(Refused) as refused:
        paypal.refund(ref, Money(1, "EUR"), a_key())
    assert refused.value.code == "REFUND_AMOUNT_EXCEEDED"
    status = paypal.fetch(ref)
    assert (status.state, status.refunded_cents) == (State.PAID, 5000)


def test_s5_a_failed_refund_gave_nothing_back(paypal: PayPal, paypal_world: PayPalStandIn) -> None:
    ref = _paid(paypal, paypal_world)
    refund = paypal.refund(ref, Money(500, "EUR"), a_key())
    paypal_world.orders[ref]["purchase_units"][0]["payments"]["refunds"][0]["status"] = "FAILED"
    assert paypal.fetch_refund(ref, refund.refund_ref).state is RefundState.FAILED
    assert paypal.fetch(ref).refunded_cents == 0


def test_s5_the_same_refund_is_made_once_even_when_its_key_is_forgotten(
    paypal: PayPal, paypal_world: PayPalStandIn
) -> None:
    ref, key = _paid(paypal, paypal_world), a_key()
    first = paypal.refund(ref, Money(500, "EUR"), key)
    paypal_world.replays.clear()
    assert paypal.refund(ref, Money(500, "EUR"), key) == first
    assert paypal.fetch(ref).refunded_cents == 500


def test_s5_nothing_is_refunded_of_what_was_never_taken(paypal: PayPal) -> None:
    ref = paypal.start(an_order(Method.PAYPAL), a_key()).provider_ref
    with pytest.raises(Refused, match="NOT_CAPTURED"):
        paypal.refund(ref, Money(500, "EUR"), a_key())


def test_s5_a_dispute_that_we_lose_is_a_chargeback_without_its_fee(paypal: PayPal, paypal_world: PayPalStandIn) -> None:
    ref = _paid(paypal, paypal_world)
    paypal_world.loses_dispute(ref, "50.00")
    assert paypal.fetch(ref).charged_back_cents == 5000
    paypal_world.gives_back("PP-D-0", "20.00")
    assert paypal.fetch(ref).charged_back_cents == 3000


def test_s5_what_paypal_pays_itself_is_no_chargeback(paypal: PayPal, paypal_world: PayPalStandIn) -> None:
    ref = _paid(paypal, paypal_world)
    paypal_world.loses_dispute(ref, "50.00", outcome="RESOLVED_WITH_PAYOUT")
    assert paypal.fetch(ref).charged_back_cents == 0


def test_s3_an_app_without_disputes_still_settles(paypal: PayPal, paypal_world: PayPalStandIn) -> None:
    paypal_world.disputes_on = False
    assert _paid(paypal, paypal_world)


def test_s6_a_saved_wallet_is_charged_once_and_revoked(paypal: PayPal, paypal_world: PayPalStandIn) -> None:
    ref = paypal.start(an_order(Method.PAYPAL, mandate=True), a_key()).provider_ref
    assert paypal.fetch(ref).mandate_ref is None
    paypal_world.approves(ref)
    mandate = paypal.fetch(ref).mandate_ref
    assert mandate is not None
    assert paypal.mandate(mandate).state is MandateState.VALID
    order = an_order(Method.PAYPAL, 2500)
    charged = paypal.charge(mandate, order, a_key())
    assert (charged.redirect_url, paypal.fetch(charged.provider_ref).state) == (None, State.PAID)
    with pytest.raises(Refused, match="DUPLICATE_INVOICE_ID"):  # the same order under another key, or a forgotten one
        paypal.charge(mandate, order, a_key())
    paypal.revoke(mandate)
    paypal.revoke(mandate)
    with pytest.raises(Unknown):
        paypal.mandate(mandate)
    with pytest.raises(Unknown):
        paypal.charge(mandate, an_order(Method.PAYPAL), a_key())


def test_s2_a_token_is_used_again_and_renewed_when_it_was_called_in(
    paypal: PayPal, paypal_world: PayPalStandIn
) -> None:
    ref = paypal.start(an_order(Method.PAYPAL), a_key()).provider_ref
    paypal.fetch(ref)
    assert len(paypal_world.tokens) == 1
    paypal_world.tokens.clear()
    assert paypal.fetch(ref).state is State.OPEN
    assert len(paypal_world.asked_for("POST", "/v1/oauth2/token")) == 2


def test_s3_an_order_that_paypal_has_put_away_is_unknown(paypal: PayPal, paypal_world: PayPalStandIn) -> None:
    ref = paypal.start(an_order(Method.PAYPAL), a_key()).provider_ref
    del paypal_world.orders[ref]
    with pytest.raises(Unknown):
        paypal.fetch(ref)


@pytest.mark.parametrize("ref", ["", "../../v1/oauth2/token", "A?x=1", "A/capture", "A B", "A" * 80])
def test_x4_only_an_id_goes_into_the_address(paypal: PayPal, paypal_world: PayPalStandIn, ref: str) -> None:
    with pytest.raises(Unknown):
        paypal.fetch(ref)
    assert paypal_world.asked == []


# -- notices ---------------------------------------------------------------------------------------------------------
def test_s3_a_notice_is_verified_by_paypal_and_names_its_order(paypal: PayPal, paypal_world: PayPalStandIn) -> None:
    ref = _paid(paypal, paypal_world)
    related = {"supplementary_data": {"related_ids": {"order_id": ref}}}
    for kind, resource in (
        ("CHECKOUT.ORDER.APPROVED", {"id": ref}),
        ("PAYMENT.CAPTURE.COMPLETED", paypal_world.capture_of(ref) | related),
    ):
        body, headers = paypal_world.sends(kind, resource)
        assert paypal.refs_of(Notice(body, headers)) == [ref]
        assert paypal.verify(Notice(body, headers)) == [ref]


def test_s5_a_refund_and_a_dispute_are_followed_to_their_order(paypal: PayPal, paypal_world: PayPalStandIn) -> None:
    ref = _paid(paypal, paypal_world)
    capture = paypal_world.capture_of(ref)["id"]
    up = [{"rel": "up", "href": f"https://api.sandbox.paypal.com/v2/payments/captures/{capture}"}]
    for kind, resource in (
        ("PAYMENT.CAPTURE.REFUNDED", {"id": "1JU", "links": up}),
        ("CUSTOMER.DISPUTE.RESOLVED", {"disputed_transactions": [{"seller_transaction_id": capture}]}),
    ):
        body, headers = paypal_world.sends(kind, resource)
        assert paypal.refs_of(Notice(body, headers)) == []
        assert paypal.verify(Notice(body, headers)) == [ref]


def test_s3_what_concerns_no_payment_of_ours_leads_nowhere(paypal: PayPal, paypal_world: PayPalStandIn) -> None:
    for kind, resource in (
        ("CUSTOMER.DISPUTE.CREATED", {"disputed_transactions": [{"seller_transaction_id": "ELSEWHERE"}]}),
        ("VAULT.PAYMENT-TOKEN.CREATED", {"id": "8kk0"}),
    ):
        body, headers = paypal_world.sends(kind, resource)
        assert paypal.verify(Notice(body, headers)) == []


def test_s3_a_forged_notice_is_not_vouched_for(paypal: PayPal, paypal_world: PayPalStandIn) -> None:
    ref = _paid(paypal, paypal_world)
    _, headers = paypal_world.sends("CHECKOUT.ORDER.APPROVED", {"id": "ANOTHER"})
    forged = json.dumps({"event_type": "CHECKOUT.ORDER.APPROVED", "resource": {"id": ref}}).encode()
    with pytest.raises(Forged):
        paypal.verify(Notice(forged, headers))


def test_s3_a_notice_cannot_break_out_of_what_is_verified(paypal: PayPal, paypal_world: PayPalStandIn) -> None:
    """A body that would close the envelope and bring its own is no JSON document by itself."""
    body, headers = paypal_world.sends("CHECKOUT.ORDER.APPROVED", {"id": "A"})
    with pytest.raises(Forged):
        paypal.verify(Notice(body + b', "webhook_id": "mine"', headers))


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff", b"id=tr_1", b"[" * 100_000])
def test_s3_what_is_no_event_is_turned_away(paypal: PayPal, paypal_world: PayPalStandIn, body: bytes) -> None:
    _, headers = paypal_world.sends("X", {})
    with pytest.raises(Forged):
        paypal.refs_of(Notice(body, headers))


def test_s3_an_unsigned_notice_is_turned_away_at_the_door(paypal: PayPal, paypal_world: PayPalStandIn) -> None:
    body, headers = paypal_world.sends("CHECKOUT.ORDER.APPROVED", {"id": "A"})
    for name in headers:
        with pytest.raises(Forged):
            paypal.refs_of(Notice(body, {one: value for one, value in headers.items() if one != name}))
    assert paypal_world.asked == []


def test_s3_a_notice_waits_while_paypal_cannot_be_asked(paypal: PayPal, paypal_world: PayPalStandIn) -> None:
    body, headers = paypal_world.sends("CHECKOUT.ORDER.APPROVED", {"id": "A"})
    paypal_world.faults = [Fault.CUT, Fault.CUT]
    with pytest.raises(ProviderDown):
        paypal.verify(Notice(body, headers))
