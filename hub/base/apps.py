from django.apps import AppConfig
from django.db.backends.base.base import BaseDatabaseWrapper


class BaseConfig(AppConfig):
    name = "hub.base"
    label = "base"

    def ready(self) -> None:
        from hub.base import limits, privacy
        from hub.base.api import idempotency
        from hub.base.outbox import figures, wiping
        from hub.base.registries import Job, jobs

        # With DEBUG Django keeps the text of 9000 statements per thread, for a debug toolbar that we do not have.
        BaseDatabaseWrapper.queries_limit = 100

        privacy.declare()
        jobs.register(Job("limits.remove_expired", every_s=300, run=limits.remove_expired))
        figures.register()
        jobs.register(Job("outbox.wipe_secrets", every_s=60, run=wiping.wipe_secrets))
        jobs.register(Job("idempotency.remove_old", every_s=600, run=idempotency.remove_old))
