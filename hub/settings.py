"""All settings, each from the environment (docs/operations.md lists them). Unsafe ones are refused at the end (X7)."""

import os
import re
from pathlib import Path
from typing import Any

import dj_database_url
from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from hub.launcher.catalogs import shipped_languages

BASE_DIR = Path(__file__).resolve().parent.parent


def _text(name: str, default: str = "") -> str:
    return os.environ.get(name, "") or default


def _flag(name: str, default: bool = False) -> bool:
    return _text(name, "1" if default else "0").lower() in ("1", "true", "yes", "on")


def _number(name: str, default: int) -> int:
    try:
        return int(_text(name, str(default)))
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number.") from None


def _names(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in _text(name, default).split(",") if part.strip()]


# -- What this hub is --------------------------------------------------------------------------------------------------
DEBUG = _flag("DEBUG")
DEMO = DEBUG  # demo data, demo shop and the list of demo accounts exist only with DEBUG (X7)
DEMO_SECRET_PREFIX = "demo-"  # noqa: S105 - a mark by which a secret of `make run` is known and refused in production
SECRET_KEY = _text("SECRET_KEY", f"{DEMO_SECRET_PREFIX}not-a-secret-not-a-secret-not-a-secret" if DEBUG else "")
SECRET_KEY_FALLBACKS = _names("SECRET_KEY_FALLBACKS")  # secrets of before, while what they signed is still good
ALLOWED_HOSTS = _names("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]" if DEBUG else "")
CSRF_TRUSTED_ORIGINS = _names("CSRF_TRUSTED_ORIGINS")
VAR = BASE_DIR / _text("VAR", "var")
PORT = _number("PORT", 8000)
PUBLIC_URL = _text("PUBLIC_URL", f"http://127.0.0.1:{PORT}" if DEBUG else "").rstrip("/")
HTTPS = PUBLIC_URL.startswith("https://")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "django_vite",
    "csp",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "hub.base",
    "hub.accounts",
    "hub.site",
    "credits",
    "tickets",
    "chat",
    "hub.dashboard",
]

MIDDLEWARE = [
    "hub.logs.request_id",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "hub.site.middleware.brand",
    "hub.site.languages.PageLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "hub.accounts.middleware.SignedInMiddleware",
    "hub.accounts.middleware.SecondFactorMiddleware",
    "hub.site.languages.account_language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "hub.site.sent_by_script.sent_by_script",  # the innermost, so that messages are kept for the page that follows
    *(["hub.site.not_found.OwnPage"] if DEBUG else []),
]

ROOT_URLCONF = "hub.urls"
ASGI_APPLICATION = "hub.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "frontend" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "hub.site.context.page",
            ],
        },
    },
]

# -- PostgreSQL: the truth ---------------------------------------------------------------------------------------------
DATABASE_URL = _text("DATABASE_URL")
_database: dict[str, Any] = dict(dj_database_url.parse(DATABASE_URL)) if DATABASE_URL else {}
_statement_timeout_s = _number("DATABASE_STATEMENT_TIMEOUT_S", 30)
_database_options: dict[str, Any] = {
    **_database.get("OPTIONS", {}),
    # One slow statement must not hold a thread of the web process for ever (every wait is bounded).
    # No JIT: it would compile the sweep anew for each batch, which takes longer than the sweep. No parallel workers: to
    # start them takes longer than our statements, and the planner takes them where an index would do.
    "options": f"-c statement_timeout={_statement_timeout_s}s -c idle_in_transaction_session_timeout=60s -c jit=off"
    " -c max_parallel_workers_per_gather=0",
    "application_name": _text("BALIE_PROCESS", "balie"),
}
if _flag("DATABASE_POOL", default=True):
    _database_options["pool"] = {"min_size": 1, "max_size": _number("DATABASE_POOL_MAX", 12), "timeout": 10}
DATABASES = {
    "default": {
        **_database,
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 0,  # the pool keeps them; Django must give each back after use
        "CONN_HEALTH_CHECKS": True,  # a connection that PostgreSQL's restart has cut is replaced, not handed out
        "OPTIONS": _database_options,
    }
}

# -- Redis or Valkey: hints, cache, broker -----------------------------------------------------------------------------
REDIS_URL = _text("REDIS_URL", "redis://127.0.0.1:6379/0" if DEBUG else "")
REDIS_PREFIX = _text("REDIS_PREFIX", "balie")  # two hubs may share one Redis
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": REDIS_PREFIX,
        "OPTIONS": {"socket_timeout": 3, "socket_connect_timeout": 3},
    }
}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {
            "hosts": [
                {
                    "address": REDIS_URL,
                    # redis-py 8 gives up after 5 s of silence, which closed every idle socket.
                    "socket_timeout": 30,
                    "socket_connect_timeout": 3,
                    "max_connections": 64,
                    "health_check_interval": 15,
                }
            ],
            "prefix": REDIS_PREFIX,
        },
    }
}

CELERY_BROKER_URL = REDIS_URL
CELERY_RESULT_BACKEND = REDIS_URL
CELERY_TIMEZONE = "UTC"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True  # a task may run twice, never not at all: each carries a key
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE: dict[str, Any] = {
    "worker-heartbeat": {"task": "base.worker_heartbeat", "schedule": 15.0, "options": {"expires": 30}},
    "outbox": {"task": "base.drain_outbox", "schedule": 5.0, "options": {"expires": 5}},
    "announcements": {"task": "site.mail_announcements", "schedule": 15.0, "options": {"expires": 15}},
    "exports": {"task": "accounts.make_exports", "schedule": 10.0, "options": {"expires": 10}},
    "payment-notices": {"task": "credits.handle_notices", "schedule": 5.0, "options": {"expires": 5}},
    "payments": {"task": "credits.look_at_payments", "schedule": 15.0, "options": {"expires": 15}},
    "mandates": {"task": "credits.revoke_mandates", "schedule": 120.0, "options": {"expires": 120}},
    "receipts": {"task": "credits.issue_receipts", "schedule": 10.0, "options": {"expires": 10}},
    "auto-top-up": {"task": "credits.auto_top_up", "schedule": 15.0, "options": {"expires": 15}},
    "pictures": {"task": "tickets.draw_pictures", "schedule": 5.0, "options": {"expires": 5}},
    "files": {"task": "tickets.tidy_files", "schedule": 300.0, "options": {"expires": 300}},
    "lots": {"task": "credits.expire_lots", "schedule": 300.0, "options": {"expires": 300}},
    "old-lots": {
        "task": "credits.expire_old_lots",
        "schedule": crontab(hour="0", minute="20"),
        "options": {"expires": 3600},
    },
    "tallies": {
        "task": "credits.keep_tallies",
        "schedule": crontab(hour="0", minute="1"),
        "options": {"expires": 3600},
    },
    "standing": {
        "task": "credits.count_standing",
        "schedule": crontab(hour="0", minute="5"),
        "options": {"expires": 3600},
    },
    "retention": {"task": "base.retention", "schedule": crontab(hour="2", minute="20"), "options": {"expires": 3600}},
    "nightly-audit": {"task": "base.audit", "schedule": crontab(hour="3", minute="15"), "options": {"expires": 3600}},
}
# Play money buys real credits: outside of a demo the sandbox is off unless somebody switches it on.
SANDBOX_PAYMENTS = _flag("SANDBOX_PAYMENTS", default=DEMO)
if SANDBOX_PAYMENTS:
    CELERY_BEAT_SCHEDULE["sandbox"] = {
        "task": "credits.sandbox_notices",
        "schedule": 1.0,
        "options": {"expires": 2},
    }
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "global_keyprefix": f"{REDIS_PREFIX}:",
    "socket_timeout": 30,
    "visibility_timeout": 3600,
}

# -- Sign-in -----------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]  # only reads sessions; hub.accounts signs in
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
# Failures before an account is shut for a while: from one address, from everywhere, and of one address on all accounts.
SIGN_IN_FAILURES_MAX = _number("SIGN_IN_FAILURES_MAX", 8)
SIGN_IN_FAILURES_EVERYWHERE_MAX = _number("SIGN_IN_FAILURES_EVERYWHERE_MAX", 30)
SIGN_IN_FAILURES_OF_ADDRESS_MAX = _number("SIGN_IN_FAILURES_OF_ADDRESS_MAX", 100)
SIGN_IN_SHUT_S = _number("SIGN_IN_SHUT_S", 900)
# One-time codes (P2): how many are sent for one account, from one address, and into one range of a thousand numbers.
# With five tries each, a stranger has a hundred guesses a day at one account, of a million.
CODES_PER_15_MINUTES_MAX = _number("CODES_PER_15_MINUTES_MAX", 5)
CODES_PER_DAY_MAX = _number("CODES_PER_DAY_MAX", 3000 if DEMO else 20)
CODES_OF_ADDRESS_PER_HOUR_MAX = _number("CODES_OF_ADDRESS_PER_HOUR_MAX", 3000 if DEMO else 60)
CODES_OF_RANGE_PER_HOUR_MAX = _number("CODES_OF_RANGE_PER_HOUR_MAX", 3000 if DEMO else 20)
CODE_TRIES_PER_HOUR_MAX = _number("CODE_TRIES_PER_HOUR_MAX", 25)  # wrong ones, per account
LINKS_PER_HOUR_MAX = _number("LINKS_PER_HOUR_MAX", 5)  # that are mailed to one account because somebody asked
LINKS_OF_ADDRESS_PER_HOUR_MAX = _number("LINKS_OF_ADDRESS_PER_HOUR_MAX", 3000 if DEMO else 30)
REGISTRATIONS_OF_ADDRESS_PER_HOUR_MAX = _number("REGISTRATIONS_OF_ADDRESS_PER_HOUR_MAX", 3000 if DEMO else 10)
INVITATIONS_PER_DAY_MAX = _number("INVITATIONS_PER_DAY_MAX", 100)  # by one person
LINK_HOURS = _number("LINK_HOURS", 24)
INVITATION_DAYS = _number("INVITATION_DAYS", 7)
DEVICES_KEPT_DAYS = _number("DEVICES_KEPT_DAYS", 90)  # in the list, after they signed out
WIDGET_TOKEN_S = _number("WIDGET_TOKEN_S", 3600)
# How long after its end a widget's token may still be renewed: a page that slept; a visitor who comes back.
WIDGET_RENEW_CUSTOMER_S = _number("WIDGET_RENEW_CUSTOMER_S", 24 * 3600)
WIDGET_RENEW_VISITOR_S = _number("WIDGET_RENEW_VISITOR_S", 30 * 24 * 3600)
OTP_TOTP_ISSUER = "Balie"
OTP_TOTP_THROTTLE_FACTOR = 0  # hub.accounts limits codes by counters in PostgreSQL

# -- Mail and SMS (docs/how/outbox.md) -------------------------------------------------------------------------------
MAIL_FROM = _text("MAIL_FROM", "Balie <balie@example.com>" if DEBUG else "")  # where no brand has a sender of its own
DEFAULT_FROM_EMAIL = MAIL_FROM
EMAIL_HOST = _text("MAIL_HOST")
EMAIL_PORT = _number("MAIL_PORT", 587)
EMAIL_HOST_USER = _text("MAIL_USER")
EMAIL_HOST_PASSWORD = _text("MAIL_PASSWORD")
MAIL_SECURITY = _text("MAIL_SECURITY", "starttls")
EMAIL_USE_TLS = MAIL_SECURITY == "starttls"
EMAIL_USE_SSL = MAIL_SECURITY == "tls"
EMAIL_TIMEOUT = _number("MAIL_TIMEOUT_S", 10)
_without_a_server = "OutboxOnly" if DEMO else "NoServer"
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend" if EMAIL_HOST else f"hub.base.gateways.mail.{_without_a_server}"
)
SMS_PROVIDER = _text("SMS_PROVIDER", "demo" if DEMO else "")
SMS_SENDER = _text("SMS_SENDER")
SMS_TIMEOUT_S = _number("SMS_TIMEOUT_S", 10)
SMS_HTTP_URL = _text("SMS_HTTP_URL")
SMS_HTTP_METHOD = _text("SMS_HTTP_METHOD", "POST").upper()
SMS_HTTP_BODY = _text("SMS_HTTP_BODY")
SMS_HTTP_HEADER = _text("SMS_HTTP_HEADER")
SMS_HTTP_SUCCESS = _text("SMS_HTTP_SUCCESS")
SMSAPI_TOKEN = _text("SMSAPI_TOKEN")
SMSAPI_URL = _text("SMSAPI_URL", "https://api.smsapi.com/")

# -- Payments (docs/how/payments.md) -----------------------------------------------------------------------------------
PAYMENTS_TEST = _flag("PAYMENTS_TEST", default=DEMO)  # play money: every provider is asked in its test mode
PAYMENTS_TIMEOUT_S = _number("PAYMENTS_TIMEOUT_S", 10)
MOLLIE_API_KEY = _text("MOLLIE_API_KEY")
MOLLIE_URL = _text("MOLLIE_URL", "https://api.mollie.com")
PAYPAL_CLIENT_ID = _text("PAYPAL_CLIENT_ID")
PAYPAL_SECRET = _text("PAYPAL_SECRET")
PAYPAL_WEBHOOK_ID = _text("PAYPAL_WEBHOOK_ID")
PAYPAL_URL = _text("PAYPAL_URL", f"https://api-m{'.sandbox' if PAYMENTS_TEST else ''}.paypal.com")
TARGETPAY_OUTLET = _text("TARGETPAY_OUTLET")
TARGETPAY_METHODS = _names("TARGETPAY_METHODS")
TARGETPAY_URL = _text("TARGETPAY_URL", "https://transaction.digiwallet.nl")
TARGETPAY_PHONE_URL = _text("TARGETPAY_PHONE_URL", "https://api.targetpay.nl")
BANK_IBAN = _text("BANK_IBAN").replace(" ", "").upper()
BANK_BIC = _text("BANK_BIC")
BANK_ACCOUNT_HOLDER = _text("BANK_ACCOUNT_HOLDER")
SELLER_NAME = _text("SELLER_NAME")  # on receipts (S4)
SELLER_ADDRESS = [line.strip() for line in _text("SELLER_ADDRESS").split(";") if line.strip()]
SELLER_VAT_NUMBER = _text("SELLER_VAT_NUMBER")
SELLER_REGISTRATION = _text("SELLER_REGISTRATION")

# -- The forum (K4); its address is set on screen --------------------------------------------------------------------
FORUM_SSO_SECRET = _text("FORUM_SSO_SECRET")  # Discourse Connect: both sides have it

# -- Own data (P10); how long data are kept is set on screen ---------------------------------------------------------
EXPORT_KEPT_DAYS = _number("EXPORT_KEPT_DAYS", 7)
ERASURE_COOLING_DAYS = _number("ERASURE_COOLING_DAYS", 14)  # in which the customer may think better of it

# -- Cookies and headers -----------------------------------------------------------------------------------------------
SESSION_ENGINE = "hub.accounts.session_store"
SESSION_COOKIE_NAME = "balie_session"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = _number("SESSION_DAYS", 14) * 24 * 3600
CSRF_COOKIE_NAME = "balie_csrf"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_NAME = "balie_language"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = _number("HSTS_SECONDS", 31_536_000) if HTTPS else 0
SECURE_SSL_REDIRECT = False  # the proxy in front does it; /healthz is asked over plain HTTP inside
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _flag("BEHIND_PROXY") else None
USE_X_FORWARDED_HOST = False
# How many proxies of ours stand in front: the address of a visitor is that far from the right in X-Forwarded-For.
PROXY_COUNT = _number("PROXY_COUNT", 1 if _flag("BEHIND_PROXY") else 0)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
DATA_UPLOAD_MAX_NUMBER_FILES = 500  # more than a message may have: the form says so, and comes back with what was typed

# -- API ---------------------------------------------------------------------------------------------------------------
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["hub.base.api.parsing.BoundedJSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["hub.accounts.authentication.PersonAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": [],  # each view says who may come in (hub.accounts.public.ApiView)
    "EXCEPTION_HANDLER": "hub.base.api.problems.answer_exception",
    "DEFAULT_SCHEMA_CLASS": "hub.base.api.openapi.Endpoint",
    "UNAUTHENTICATED_USER": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
API_REQUESTS_PER_MINUTE = _number("API_REQUESTS_PER_MINUTE", 3000)  # per account, or per address for who has none
WIDGET_SESSIONS_PER_MINUTE = _number("WIDGET_SESSIONS_PER_MINUTE", 3000)  # per address, behind which an office may be
# Of people who do not say who they are, per address. Whoever looks at the demo is many visitors at one address.
WIDGET_VISITORS_PER_MINUTE = _number("WIDGET_VISITORS_PER_MINUTE", 3000 if DEMO else 30)
VISITOR_STARTS_PER_10_MINUTES = _number("VISITOR_STARTS_PER_10_MINUTES", 3000 if DEMO else 10)
NEW_ACCOUNT_TICKETS_PER_HOUR = _number("NEW_ACCOUNT_TICKETS_PER_HOUR", 3000 if DEMO else 5)  # more need a proof (T1)
GUEST_TICKETS_PER_HOUR = _number("GUEST_TICKETS_PER_HOUR", 300 if DEMO else 5)  # of one address (T1)
# What a guest's browser works for a ticket: rounds of each try, and tries at most (about half a second).
PROOF_COST = _number("PROOF_COST", 5000)
PROOF_TRIES_MAX = _number("PROOF_TRIES_MAX", 160)
SPECTACULAR_SETTINGS = {
    "TITLE": "Balie",
    "DESCRIPTION": "Paid live chat: sessions, wallets and people.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "hub.base.api.openapi.finish"],
}

# -- Pages and files ---------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
FRONTEND_DIST = BASE_DIR / "frontend" / "dist"
STATICFILES_DIRS = [FRONTEND_DIST] if FRONTEND_DIST.is_dir() else []
# Vite has already put a hash into every name; hashing again would load one module under two names.
# What people send, and what is made for them: on this machine's disk, or in a bucket that all machines share.
S3_BUCKET = _text("S3_BUCKET")
S3_ENDPOINT_URL = _text("S3_ENDPOINT_URL")
S3_ACCESS_KEY = _text("S3_ACCESS_KEY")
S3_SECRET_KEY = _text("S3_SECRET_KEY")
_on_disk: dict[str, Any] = {
    "BACKEND": "django.core.files.storage.FileSystemStorage",
    "OPTIONS": {"file_permissions_mode": 0o640, "directory_permissions_mode": 0o750},
}
_in_a_bucket: dict[str, Any] = {
    "BACKEND": "storages.backends.s3.S3Storage",
    "OPTIONS": {
        "bucket_name": S3_BUCKET,
        "endpoint_url": S3_ENDPOINT_URL or None,
        "access_key": S3_ACCESS_KEY or None,  # none: as the machine's own role may
        "secret_key": S3_SECRET_KEY or None,
        "region_name": _text("S3_REGION") or None,
        "addressing_style": _text("S3_ADDRESSING", "path"),
        "signature_version": "s3v4",
        "default_acl": None,  # the bucket is private; every download goes through the hub
        "file_overwrite": True,  # names are drawn at random: no need to ask first
        "querystring_auth": True,
    },
}
STORAGES = {
    "default": _in_a_bucket if S3_BUCKET else _on_disk,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
MEDIA_ROOT = VAR / "media"
WHITENOISE_AUTOREFRESH = False  # also in demo mode: `make run` collects the files before it serves them
WHITENOISE_USE_FINDERS = False


def WHITENOISE_IMMUTABLE_FILE_TEST(path: str, url: str) -> bool:  # noqa: N802 - the name is WhiteNoise's
    """Files with Vite's hash in their name never change."""
    return re.search(r"/assets/.+-[\w-]{8}\.\w+$", url) is not None


DJANGO_VITE = {
    "default": {
        "dev_mode": _flag("VITE_DEV"),
        "manifest_path": FRONTEND_DIST / ".vite" / "manifest.json",
        "static_url_prefix": "",
    },
    # The widget is built by itself: it shares no bundle with the pages of staff, so that it stays small.
    "widget": {
        "manifest_path": FRONTEND_DIST / "widget" / ".vite" / "manifest.json",
        "static_url_prefix": "widget",
    },
}
SILENCED_SYSTEM_CHECKS = ["django_vite.W001"]  # commands and tests run without a front end that was built

# -- Languages ---------------------------------------------------------------------------------------------------------
LANGUAGE_CODE = _text("DEFAULT_LANGUAGE", "en")
LOCALE_PATHS = [BASE_DIR / "frontend" / "locale"]
LANGUAGES = shipped_languages(LOCALE_PATHS[0])  # English and each that has a folder there (docs/how/languages.md)
COUNTRY_CALLING_CODE = _text("COUNTRY_CALLING_CODE", "31")  # of mobile numbers written without a country
USE_I18N = True
USE_TZ = True
TIME_ZONE = _text("TIME_ZONE", "Europe/Amsterdam")

# -- Rules: times and limits of chats and credits ----------------------------------------------------------------------
OFFER_TIMEOUT_S = _number("OFFER_TIMEOUT_S", 20)
HANDOVER_TIMEOUT_S = _number("HANDOVER_TIMEOUT_S", 60)
PLACE_KEPT_WHILE_PAYING_S = _number("PLACE_KEPT_WHILE_PAYING_S", 600)
GRACE_WHEN_EMPTY_S = _number("GRACE_WHEN_EMPTY_S", 120)
STAFF_AWAY_PAUSES_S = _number("STAFF_AWAY_PAUSES_S", 15)
STAFF_AWAY_GIVES_BACK_S = _number("STAFF_AWAY_GIVES_BACK_S", 120)  # then their customers go to the head of the queue
CUSTOMER_AWAY_PAUSES_S = _number("CUSTOMER_AWAY_PAUSES_S", 60)
CUSTOMER_AWAY_ENDS_S = _number("CUSTOMER_AWAY_ENDS_S", 600)
INACTIVE_WARN_S = _number("INACTIVE_WARN_S", 600)
INACTIVE_END_S = _number("INACTIVE_END_S", 900)
EDIT_WINDOW_S = _number("EDIT_WINDOW_S", 900)
REOPEN_WINDOW_S = _number("REOPEN_WINDOW_S", 900)
REFUND_WINDOW_DAYS = _number("REFUND_WINDOW_DAYS", 30)
LOW_BALANCE_WARN_MINUTES = tuple(sorted(map(int, _names("LOW_BALANCE_WARN_MINUTES", "5,2,1")), reverse=True))
WAIVE_BLOCKS_MAX = _number("WAIVE_BLOCKS_MAX", 30)  # per meter (M8)
GRANT_SECONDS_MAX = _number("GRANT_SECONDS_MAX", 1800)  # per meter (M4)
# What one person may add, take away (L6) or refund (M6) by themselves, per level; None is no limit.
ADJUST_LIMITS_MILLICREDITS: dict[str, int | None] = {
    "agent": _number("ADJUST_LIMIT_AGENT_MILLICREDITS", 500_000),
    "manager": _number("ADJUST_LIMIT_MANAGER_MILLICREDITS", 5_000_000),
    "owner": None,
}
REFUND_LIMITS_MILLICREDITS: dict[str, int | None] = {
    "agent": _number("REFUND_LIMIT_AGENT_MILLICREDITS", 100_000),
    "manager": _number("REFUND_LIMIT_MANAGER_MILLICREDITS", 1_000_000),
    "owner": None,
}
# What one person may have paid back in money of one purchase by themselves (L7); None is no limit.
MONEY_REFUND_LIMITS_CENTS: dict[str, int | None] = {
    "agent": _number("MONEY_REFUND_LIMIT_AGENT_CENTS", 0),
    "manager": _number("MONEY_REFUND_LIMIT_MANAGER_CENTS", 10_000),
    "owner": None,
}

# -- Files that people send (docs/how/files.md) ------------------------------------------------------------------------
FILE_BYTES_MAX = _number("FILE_BYTES_MAX", 50_000_000)
FILE_PART_BYTES_MAX = _number("FILE_PART_BYTES_MAX", 3_500_000)  # of one request, held in memory; the proxy takes 4 MB
FILES_PER_MESSAGE_MAX = _number("FILES_PER_MESSAGE_MAX", 20)
FILE_UPLOADS_OPEN_MAX = _number("FILE_UPLOADS_OPEN_MAX", 30)  # of one person, begun and not finished
FILE_UPLOADS_PER_HOUR_MAX = _number("FILE_UPLOADS_PER_HOUR_MAX", 3000 if DEMO else 300)  # of one person
# Room that stays for PostgreSQL and all else on the same disk; with less free no file is taken.
FILES_DISK_FREE_PERCENT_MIN = _number("FILES_DISK_FREE_PERCENT_MIN", 1 if DEMO else 10)

# -- Sockets (docs/how/delivery.md) ------------------------------------------------------------------------------------
LIVE_BEAT_S = _number("LIVE_BEAT_S", 15)
LIVE_RIGHTS_S = _number("LIVE_RIGHTS_S", 5)
LIVE_BUCKETS = _number("LIVE_BUCKETS", 1)  # groups over which sessions are spread; see hub/base/publish.py
LIVE_WRITERS = _number("LIVE_WRITERS", 1)  # connections of a web process that write messages
LIVE_BYE_SPREAD_S = _number("LIVE_BYE_SPREAD_S", 30)  # a deploy spreads the reconnects over this

# -- Logs and figures --------------------------------------------------------------------------------------------------
METRICS_TOKEN = _text("METRICS_TOKEN")
LOG_LEVEL = _text("LOG_LEVEL", "INFO").upper()
LOG_JSON = _flag("LOG_JSON", default=not DEBUG)
LOGGING_CONFIG = "hub.logs.configure"
LOGGING = {"level": LOG_LEVEL, "json": LOG_JSON}


def refuse_half_a_gateway() -> None:
    """A mail server or SMS provider that cannot work is told now, not when the first code does not arrive."""
    if MAIL_SECURITY not in ("starttls", "tls", "none"):
        raise ImproperlyConfigured("MAIL_SECURITY must be starttls, tls or none.")
    if EMAIL_HOST and "@" not in MAIL_FROM:
        raise ImproperlyConfigured("MAIL_FROM must be set where MAIL_HOST is.")
    if SMS_PROVIDER not in ("", "http", "smsapi", *(["demo"] if DEMO else [])):
        raise ImproperlyConfigured("SMS_PROVIDER must be http or smsapi; demo only with DEBUG.")
    if SMS_PROVIDER == "http" and (not SMS_HTTP_URL.startswith(("https://", "http://")) or not SMS_HTTP_BODY):
        raise ImproperlyConfigured("SMS_HTTP_URL and SMS_HTTP_BODY must be set where SMS_PROVIDER is http.")
    if SMS_PROVIDER == "smsapi" and not SMSAPI_TOKEN:
        raise ImproperlyConfigured("SMSAPI_TOKEN must be set where SMS_PROVIDER is smsapi.")


def _is_iban(text: str) -> bool:
    """ISO 13616: country, two check digits (ISO 7064, mod 97-10), the account."""
    if not re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}", text):
        return False
    return int("".join(str(int(one, 36)) for one in text[4:] + text[:4])) % 97 == 1


def refuse_half_a_provider() -> None:
    """A payment provider without its secrets would take money that nobody books (S2, X4)."""
    together = {
        "PAYPAL_CLIENT_ID, PAYPAL_SECRET and PAYPAL_WEBHOOK_ID": (PAYPAL_CLIENT_ID, PAYPAL_SECRET, PAYPAL_WEBHOOK_ID),
        "TARGETPAY_OUTLET and TARGETPAY_METHODS": (TARGETPAY_OUTLET, TARGETPAY_METHODS),
        "BANK_IBAN and BANK_ACCOUNT_HOLDER": (BANK_IBAN, BANK_ACCOUNT_HOLDER),
    }
    for names, values in together.items():
        if any(values) and not all(values):
            raise ImproperlyConfigured(f"{names} must be set together.")
    for url in (MOLLIE_URL, PAYPAL_URL, TARGETPAY_URL, TARGETPAY_PHONE_URL):
        if not re.fullmatch(r"(https://[\w.-]+|http://(127\.0\.0\.1|localhost|\[::1\]))(:[0-9]+)?(/[\w./-]*)?", url):
            raise ImproperlyConfigured("The address of a payment provider must be https://.")
    if MOLLIE_API_KEY and not MOLLIE_API_KEY.startswith("test_" if PAYMENTS_TEST else "live_"):
        raise ImproperlyConfigured("MOLLIE_API_KEY must be a test_ key with PAYMENTS_TEST, else a live_ key.")
    if PAYPAL_CLIENT_ID and "paypal.com" in PAYPAL_URL and (".sandbox." in PAYPAL_URL) is not PAYMENTS_TEST:
        raise ImproperlyConfigured("PAYPAL_URL must be PayPal's sandbox where PAYMENTS_TEST is on, and only there.")
    if not set(TARGETPAY_METHODS) <= {"ideal", "bancontact", "phone"}:
        raise ImproperlyConfigured("TARGETPAY_METHODS must name some of ideal, bancontact and phone.")
    if BANK_IBAN and not _is_iban(BANK_IBAN):
        raise ImproperlyConfigured("BANK_IBAN is not an IBAN.")


def refuse_when_unsafe() -> None:
    """Stop here, with one sentence, rather than run in production with what is only fit for a demo (X7)."""
    if not DATABASE_URL:
        raise ImproperlyConfigured("DATABASE_URL is not set; `make run` starts a PostgreSQL of its own and sets it.")
    refuse_half_a_gateway()
    refuse_half_a_provider()
    if FORUM_SSO_SECRET and (len(FORUM_SSO_SECRET) < 32 or len(set(FORUM_SSO_SECRET)) < 12):
        raise ImproperlyConfigured("FORUM_SSO_SECRET must be at least 32 random characters.")
    if DEBUG:
        return
    if not SECRET_KEY or len(SECRET_KEY) < 40 or len(set(SECRET_KEY)) < 12:
        raise ImproperlyConfigured("SECRET_KEY must be set to at least 40 random characters.")
    if any(one.startswith((DEMO_SECRET_PREFIX, "django-insecure")) for one in (SECRET_KEY, *SECRET_KEY_FALLBACKS)):
        raise ImproperlyConfigured("SECRET_KEY is a demo secret; make one of your own.")
    if not ALLOWED_HOSTS or any(host.startswith(("*", ".")) for host in ALLOWED_HOSTS):
        raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts of this hub, without wildcards.")
    if not REDIS_URL:
        raise ImproperlyConfigured("REDIS_URL is not set.")
    if not HTTPS:
        raise ImproperlyConfigured("PUBLIC_URL must be the https:// address of this hub.")
    if _text("BALIE_CLOCK_OFFSET_S"):
        raise ImproperlyConfigured("BALIE_CLOCK_OFFSET_S is for tests; it moves money in time.")


refuse_when_unsafe()
