from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "hub.site"
    label = "site"

    def ready(self) -> None:
        from hub.base.registries import Job, jobs
        from hub.site.actions.identity import remove_used_tokens

        jobs.register(Job("identity.remove_used_tokens", every_s=600, run=remove_used_tokens))
