"""Celery's clock: it sends the tasks of the schedule by their names, and so needs neither Django's apps nor ours."""

import os

from celery import Celery
from django.conf import settings

from hub import logs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")

app = Celery("balie", fixups=[])  # without the one that loads Django
app.config_from_object("django.conf:settings", namespace="CELERY")
logs.configure(settings.LOGGING)
