"""Addresses that the pages of websites load."""

from __future__ import annotations

from django.urls import path

from hub.site import views

urlpatterns = [
    path("widget.js", views.loader, name="loader"),
    path("widget/frame/", views.frame, name="widget_frame"),
    path("demo/", views.demo_shop, name="demo_shop"),
]
