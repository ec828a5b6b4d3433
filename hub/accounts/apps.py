from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "hub.accounts"
    label = "accounts"

    def ready(self) -> None:
        from hub.accounts import privacy, retention
        from hub.accounts.actions import data_exports, erasure
        from hub.accounts.sessions import remove_expired
        from hub.base.registries import Job, jobs

        privacy.declare()
        retention.declare()
        jobs.register(Job("privacy.erase_due", every_s=600, run=lambda: erasure.carry_out_due() and None))
        jobs.register(Job("privacy.erase_again", every_s=3600, run=lambda: erasure.erase_again() and None))
        jobs.register(Job("privacy.remove_exports", every_s=3600, run=data_exports.remove_expired))
        jobs.register(Job("sessions.remove_expired", every_s=3600, run=remove_expired))
