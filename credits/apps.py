from django.apps import AppConfig


class CreditsConfig(AppConfig):
    name = "credits"
    label = "credits"

    def ready(self) -> None:
        from credits.metering.tick import tick
        from hub.base.registries import Job, jobs

        jobs.register(Job("credits.tick", every_s=1.0, run=tick))
