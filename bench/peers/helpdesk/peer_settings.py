"""django-helpdesk as its documentation sets it up, on PostgreSQL; in an environment of its own (bench/helpdesk.py).

env: DSN_HOST, DSN_PORT, DSN_USER, DSN_PASSWORD, DSN_NAME.
"""

from __future__ import annotations

import os

SECRET_KEY = "bench"  # it signs nothing
DEBUG = False
ALLOWED_HOSTS = ["*"]
USE_TZ = True
SITE_ID = 1
ROOT_URLCONF = "peer_urls"
STATIC_URL = "/static/"
MEDIA_URL = "/media/"
HELPDESK_TEAMS_MODE_ENABLED = False  # an option with a package of its own
LOGIN_URL = "/login/"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sites",
    "django.contrib.humanize",
    "rest_framework",
    "helpdesk",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ["DSN_NAME"],
        "HOST": os.environ["DSN_HOST"],
        "PORT": os.environ["DSN_PORT"],
        "USER": os.environ["DSN_USER"],
        "PASSWORD": os.environ["DSN_PASSWORD"],
        "CONN_MAX_AGE": None,
        # As ours: both are measured without the just-in-time compiler, which costs more than it saves here.
        "OPTIONS": {"options": "-c jit=off"},
    }
}
