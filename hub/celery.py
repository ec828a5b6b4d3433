"""The Celery application: slow work (mail, files, nightly audit). Its tasks live in the apps' tasks.py."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")

app = Celery("balie")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
