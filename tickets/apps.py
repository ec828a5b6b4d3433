from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "tickets"
    label = "tickets"

    def ready(self) -> None:
        from tickets import jobs, merging, privacy, retention, wallet_origins, work_links
        from tickets.files import privacy as file_privacy
        from tickets.files import tidying

        jobs.register()
        work_links.register()
        privacy.declare()
        retention.declare()
        merging.register()
        wallet_origins.register()
        tidying.declare()
        file_privacy.declare()
