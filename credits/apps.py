from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CreditsConfig(AppConfig):
    name = "credits"
    label = "credits"

    def ready(self) -> None:
        from credits import limits, merging, privacy  # noqa: F401 - limits listens to who joins and leaves
        from credits.admin.money import count_waiting
        from credits.ledger.holds import expire_due_holds
        from credits.metering.audit import find_offences
        from credits.metering.tick import tick
        from credits.store import audit as store_audit
        from credits.store import (
            money_refunds,  # noqa: F401 - what waits for a second person is carried out there
            wallet_origins,
        )
        from credits.vip import align_astray
        from hub.base.registries import Job, NavItem, account_menu, admin_nav, audits, jobs, portal_nav

        privacy.declare()
        merging.register()
        wallet_origins.register()
        jobs.register(Job("credits.tick", every_s=1.0, run=tick))
        jobs.register(Job("credits.holds", every_s=10.0, run=expire_due_holds))
        jobs.register(Job("credits.vip", every_s=30.0, run=align_astray))
        audits.add("credits", find_offences)
        audits.add("store", store_audit.find_offences)
        portal_nav.register(NavItem("personnel", _("Personnel"), "users", "personnel", 60, _is_member))
        alone = NavItem("organisation", _("Begin an organisation"), "building-2", "personnel", 60, _is_on_their_own)
        account_menu.register(alone)
        portal_nav.register(NavItem("credits", _("Credits"), "coins", "portal-wallet", 70))
        admin_nav.register(NavItem("money", _("Money"), "hand-coins", "admin-money", 29, _is_owner, count_waiting))


def _is_owner(person: Any) -> bool:
    return bool(person.is_owner)


def _is_member(person: Any) -> bool:
    return person.organisation_id is not None


def _is_on_their_own(person: Any) -> bool:
    return person.kind == "customer" and person.organisation_id is None
