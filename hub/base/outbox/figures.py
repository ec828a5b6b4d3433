"""The outbox in /metrics: asked of the database when Prometheus asks us, by whichever process it asks."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import Error as DatabaseError
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import REGISTRY, Collector

from hub.base.outbox.queries import count_failed, waiting


class OutboxFigures(Collector):
    def collect(self) -> Iterator[GaugeMetricFamily]:
        count = GaugeMetricFamily("balie_outbox_waiting", "Messages that wait to be sent", labels=["channel"])
        oldest = GaugeMetricFamily(
            "balie_outbox_oldest_seconds", "For how long the oldest of them has been waiting", labels=["channel"]
        )
        failed = GaugeMetricFamily("balie_outbox_failed", "Messages of the last day that could not be sent")
        try:
            for row in waiting():
                count.add_metric([row.channel], row.count)
                oldest.add_metric([row.channel], row.oldest_seconds)
            failed.add_metric([], count_failed())
        except DatabaseError:
            return  # /readyz tells; the other figures are still wanted
        yield from (count, oldest, failed)

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Nothing is asked of the database when this is registered."""
        return iter(())


def register() -> None:
    REGISTRY.register(OutboxFigures())
