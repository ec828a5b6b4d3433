"""Addresses that the pages of websites load."""

from __future__ import annotations

from django.urls import path

from hub.site import brand_files, views
from hub.site.pages import announcements, brands, settings, websites

urlpatterns = [
    path("admin/news/", announcements.news, name="admin-news"),
    path("admin/announcements/", announcements.index, name="admin-announcements"),
    path("admin/announcements/new/", announcements.new, name="admin-announcement-new"),
    path("admin/announcements/<int:announcement_id>/", announcements.edit, name="admin-announcement"),
    path(
        "admin/announcements/<int:announcement_id>/state/", announcements.change_state, name="admin-announcement-state"
    ),
    path("admin/announcements/<int:announcement_id>/seen/", announcements.seen_by, name="admin-announcement-seen"),
    path("admin/websites/", websites.index, name="admin-websites"),
    path("admin/websites/new/", websites.new, name="admin-website-new"),
    path("admin/websites/<int:website_id>/", websites.edit, name="admin-website"),
    path("admin/websites/<int:website_id>/secret/", websites.renew_secret, name="admin-website-secret"),
    path("admin/brands/", brands.index, name="admin-brands"),
    path("admin/brands/new/", brands.new, name="admin-brand-new"),
    path("admin/brands/<int:brand_id>/", brands.edit, name="admin-brand"),
    path("admin/brands/<int:brand_id>/<int:number>/", brands.preview, name="admin-brand-preview"),
    path("admin/brands/<int:brand_id>/<int:number>/publish/", brands.publish, name="admin-brand-publish"),
    path("admin/brands/<int:brand_id>/default/", brands.make_default, name="admin-brand-default"),
    path("admin/brands/<int:brand_id>/delete/", brands.delete, name="admin-brand-delete"),
    path("admin/settings/", settings.index, name="admin-settings"),
    path("admin/settings/<str:group>/", settings.save, name="admin-settings-save"),
    path("widget.js", views.loader, name="loader"),
    path("widget/frame/", views.frame, name="widget_frame"),
    path("brand/<int:brand_id>-<int:number>.css", brand_files.style, name="brand-css"),
    path("brand/logo/<str:digest>.png", brand_files.logo, name="brand-logo"),
    path("demo/", views.demo_shop, name="demo_shop"),
]
