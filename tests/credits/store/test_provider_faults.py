"""S3, X4: whatever a provider's server does, nothing is booked by it, nobody waits for ever, no secret comes out."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass

import pytest

from credits.store.providers.base import Method, Provider, ProviderDown, State
from credits.store.providers.http import ANSWER_BYTES_MAX, Api, is_acceptable_base
from tests.credits.store.orders import PATIENCE_S, a_key, an_order, mollie_of, paypal_of, targetpay_of
from tests.credits.store.stand_ins import mollie, paypal
from tests.credits.store.stand_ins.mollie import MollieStandIn
from tests.credits.store.stand_ins.paypal import PayPalStandIn
from tests.credits.store.stand_ins.server import Asked, Fault, Reply, StandIn, served
from tests.credits.store.stand_ins.targetpay import TargetPayStandIn

SECRETS = (mollie.KEY, paypal.SECRET, paypal.CLIENT)
TRANSIENT = (Fault.CUT, Fault.HALF, Fault.BROKEN)
LASTING = (Fault.SLOW, Fault.DRIP, Fault.OVERSIZED, Fault.GARBLED, Fault.REDIRECT, Fault.BUSY)


class Nowhere(StandIn):
    def answer(self, asked: Asked) -> Reply:
        return Reply({})


@dataclass
class World:
    provider: Provider
    stand_in: StandIn
    method: Method
    ref: str


@pytest.fixture(params=["mollie", "paypal", "targetpay"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """A payment that was started and not paid, and a client that does not wait long where waiting is what is tested."""
    fault = request.node.callspec.params.get("fault")
    patience_s = PATIENCE_S if fault in (None, Fault.SLOW, Fault.DRIP) else 10.0  # None: the test goes through all
    with ExitStack() as stack:
        provider: Provider
        stand_in: StandIn
        if request.param == "mollie":
            stand_in = there = stack.enter_context(served(MollieStandIn()))
            provider = stack.enter_context(closing(mollie_of(there, patience_s)))
        elif request.param == "paypal":
            stand_in = at = stack.enter_context(served(PayPalStandIn()))
            provider = stack.enter_context(closing(paypal_of(at, patience_s)))
        else:
            stand_in = beside = stack.enter_context(served(TargetPayStandIn()))
            provider = stack.enter_context(closing(targetpay_of(beside, patience_s)))
        method = provider.methods()[0]
        yield World(provider, stand_in, method, provider.start(an_order(method), a_key()).provider_ref)


@pytest.mark.parametrize("fault", TRANSIENT)
def test_s3_a_question_that_broke_down_is_asked_once_more(world: World, fault: Fault) -> None:
    asked_before = len(world.stand_in.asked)
    world.stand_in.faults = [fault]
    assert world.provider.fetch(world.ref).state is State.OPEN
    assert len(world.stand_in.asked) == asked_before + 2


@pytest.mark.parametrize("fault", TRANSIENT)
def test_s3_a_question_that_broke_down_twice_is_for_later(world: World, fault: Fault) -> None:
    world.stand_in.faults = [fault] * 2
    with pytest.raises(ProviderDown):
        world.provider.fetch(world.ref)
    assert world.stand_in.faults == []
    assert world.provider.fetch(world.ref).state is State.OPEN


@pytest.mark.parametrize("fault", LASTING)
def test_s3_an_answer_of_no_use_books_nothing_and_is_not_asked_for_twice(world: World, fault: Fault) -> None:
    with served(Nowhere()) as elsewhere:
        world.stand_in.elsewhere = elsewhere.url
        asked_before = len(world.stand_in.asked)
        world.stand_in.faults = [fault]
        with pytest.raises(ProviderDown):
            world.provider.fetch(world.ref)
        assert len(world.stand_in.asked) == asked_before + 1
        assert elsewhere.asked == []  # X4: nobody is sent elsewhere


@pytest.mark.parametrize("fault", [*LASTING, Fault.CUT, Fault.SIGNED_OUT])
def test_s3_a_start_that_fails_sends_nobody_anywhere(world: World, fault: Fault) -> None:
    world.stand_in.elsewhere = "http://127.0.0.1:9/"
    world.stand_in.faults = [fault] * 2
    with pytest.raises(ProviderDown):
        world.provider.start(an_order(world.method), a_key())


def test_s3_a_busy_provider_says_how_long(world: World) -> None:
    world.stand_in.faults = [Fault.BUSY]
    with pytest.raises(ProviderDown) as down:
        world.provider.fetch(world.ref)
    assert down.value.reason == "HTTP 429"


def test_s3_a_provider_that_is_not_there_is_down() -> None:
    with served(MollieStandIn()) as gone:
        provider = mollie_of(gone, PATIENCE_S)
    with closing(provider), pytest.raises(ProviderDown):
        provider.fetch("tr_1")


def test_s2_no_secret_comes_out_of_an_error_or_a_log(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    said = repr(world.provider) + repr(vars(world.provider).get("_api"))
    for fault in (*LASTING, Fault.SIGNED_OUT, Fault.SIGNED_OUT, Fault.CUT, Fault.CUT):
        world.stand_in.faults = [fault]
        try:
            world.provider.start(an_order(world.method), a_key())
        except ProviderDown as down:
            said += "".join(traceback.format_exception(down)) + repr(down)
    assert caplog.records
    assert [secret for secret in SECRETS if secret in said + caplog.text] == []


def test_s2_a_secret_that_a_provider_repeats_is_struck_out() -> None:
    api = Api("https://provider.example", 1, secrets=("s3cret",))
    assert api.strike_out("The key s3cret\nis " + "wrong " * 100).startswith("The key … is wrong")
    assert len(api.strike_out("x" * 10_000)) <= 200
    assert "s3cret" not in repr(api)


@pytest.mark.parametrize(
    "url",
    [
        "http://provider.example",
        "http://10.0.0.1",
        "http://127.0.0.1.evil.example",
        "ftp://127.0.0.1",
        "https://user:pw@provider.example",
        "https://provider.example/?x=1",
        "https://",
        "provider.example",
    ],
)
def test_x4_a_provider_is_spoken_to_over_https_or_on_this_machine(url: str) -> None:
    assert not is_acceptable_base(url)
    with pytest.raises(ValueError, match="https"):
        Api(url, 1)


@pytest.mark.parametrize(
    "url", ["https://api.example", "http://127.0.0.1:8000", "http://localhost:1/", "http://[::1]:2"]
)
def test_x4_addresses_that_are_spoken_to(url: str) -> None:
    assert is_acceptable_base(url)


@pytest.mark.parametrize(
    "page", ["http://pay.example/", "javascript:alert(1)", "//pay.example", "", None, "https:///x"]
)
def test_x4_the_payer_is_sent_to_https_only(page: str | None) -> None:
    with served(MollieStandIn()) as there, closing(mollie_of(there)) as provider:
        real = there.answer

        def with_page(asked: Asked) -> Reply:
            reply = real(asked)
            assert isinstance(reply.body, dict)
            reply.body["_links"]["checkout"] = {"href": page}
            return reply

        there.answer = with_page  # type: ignore[method-assign]
        with pytest.raises(ProviderDown):
            provider.start(an_order(Method.IDEAL), a_key())


def test_s3_an_answer_has_a_largest_size() -> None:
    assert ANSWER_BYTES_MAX < 2_000_000  # what the stand-in sends when it is OVERSIZED
