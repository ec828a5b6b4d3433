"""What is in the outbox, for pages and figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Min, Prefetch, Q, QuerySet

from hub.base import clock
from hub.base.models import OutboxFile, OutboxMessage

PAGE: int = 50
SEARCH_CHARACTERS_MAX = 100


@dataclass(frozen=True, slots=True)
class Waiting:
    channel: str
    count: int
    oldest_seconds: float


def waiting() -> list[Waiting]:
    """How much waits per channel, and for how long. What was just written counts too."""
    now = clock.now()
    rows = (
        OutboxMessage.objects.filter(state=OutboxMessage.State.WAITING)
        .values("channel")
        .annotate(count=Count("pk"), oldest=Min("created_at"))
    )
    found = {row["channel"]: (row["count"], (now - row["oldest"]).total_seconds()) for row in rows}
    return [Waiting(channel, *found.get(channel, (0, 0.0))) for channel in sorted(OutboxMessage.Channel.values)]


def count_failed(days: int = 1) -> int:
    """That failed of what was written in the last days."""
    since = clock.now() - timedelta(days=days)
    return OutboxMessage.objects.filter(state=OutboxMessage.State.FAILED, created_at__gte=since).count()


def counts() -> dict[str, int]:
    """By state, each counted no further than a page can tell."""
    return {state: OutboxMessage.objects.filter(state=state).order_by()[:1000].count() for state in STATES}


STATES = OutboxMessage.State.values


def find(*, search: str = "", state: str = "", before: int | None = None) -> QuerySet[OutboxMessage]:
    """Newest first, with the names of their files; `search` is part of a recipient or subject."""
    rows = OutboxMessage.objects.order_by("-pk")
    if state in STATES:
        rows = rows.filter(state=state)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    for word in search.replace("\0", "")[:SEARCH_CHARACTERS_MAX].split():
        rows = rows.filter(Q(to__icontains=word) | Q(subject__icontains=word))
    return rows.prefetch_related(Prefetch("files", OutboxFile.objects.defer("content").order_by("pk")))


def find_file(message_id: int, file_id: int) -> OutboxFile | None:
    return OutboxFile.objects.filter(pk=file_id, message=message_id).first()
