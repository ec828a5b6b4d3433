"""The place in the queue of who cannot start yet is kept while they pay (C2), however late they begin to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings

from chat.models import Session
from chat.states import State
from credits.store.providers.base import State as PaymentState
from credits.store.settling import settle
from hub.base import clock
from tests.builders import Actor, World, a_world
from tests.credits.store.shop import FakeProvider, buys, open_shop

pytestmark = pytest.mark.django_db
KEPT = timedelta(seconds=settings.PLACE_KEPT_WHILE_PAYING_S)


@pytest.fixture
def world() -> Iterator[World]:
    with a_world() as made:
        yield made


@pytest.fixture
def shop(db: None) -> Iterator[FakeProvider]:
    with open_shop() as provider:
        yield provider


def who_must_pay_first(world: World) -> tuple[Actor, Session]:
    here = world.department(price_m=2000)
    customer = world.customer(department=here)
    chat = customer.starts(here, "Nothing in the wallet")
    chat.refresh_from_db()
    assert (chat.state, chat.reason) == ("waiting", "payment")
    return customer, chat


def kept_for(chat: Session) -> timedelta:
    chat.refresh_from_db()
    assert chat.state == State.WAITING
    assert chat.due_at is not None
    return chat.due_at - clock.now()


def test_who_begins_to_pay_late_has_as_long_for_it_C2(world: World, shop: FakeProvider) -> None:
    customer, chat = who_must_pay_first(world)
    world.runs(minutes=9)
    purchase = buys(customer.person)
    world.runs(seconds=2)
    assert kept_for(chat) == KEPT - timedelta(seconds=2)
    world.runs(minutes=8)
    shop.pays(str(purchase.provider_ref))
    settle(purchase.pk)
    world.runs(seconds=2)
    chat.refresh_from_db()
    assert chat.state == State.QUEUED


def test_one_payment_after_the_other_keeps_it_no_longer_than_twice_the_time_C2(
    world: World, shop: FakeProvider
) -> None:
    customer, chat = who_must_pay_first(world)
    begun = clock.now()
    for _ in range(3):
        world.runs(minutes=6)
        buys(customer.person)
        world.runs(seconds=2)
    chat.refresh_from_db()
    assert chat.due_at is not None
    assert chat.due_at - begun <= 2 * KEPT
    world.runs(minutes=3)
    chat.refresh_from_db()
    assert chat.state == State.ENDED


def test_a_payment_that_is_over_keeps_no_place_C2(world: World, shop: FakeProvider) -> None:
    customer, chat = who_must_pay_first(world)
    world.runs(minutes=5)
    purchase = buys(customer.person)
    shop.change(str(purchase.provider_ref), state=PaymentState.CANCELLED)
    settle(purchase.pk)
    world.runs(seconds=2)
    assert kept_for(chat) < timedelta(minutes=5)
