"""What becomes of messages: sent once, tried again, given up visibly, never lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail as django_mail
from django.db import connections

from hub.base import clock, sms_rules
from hub.base.gateways.mail import MailGateway
from hub.base.gateways.outcomes import GatewayDown, NotNow, Refused
from hub.base.models import OutboxMessage, SmsSpend
from hub.base.outbox import BULK, URGENT, draining
from tests.base.outbox import mail, sms

pytestmark = [pytest.mark.usefixtures("nobodys_templates"), pytest.mark.django_db]


@pytest.fixture
def time() -> Iterator[clock.Travel]:
    with clock.freeze() as travel:
        yield travel


class Gate:
    """What the mail gateway does: `raises` in turn, then it sends."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.raises: list[Exception] = []
        self.sent: list[int] = []
        gate = self

        def send(_self: MailGateway, row: OutboxMessage) -> str:
            if gate.raises:
                raise gate.raises.pop(0)
            gate.sent.append(row.pk)
            return "<reference>"

        monkeypatch.setattr(MailGateway, "send", send)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    return Gate(monkeypatch)


def fresh(row: OutboxMessage) -> OutboxMessage:
    return OutboxMessage.objects.get(pk=row.pk)


def test_what_waits_is_sent_once(time: clock.Travel) -> None:
    row = mail()
    assert draining.drain() is False
    draining.drain()
    assert [(one.to, one.subject) for one in django_mail.outbox] == [(["sanne@example.com"], "Hello Sanne & Co <x>")]
    row = fresh(row)
    assert (row.state, row.sent_at, row.tries, row.error) == ("sent", time.now(), 1, "")


def test_a_mail_says_that_a_machine_wrote_it_and_keeps_its_id() -> None:
    row = mail(unsubscribe_url="https://hub.example/off/")
    draining.drain()
    sent = django_mail.outbox[0].message()
    assert sent["Message-ID"] == f"<{row.message_id}@example.com>"
    assert (sent["Auto-Submitted"], sent["Content-Language"]) == ("auto-generated", "en")
    assert sent["List-Unsubscribe"] == "<https://hub.example/off/>"
    assert [part.get_content_type() for part in sent.walk()] == ["multipart/alternative", "text/plain", "text/html"]


def test_urgent_ones_go_first(gate: Gate) -> None:
    bulk, normal, urgent = mail(urgency=BULK), mail(), mail(urgency=URGENT)
    draining.drain()
    assert gate.sent == [urgent.pk, normal.pk, bulk.pk]


def test_a_delay_is_tried_again_later_and_later_and_then_given_up(gate: Gate, time: clock.Travel) -> None:
    row = mail()
    gate.raises = [NotNow("451 try later")] * 50
    for delay_s in draining.BACKOFF_S:
        draining.drain()
        row = fresh(row)
        assert (row.state, row.error) == ("waiting", "451 try later")
        assert row.next_try_at - time.now() == timedelta(seconds=delay_s)
        draining.drain()
        assert fresh(row).tries == row.tries
        time.advance(seconds=delay_s)
    draining.drain()
    row = fresh(row)
    assert (row.state, row.tries, row.error) == ("failed", draining.TRIES_MAX, "451 try later")


def test_a_refusal_fails_at_once_and_stops_nobody(gate: Gate) -> None:
    refused, other = mail(), mail()
    gate.raises = [Refused("550 no such user")]
    draining.drain()
    assert (fresh(refused).state, fresh(refused).error) == ("failed", "550 no such user")
    assert fresh(other).state == "sent"


def test_while_the_gateway_is_down_all_wait_and_no_try_counts(gate: Gate, time: clock.Travel) -> None:
    rows = [mail() for _ in range(3)]
    text = sms()
    for _ in range(30):
        gate.raises = [GatewayDown("refused")]
        draining.drain()
        time.advance(seconds=60)
    assert {(fresh(row).state, fresh(row).tries, fresh(row).error) for row in rows} == {("waiting", 0, "refused")}
    assert fresh(text).state == "sent"
    draining.drain()
    assert gate.sent == [row.pk for row in rows]


def test_a_gateway_that_says_how_long_to_wait_is_left_alone_that_long(gate: Gate, time: clock.Travel) -> None:
    row = mail()
    gate.raises = [GatewayDown("429", retry_after_s=90)]
    draining.drain()
    assert fresh(row).next_try_at - time.now() == timedelta(seconds=90)


def test_a_mistake_of_ours_is_tried_again(gate: Gate) -> None:
    row = mail()
    gate.raises = [RuntimeError("boom")]
    draining.drain()
    assert (fresh(row).state, fresh(row).error) == ("waiting", draining.OUR_FAULT)


def test_who_dies_between_the_server_and_the_commit_sends_again_with_the_same_id(
    monkeypatch: pytest.MonkeyPatch, time: clock.Travel
) -> None:
    row = mail()
    with monkeypatch.context() as patched:
        patched.setattr(draining, "_note_sent", _killed)
        with pytest.raises(KeyboardInterrupt):
            draining.drain()
    draining.drain()
    assert len(django_mail.outbox) == 1
    time.advance(seconds=draining.LEASE.total_seconds())
    draining.drain()
    assert len(django_mail.outbox) == 2
    assert len({one.message()["Message-ID"] for one in django_mail.outbox}) == 1
    assert (fresh(row).state, fresh(row).tries) == ("sent", 2)


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_message_that_kills_every_worker_does_so_only_so_often(
    monkeypatch: pytest.MonkeyPatch, time: clock.Travel
) -> None:
    row = mail()
    monkeypatch.setattr(MailGateway, "send", _killed)
    for _ in range(draining.TRIES_MAX):
        with pytest.raises(KeyboardInterrupt):
            draining.drain()
        time.advance(seconds=draining.LEASE.total_seconds())
    draining.drain()
    assert (fresh(row).state, fresh(row).error) == ("failed", draining.GAVE_UP)


def test_what_is_of_no_use_any_more_is_not_sent(gate: Gate, time: clock.Travel) -> None:
    row = mail(expires_at=clock.now() + timedelta(minutes=5), secret=True)
    time.advance(minutes=5)
    draining.drain()
    assert (fresh(row).state, fresh(row).error, gate.sent) == ("failed", draining.TOO_LATE, [])


@pytest.mark.parametrize(("demo", "text"), [(True, "Balie: your code is 123456"), (False, "")])
def test_p2_a_code_is_wiped_once_it_was_sent(settings: Any, demo: bool, text: str) -> None:
    settings.DEMO = demo
    row = sms(secret=True)
    draining.drain()
    row = fresh(row)
    assert (row.state, row.text, row.wiped_at is None) == ("sent", text, demo)


def test_a_run_ends_in_time_and_says_that_there_is_more(
    gate: Gate, monkeypatch: pytest.MonkeyPatch, time: clock.Travel
) -> None:
    rows = [mail() for _ in range(5)]
    send = MailGateway.send

    def slowly(gateway: MailGateway, row: OutboxMessage) -> str:
        time.advance(seconds=9)
        return send(gateway, row)

    monkeypatch.setattr(MailGateway, "send", slowly)
    assert draining.drain(run_s=20) is True
    assert [fresh(row).state for row in rows] == ["sent", "sent", "sent", "waiting", "waiting"]
    assert draining.drain(run_s=20) is False
    assert {(fresh(row).state, fresh(row).tries) for row in rows} == {("sent", 1)}


@pytest.mark.django_db(transaction=True)
def test_workers_side_by_side_send_each_message_once(gate: Gate) -> None:
    rows = [mail() for _ in range(60)]
    start = threading.Barrier(4)

    def work(_: int) -> None:
        try:
            start.wait()
            draining.drain()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(work, range(4)))
    assert sorted(gate.sent) == [row.pk for row in rows]


# -- P2: SMS -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("number", ["+18765551234", "+8821612345678", "+447911123456"])
def test_p2_no_sms_goes_to_a_country_that_is_not_on_the_list(number: str) -> None:
    row = sms(number)
    draining.drain()
    assert (fresh(row).state, fresh(row).error) == ("failed", draining.COUNTRY)
    assert sms_rules.spent_today_cents() == 0
    with pytest.raises(sms_rules.CountryNotServed):
        sms_rules.require_country(number)


def test_p2_what_sms_cost_in_a_day_is_capped(time: clock.Travel) -> None:
    day = clock.now().date()
    SmsSpend.objects.create(day=day, cents=2485)
    first, second = sms(), sms()
    draining.drain()
    assert (fresh(first).state, fresh(first).cost_cents) == ("sent", 10)
    assert (fresh(second).state, fresh(second).error) == ("failed", draining.DAILY_CAP)
    assert sms_rules.spent_today_cents() == 2495
    time.advance(days=1)
    third = sms()
    draining.drain()
    assert fresh(third).state == "sent"


@pytest.mark.django_db(transaction=True)
def test_p2_the_cap_holds_when_all_come_at_once() -> None:
    def one(_: int) -> bool:
        try:
            return sms_rules.spend(100)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(one, range(40))) == 25
    assert sms_rules.spent_today_cents() == 2500


def test_p2_what_was_not_sent_is_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    class Refuses:
        def send(self, _: object) -> str:
            raise Refused("unknown number")

    monkeypatch.setattr(draining, "provider_of_settings", Refuses)
    row = sms()
    draining.drain()
    assert (fresh(row).state, fresh(row).cost_cents, sms_rules.spent_today_cents()) == ("failed", 0, 0)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("x" * 160, 1),
        ("x" * 161, 2),
        ("x" * 306, 2),
        ("x" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("کد شما" * 11, 1),
        ("ک" * 71, 2),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_p2_an_sms_costs_as_many_parts_as_it_has(text: str, parts: int) -> None:
    assert sms_rules.count_parts(text) == parts
