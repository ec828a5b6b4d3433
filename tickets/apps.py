from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "tickets"
    label = "tickets"

    def ready(self) -> None:
        from tickets import entry_files, jobs, merging, privacy, retention, wallet_origins, work_links
        from tickets.actions import ruling
        from tickets.files import privacy as file_privacy
        from tickets.files import tidying

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
