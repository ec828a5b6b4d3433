from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "hub.site"
    label = "site"

    def ready(self) -> None:
        from hub.base.brand import brands_come_from
        from hub.base.registries import Job, jobs
        from hub.site import privacy
        from hub.site.actions.identity import remove_used_tokens
        from hub.site.brands import find_brand

        brands_come_from(find_brand)

        privacy.declare()
        jobs.register(Job("identity.remove_used_tokens", every_s=600, run=remove_used_tokens))
