"""Addresses that the pages of websites load."""

from __future__ import annotations

from django.urls import path

from hub.site import brand_files, views
from hub.site.pages import settings

urlpatterns = [
    path("admin/settings/", settings.index, name="admin-settings"),
    path("admin/settings/<str:group>/", settings.save, name="admin-settings-save"),
    path("widget.js", views.loader, name="loader"),
    path("widget/frame/", views.frame, name="widget_frame"),
    path("brand/<int:brand_id>-<int:number>.css", brand_files.style, name="brand-css"),
    path("brand/logo/<str:digest>.png", brand_files.logo, name="brand-logo"),
    path("demo/", views.demo_shop, name="demo_shop"),
]
