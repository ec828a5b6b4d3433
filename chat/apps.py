from django.apps import AppConfig


class ChatConfig(AppConfig):
    name = "chat"
    label = "chat"

    def ready(self) -> None:
        from chat import (  # billing listens to credits by being imported
            billing,  # noqa: F401
            board,
            jobs,
            privacy,
            work_links,
        )

        jobs.register()
        board.register()
        work_links.register()
        privacy.declare()
