"""The Celery application: slow work (mail, files, nightly audit). Its tasks live in the apps' tasks.py."""

import os

from celery import Celery
from celery.signals import worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")

app = Celery("balie")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_ready.connect
def _tell_that_a_worker_is_there(**_: object) -> None:
    """At once, instead of with the first tick of beat: the hub is ready the sooner."""
    app.send_task("base.worker_heartbeat")
