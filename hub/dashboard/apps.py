from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DashboardConfig(AppConfig):
    name = "hub.dashboard"
    label = "dashboard"

    def ready(self) -> None:
        from hub.base.registries import NavItem, admin_nav, portal_nav

        admin_nav.register(NavItem("chats", _("Chats"), "messages-square", "console", 10))
        admin_nav.register(NavItem("people", _("People"), "users", "admin-customers", 20))
        admin_nav.register(NavItem("departments", _("Departments"), "building-2", "admin-departments", 30))
        admin_nav.register(NavItem("staff", _("Staff"), "headset", "admin-staff", 40))
        admin_nav.register(NavItem("outbox", _("Outbox"), "mail", "admin-outbox", 70, shown=lambda who: who.is_owner))
        admin_nav.register(NavItem("live", _("Live"), "gauge", "board", 90))
        portal_nav.register(NavItem("home", _("Home"), "house", "start", 0))
        portal_nav.register(NavItem("news", _("News"), "megaphone", "portal-news", 80))
        portal_nav.register(NavItem("help", _("Help"), "life-buoy", "portal-help", 90))
