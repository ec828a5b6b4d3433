from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "hub.base"
    label = "base"

    def ready(self) -> None:
        from hub.base import limits
        from hub.base.api import idempotency
        from hub.base.registries import Job, jobs

        jobs.register(Job("limits.remove_expired", every_s=300, run=limits.remove_expired))
        jobs.register(Job("idempotency.remove_old", every_s=600, run=idempotency.remove_old))
