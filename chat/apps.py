from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChatConfig(AppConfig):
    name = "chat"
    label = "chat"

    def ready(self) -> None:
        from chat import (  # billing listens to credits by being imported
            billing,
            board,
            escalation,
            jobs,
            merging,
            privacy,
            retention,
            staffing,  # noqa: F401 - listens to accounts by being imported
            wallet_origins,
            work_links,
        )
        from chat.actions import escalating, limit_asking, refunds  # noqa: F401 - limit_asking listens by being imported
        from chat.admin import count_refund_requests
        from hub.base.registries import NavItem, admin_nav, portal_nav

        jobs.register()
        board.register()
        work_links.register()
        privacy.declare()
        retention.declare()
        merging.register()
        wallet_origins.register()
        escalation.register(escalating.Chats())
        billing.carry_out_refunds(refunds.carry_out)
        portal_nav.register(NavItem("chats", _("Chats"), "messages-square", "chats-page", 10))
        admin_nav.register(NavItem("refunds", _("Refunds"), "undo-2", "admin-refunds", 27, count=count_refund_requests))
