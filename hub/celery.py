"""The Celery application: slow work (mail, files, nightly audit). Its tasks live in the apps' tasks.py."""

import os
import warnings

from celery import Celery
from celery.platforms import SecurityWarning
from celery.signals import import_modules, worker_ready

from hub import loading

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")

# About pickle as root; messages are JSON here, and in production the container runs as nobody special.
warnings.filterwarnings("ignore", category=SecurityWarning)

import_modules.connect(lambda **_: loading.begins(), weak=False)  # before Celery's own, which loads Django
app = Celery("balie")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
import_modules.connect(lambda **_: loading.ends(), weak=False)


@worker_ready.connect  # type: ignore[untyped-decorator]
def _tell_that_a_worker_is_there(**_: object) -> None:
    """At once, instead of with the first tick of beat: the hub is ready the sooner."""
    app.send_task("base.worker_heartbeat")
