"""Every address of the hub. The apps' own lists are joined here and nowhere else."""

from django.urls import URLPattern, URLResolver, include, path, re_path
from drf_spectacular.views import SpectacularJSONAPIView

from hub import health
from hub.accounts.public import NoSuchEndpoint

API: list[URLPattern | URLResolver] = [
    path("schema/", SpectacularJSONAPIView.as_view(), name="api-schema"),
    path("", include("hub.dashboard.api.urls")),
    path("", include("chat.urls")),
    path("", include("tickets.urls")),
    path("", include("credits.urls")),
]

handler500 = "hub.site.error_pages.server_error"
urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("api/v1/", include(API)),
    re_path("^api/", NoSuchEndpoint.as_view()),
    path("admin/", include("hub.dashboard.admin.urls")),
    path("admin/", include("chat.admin_urls")),
    path("admin/", include("credits.admin_urls")),
    path("admin/", include("tickets.admin_urls")),
    path("admin/tickets/", include("tickets.desk.urls")),
    path("", include("hub.accounts.urls")),
    path("", include("hub.dashboard.urls")),
    path("", include("hub.dashboard.page_urls")),
    path("", include("hub.dashboard.portal.urls")),
    path("", include("chat.page_urls")),
    path("", include("tickets.page_urls")),
    path("", include("credits.page_urls")),
    path("", include("hub.site.urls")),
]
