from django.apps import AppConfig


class ChatConfig(AppConfig):
    name = "chat"
    label = "chat"

    def ready(self) -> None:
        from chat import billing, board, jobs, work_links  # noqa: F401 - billing listens to credits by being imported

        jobs.register()
        board.register()
        work_links.register()
