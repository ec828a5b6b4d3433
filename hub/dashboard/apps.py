from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DashboardConfig(AppConfig):
    name = "hub.dashboard"
    label = "dashboard"

    def ready(self) -> None:
        from hub.base.registries import DepartmentTab, NavItem, admin_nav, department_tabs, portal_nav
        from hub.dashboard.admin.approvals import count_waiting
        from hub.dashboard.admin.customer_tabs import register_tabs

        admin_nav.register(NavItem("chats", _("Chats"), "messages-square", "console", 10))
        admin_nav.register(NavItem("people", _("People"), "users", "admin-customers", 20))
        # Translators: companies that are customers; one word, for the narrow navigation.
        admin_nav.register(NavItem("organisations", _("Organisations"), "briefcase", "admin-organisations", 25))
        admin_nav.register(
            NavItem("approvals", _("Approvals"), "badge-check", "admin-approvals", 28, _in_charge, count_waiting)
        )
        admin_nav.register(NavItem("departments", _("Departments"), "building-2", "admin-departments", 30))
        admin_nav.register(NavItem("staff", _("Staff"), "headset", "admin-staff", 40))
        admin_nav.register(NavItem("outbox", _("Outbox"), "mail", "admin-outbox", 70, shown=lambda who: who.is_owner))
        admin_nav.register(NavItem("audit", _("Audit"), "scroll-text", "admin-audit", 80, lambda who: who.is_owner))
        admin_nav.register(NavItem("live", _("Live"), "gauge", "board", 90))
        portal_nav.register(NavItem("home", _("Home"), "house", "start", 0))
        portal_nav.register(NavItem("news", _("News"), "megaphone", "portal-news", 80))
        portal_nav.register(NavItem("help", _("Help"), "life-buoy", "portal-help", 90))
        department_tabs.register(DepartmentTab("chats", _("Hours and chats"), 10, "admin-department"))
        register_tabs()


def _in_charge(person: Any) -> bool:
    """Who may approve (L6)."""
    return bool(person.is_owner or person.managed)
