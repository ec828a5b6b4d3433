from django.apps import AppConfig
from django.utils.translation import gettext_lazy


class AccountsConfig(AppConfig):
    name = "hub.accounts"
    label = "accounts"

    def ready(self) -> None:
        from hub.accounts import privacy, retention
        from hub.accounts.actions import data_exports, erasure, housekeeping, merging
        from hub.accounts.sessions import remove_expired
        from hub.base.registries import Job, NavItem, account_menu, jobs

        privacy.declare()
        retention.declare()
        merging.register()
        jobs.register(Job("privacy.erase_due", every_s=600, run=erasure.carry_out_due))
        jobs.register(Job("privacy.erase_again", every_s=3600, run=erasure.erase_again))
        jobs.register(Job("privacy.remove_exports", every_s=3600, run=data_exports.remove_expired))
        jobs.register(Job("sessions.remove_expired", every_s=3600, run=remove_expired))
        jobs.register(Job("sign_in.remove_old", every_s=3600, run=housekeeping.remove_old))
        for place in (
            NavItem("profile", gettext_lazy("My details"), "user-round", "profile", 10),
            NavItem("security", gettext_lazy("Security"), "key-round", "profile-security", 15),
            NavItem("devices", gettext_lazy("Devices"), "monitor-smartphone", "profile-devices", 20),
            NavItem("privacy", gettext_lazy("Your data"), "shield-check", "profile-privacy", 30),
        ):
            account_menu.register(place)
