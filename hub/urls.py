"""Every address of the hub. The apps' own lists are joined here and nowhere else."""

from django.urls import URLPattern, URLResolver, include, path

from hub import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("", include("hub.dashboard.page_urls")),
    path("", include("hub.site.urls")),
]
