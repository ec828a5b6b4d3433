"""/healthz, /readyz and /metrics say what is so."""

from datetime import timedelta

import pytest
from django.test import Client, override_settings

from hub.base import clock, heartbeat
from hub.base.models import Heartbeat


def test_healthz_asks_nothing_else(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


@pytest.mark.django_db
def test_readyz_wants_a_dispatcher_that_was_heard_lately(client: Client) -> None:
    assert client.get("/readyz").json()["dispatcher"] == "down"
    heartbeat.beat("dispatcher")
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "database": "ok", "redis": "ok", "dispatcher": "ok", "worker": "down"}
    Heartbeat.objects.update(at=clock.now() - timedelta(seconds=11))
    assert client.get("/readyz").status_code == 503


@pytest.mark.django_db
@override_settings(REDIS_URL="redis://127.0.0.1:1/0")
def test_readyz_tells_that_redis_is_down(client: Client) -> None:
    heartbeat.beat("dispatcher")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["redis"] == "down"


@pytest.mark.django_db
def test_a_heartbeat_never_goes_back() -> None:
    heartbeat.beat("worker")
    later = clock.now() + timedelta(hours=1)
    Heartbeat.objects.update(at=later)
    heartbeat.beat("worker")
    assert Heartbeat.objects.get(name="worker").at == later


@pytest.mark.django_db
def test_metrics_are_prometheus_text(client: Client) -> None:
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert b"process_cpu_seconds_total" in answer.content


@pytest.mark.django_db
@override_settings(METRICS_TOKEN="a-token")
def test_metrics_want_their_token_once_there_is_one(client: Client) -> None:
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer \xff"}).status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer a-token"}).status_code == 200
