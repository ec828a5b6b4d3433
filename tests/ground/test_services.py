"""The tests stand on a real PostgreSQL and a real Valkey."""

import pytest
import redis
from django.conf import settings
from django.db import connection


@pytest.mark.django_db
def test_postgresql_answers_and_sorts_by_code_point() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('server_version_num')::int, 'Z' < 'a'")
        version, by_code_point = cursor.fetchone()
    assert version >= 180000
    assert by_code_point


def test_valkey_keeps_what_it_is_given() -> None:
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.set("balie:ground", "here", ex=5)
        assert client.get("balie:ground") == b"here"
