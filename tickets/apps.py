from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "tickets"
    label = "tickets"

    def ready(self) -> None:
        from tickets import entry_files, jobs, merging, privacy, retention, wallet_origins, work_links
        from tickets.actions import ruling
        from tickets.files import privacy as file_privacy
        from tickets.files import tidying
        from tickets.knowledge import home
        from tickets.knowledge import privacy as knowledge_privacy

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
