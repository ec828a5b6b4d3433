from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "hub.accounts"
    label = "accounts"

    def ready(self) -> None:
        from hub.accounts import privacy
        from hub.accounts.sessions import remove_expired
        from hub.base.registries import Job, jobs

        privacy.declare()
        jobs.register(Job("sessions.remove_expired", every_s=3600, run=remove_expired))
