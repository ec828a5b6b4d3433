"""/healthz, /readyz and /metrics: for load balancers, containers and Prometheus."""

import hmac
from collections.abc import Callable

import redis
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from hub.base import heartbeat

OK, DOWN = "ok", "down"


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process lives and answers; nothing else is asked, so that a slow database does not get it killed."""
    return JsonResponse({"status": OK})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether requests should come here. The worker is told but does not decide: chats go on without it."""
    checks = {"database": _state(_database_answers), "redis": _state(_redis_answers)}
    silent = heartbeat.silent_names() if checks["database"] == OK else set(heartbeat.SILENT_SECONDS_MAX)
    checks |= {name: DOWN if name in silent else OK for name in heartbeat.SILENT_SECONDS_MAX}
    is_ready = all(checks[name] == OK for name in ("database", "redis", "dispatcher"))
    return JsonResponse({"status": OK if is_ready else DOWN, **checks}, status=200 if is_ready else 503)


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """This process's figures. With METRICS_TOKEN set it is needed as a bearer token."""
    given, wanted = request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}"
    if settings.METRICS_TOKEN and not hmac.compare_digest(given.encode(), wanted.encode()):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def _state(answers: Callable[[], None]) -> str:
    try:
        answers()
    except (DatabaseError, redis.RedisError, OSError):
        return DOWN
    return OK


def _database_answers() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select 1")


def _redis_answers() -> None:
    with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2) as client:
        client.ping()
