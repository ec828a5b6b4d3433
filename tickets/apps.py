from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TicketsConfig(AppConfig):
    name = "tickets"
    label = "tickets"

    def ready(self) -> None:
        from hub.base.registries import DepartmentTab, NavItem, admin_nav, department_tabs, portal_nav
        from tickets import entry_files, jobs, merging, privacy, retention, wallet_origins, work_links
        from tickets.actions import ruling
        from tickets.files import privacy as file_privacy
        from tickets.files import tidying
        from tickets.knowledge import home
        from tickets.knowledge import privacy as knowledge_privacy
        from tickets.queries import count_waiting

        ruling.listen()
        entry_files.register()
        jobs.register()
        work_links.register()
        privacy.declare()
        retention.declare()
        merging.register()
        wallet_origins.register()
        tidying.declare()
        file_privacy.declare()
        home.register()
        knowledge_privacy.declare()
        admin_nav.register(NavItem("articles", _("Articles"), "book-open", "admin-articles", 15))
        admin_nav.register(NavItem("rules", _("Rules"), "zap", "admin-rules", 45, shown=lambda who: who.is_owner))
        admin_nav.register(NavItem("bin", _("Bin"), "trash-2", "admin-bin", 75, shown=lambda who: who.is_owner))
        department_tabs.register(DepartmentTab("tickets", _("Tickets"), 20, "admin-department-tickets"))
        department_tabs.register(DepartmentTab("form", _("Ticket form"), 30, "admin-department-form"))
        admin_nav.register(NavItem("tickets", _("Tickets"), "ticket", "desk-tickets", 15, count=count_waiting))
        portal_nav.register(NavItem("tickets", _("Tickets"), "ticket", "tickets-page", 20))
