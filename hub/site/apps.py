from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from hub.accounts.access import Person


class SiteConfig(AppConfig):
    name = "hub.site"
    label = "site"

    def ready(self) -> None:
        from hub.base.brand import brands_come_from
        from hub.base.registries import Job, NavItem, admin_nav, jobs
        from hub.site import merging, privacy
        from hub.site.actions.identity import remove_used_tokens
        from hub.site.announcements import count_unseen
        from hub.site.brands import current_brand

        brands_come_from(current_brand)

        privacy.declare()
        merging.register()
        jobs.register(Job("identity.remove_used_tokens", every_s=600, run=remove_used_tokens))
        admin_nav.register(NavItem("news", _("News"), "megaphone", "admin-news", 50, count=count_unseen))
        admin_nav.register(NavItem("brands", _("Brands"), "palette", "admin-brands", 60, shown=_is_owner))
        admin_nav.register(NavItem("websites", _("Websites"), "globe", "admin-websites", 65, shown=_is_owner))
        admin_nav.register(NavItem("settings", _("Settings"), "settings", "admin-settings", 78, shown=_is_owner))


def _is_owner(person: Person) -> bool:
    return person.is_owner
