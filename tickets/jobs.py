"""What the dispatcher runs for tickets."""

from __future__ import annotations

from hub.base.registries import Job, jobs
from tickets import retention
from tickets.actions import clockwork, ruling, settling


def register() -> None:
    for job in (
        Job("tickets.clock", 15.0, clockwork.wind),
        Job("tickets.targets", 15.0, clockwork.watch_targets),
        Job("tickets.rules", 60.0, ruling.run_scheduled),
        Job("tickets.owed", 300.0, settling.charge_what_is_owed, frozenset({settling.WAKE})),
        Job("tickets.tidy", 300.0, retention.tidy),
    ):
        jobs.register(job)
