"""Addresses of the admin, under /admin/."""

from __future__ import annotations

from django.urls import path

from hub.dashboard.admin import customers

urlpatterns = [
    path("", customers.home, name="admin"),
    path("find/", customers.find, name="admin-find"),
    path("customers/", customers.customers, name="admin-customers"),
]
