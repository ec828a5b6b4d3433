"""Addresses of the admin, under /admin/."""

from __future__ import annotations

from django.urls import include, path

from hub.dashboard.admin import customers

urlpatterns = [
    path("", include("hub.dashboard.admin.setup_urls")),
    path("outbox/", include("hub.dashboard.admin.outbox_urls")),
    path("", customers.home, name="admin"),
    path("find/", customers.find, name="admin-find"),
    path("customers/", customers.customers, name="admin-customers"),
]
