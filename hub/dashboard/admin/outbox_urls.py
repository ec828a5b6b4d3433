"""Addresses under /admin/outbox/."""

from __future__ import annotations

from django.urls import path

from hub.dashboard.admin import outbox

urlpatterns = [
    path("", outbox.index, name="admin-outbox"),
    path("retry/", outbox.retry_all, name="admin-outbox-retry-all"),
    path("<int:message_id>/retry/", outbox.retry, name="admin-outbox-retry"),
    path("<int:message_id>/files/<int:file_id>/", outbox.file, name="admin-outbox-file"),
    path("<int:message_id>/resend/", outbox.resend, name="admin-outbox-resend"),
]
