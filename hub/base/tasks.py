"""Tasks that belong to no app."""

import structlog
from celery import shared_task

from hub.base import heartbeat, retention
from hub.base.outbox.draining import drain_alone
from hub.base.outbox.nudging import DRAIN_TASK, nudge
from hub.base.registries import audits

log = structlog.get_logger(__name__)


@shared_task(name="base.worker_heartbeat", expires=30)  # type: ignore[untyped-decorator]
def worker_heartbeat() -> None:
    """Sent by beat, run by a worker: a fresh row shows that both live and that the broker passes tasks on."""
    heartbeat.beat("worker")


@shared_task(name="base.audit", expires=3600)  # type: ignore[untyped-decorator]
def audit_everything() -> int:
    """Sent by beat every night: each thing that does not add up is an error in the log; how many there were (M7)."""
    offences = 0
    for audit in audits:
        for offence in audit.find():
            offences += 1
            log.error("audit.offence", rule=offence.rule, subject=offence.subject, text=offence.text)
    log.info("audit.done", audits=[audit.name for audit in audits], offences=offences)
    return offences


@shared_task(name="base.retention", expires=3600)  # type: ignore[untyped-decorator]
def apply_retention() -> None:
    """Sent by beat every night: what was kept long enough goes (P10)."""
    retention.apply_all()


@shared_task(name=DRAIN_TASK, expires=30)  # type: ignore[untyped-decorator]
def drain_outbox() -> None:
    """Asked for when a message was written, and by beat every few seconds."""
    if drain_alone():
        nudge()
