"""X6: limits are rows in PostgreSQL, raised before the try."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections, transaction
from django.test import override_settings

from hub.base import clock, limits
from hub.base.addresses import client_address
from hub.base.errors import TooFast
from hub.base.limits import Limit
from hub.base.models import LimitCounter

THREE = Limit("test", 3, 60)


@pytest.mark.django_db
def test_x6_the_fourth_is_too_fast_until_the_window_is_over() -> None:
    with clock.freeze() as time:
        for _ in range(3):
            limits.use(THREE, "a")
        time.advance(seconds=20)
        with pytest.raises(TooFast) as refusal:
            limits.use(THREE, "a")
        assert refusal.value.retry_after_ms == 40_000
        limits.use(THREE, "b")
        time.advance(seconds=41)
        limits.use(THREE, "a")


@pytest.mark.django_db
def test_a_use_can_be_given_back_and_forgotten() -> None:
    for _ in range(10):
        limits.use(THREE, "a")
        limits.give_back(THREE, "a")
    for _ in range(3):
        limits.use(THREE, "a")
    limits.forget(THREE, "a")
    limits.use(THREE, "a")


@pytest.mark.django_db
def test_old_counters_are_removed() -> None:
    with clock.freeze() as time:
        limits.use(THREE, "a")
        limits.remove_expired()
        assert LimitCounter.objects.count() == 1
        time.advance(minutes=3)
        limits.remove_expired()
        assert LimitCounter.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_count_never_makes_another_transaction_forget_to_wait_for_the_disk() -> None:
    """Alone it does not wait itself; nothing of that is left for what follows, or for what it stands in."""

    def waits() -> str:
        with connection.cursor() as cursor:
            cursor.execute("show synchronous_commit")
            return str(cursor.fetchone()[0])

    with connection.cursor() as cursor:
        cursor.execute("set synchronous_commit = on")
    try:
        limits.use(THREE, "a")
        assert waits() == "on"
        with transaction.atomic():
            limits.use(THREE, "a")
            assert waits() == "on"
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_x6_all_that_come_at_once_count() -> None:
    def attempt(_: int) -> bool:
        try:
            limits.use(THREE, "a")
        except TooFast:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(attempt, range(24))) == 3


@pytest.mark.parametrize(
    ("proxies", "meta", "address"),
    [
        (0, {"REMOTE_ADDR": "203.0.113.9", "HTTP_X_FORWARDED_FOR": "1.1.1.1"}, "203.0.113.9"),
        (1, {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "1.1.1.1, 203.0.113.9"}, "203.0.113.9"),
        (2, {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "1.1.1.1, 203.0.113.9, 10.0.0.2"}, "203.0.113.9"),
        (2, {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "1.1.1.1"}, "unknown"),
        (0, {"REMOTE_ADDR": "2001:db8:1:2:3:4:5:6"}, "2001:db8:1:2::/64"),
        (0, {"REMOTE_ADDR": "::ffff:203.0.113.9"}, "203.0.113.9"),
        (0, {}, "unknown"),
    ],
)
def test_x6_the_address_is_what_our_proxies_saw(proxies: int, meta: dict[str, object], address: str) -> None:
    with override_settings(PROXY_COUNT=proxies):
        assert client_address(meta) == address
