from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DashboardConfig(AppConfig):
    name = "hub.dashboard"
    label = "dashboard"

    def ready(self) -> None:
        from hub.base.registries import NavItem, admin_nav, portal_nav

        admin_nav.register(NavItem("chats", _("Chats"), "messages-square", "console", 10))
        admin_nav.register(NavItem("people", _("People"), "users", "admin-customers", 20))
        admin_nav.register(NavItem("live", _("Live"), "gauge", "board", 90))
        portal_nav.register(NavItem("home", _("Home"), "house", "start", 0))
        portal_nav.register(NavItem("news", _("News"), "megaphone", "portal-news", 80))
        portal_nav.register(NavItem("help", _("Help"), "life-buoy", "portal-help", 90))
