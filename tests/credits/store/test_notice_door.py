"""The door for notices: kept once, answered at once, bounded; what is no notice goes on to the pages (S3, X6)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from credits.models import PaymentNotice, Purchase
from credits.store import notice_door, notices
from credits.store.notices import BODY_BYTES_MAX, UNKNOWN, handle_waiting
from credits.store.providers.base import Notice
from credits.store.providers.sandbox import Sandbox
from credits.store.purchases import Wish, start
from tests.credits.store.door import Knock, knock
from tests.credits.store.shop import make_buyer, open_shop

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop() -> Iterator[None]:
    with open_shop(Sandbox()):  # type: ignore[arg-type]
        yield


def _payment() -> Purchase:
    _, person, _ = make_buyer()
    return start(person, Wish(credits=50, provider="sandbox", method="ideal", key="k"))


def _about(ref: str | None) -> bytes:
    return json.dumps({"payment": ref}).encode()


def test_hundreds_at_once_are_each_kept_once_S3(shop: None) -> None:
    bodies = [_about(_payment().provider_ref) for _ in range(20)]
    assert set(knock(*[Knock(body) for body in bodies * 10])) == {200}
    assert PaymentNotice.objects.count() == 20
    assert handle_waiting() == 20
    assert set(knock(*[Knock(body) for body in bodies])) == {200}
    assert PaymentNotice.objects.filter(waiting=True).count() == 20  # the same words may tell of something new


def test_what_waits_is_kept_by_one_statement(shop: None) -> None:
    batch = [notices.read("sandbox", Notice(_about(_payment().provider_ref))) for _ in range(30)]
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert notices.keep([*batch, *batch]) == [True] * 60
    assert len(asked) == 1


def test_a_stranger_is_answered_alike_and_only_so_often_S3_X6(shop: None, monkeypatch: Any) -> None:
    monkeypatch.setattr(notices, "UNKNOWN", type(UNKNOWN)("store.notice.unknown", 3, 3600))
    strangers = [Knock(_about(f"sb_nobody{number}")) for number in range(5)]
    known, elsewhere = Knock(_about(_payment().provider_ref)), Knock(_about("sb_other"), sender="198.51.100.7")
    assert sorted(knock(*strangers, known, elsewhere)) == [200] * 5 + [429] * 2
    assert (known.status, elsewhere.status) == (200, 200)
    assert {one.answer.get("retry-after", "") != "" for one in strangers if one.status == 429} == {True}
    assert PaymentNotice.objects.count() == 5


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        (Knock(b"junk"), 404),
        (Knock(_about("sb_\0")), 404),
        (Knock(_about("sb_\ud800")), 404),
        (Knock(b"id=tr_1", path="/hooks/payments/mollie/"), 404),
        (Knock(b"x" * (BODY_BYTES_MAX + 1)), 413),
        (Knock(b"x" * (BODY_BYTES_MAX + 1), headers={"content-length": "1"}), 413),
        (Knock(b"", headers={"content-length": "many"}), 413),
        (Knock(method="DELETE"), 405),
        (Knock(path="/hooks/payments/sandbox"), 418),
        (Knock(path="/hooks/payments/../sandbox/"), 418),
        (Knock(path="/"), 418),
    ],
)
def test_what_is_refused_and_what_is_not_for_the_door_X6(shop: None, asked: Knock, status: int) -> None:
    assert knock(asked) == [status]
    assert PaymentNotice.objects.count() == 0


def test_a_strange_notice_spoils_no_other_one_S3(shop: None) -> None:
    ours, strange = Knock(_about(_payment().provider_ref)), Knock(_about(_payment().provider_ref))
    strange.path += "?a=%00&b=%ED%A0%80&c=%u0000"
    strange.headers = {"x-odd": "\\u0000", "cookie": "secret", "authorization": "secret"}
    assert knock(ours, strange) == [200, 200]
    assert handle_waiting() == 2
    assert {tuple(sorted(row.headers)) for row in PaymentNotice.objects.all()} == {
        ("content-length",),
        ("content-length", "x-odd"),
    }


def test_a_database_that_is_away_is_said_and_the_next_one_is_kept_S3(shop: None, monkeypatch: Any) -> None:
    keep, tries = notices.keep, []

    def away_at_first(batch: Any) -> list[bool]:
        tries.append(batch)
        if len(tries) == 1:
            raise ConnectionError
        return keep(batch)

    monkeypatch.setattr(notices, "keep", away_at_first)
    asked = Knock(_about(_payment().provider_ref))
    assert knock(asked) == [503]
    assert asked.answer["retry-after"] == notice_door.BUSY_RETRY_S
    assert knock(asked) == [200]
    assert PaymentNotice.objects.count() == 1
