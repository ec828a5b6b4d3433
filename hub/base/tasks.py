"""Tasks that belong to no app."""

import structlog
from celery import shared_task

from hub.base import heartbeat
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
