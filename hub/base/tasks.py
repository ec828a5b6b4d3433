"""Tasks that belong to no app."""

from celery import shared_task

from hub.base import heartbeat


@shared_task(name="base.worker_heartbeat", expires=30)  # type: ignore[untyped-decorator]
def worker_heartbeat() -> None:
    """Sent by beat, run by a worker: a fresh row shows that both live and that the broker passes tasks on."""
    heartbeat.beat("worker")
