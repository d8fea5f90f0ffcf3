"""Settings: one file for the laptop and for many machines. They differ by environment variables only (docs/operations.md)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from hub import env

ROOT = env.ROOT
DATA = Path(env.text("HUB_DATA") or ROOT / "data").resolve()

DEBUG = env.flag("HUB_DEBUG")
SECRET_KEY = env.secret("HUB_SECRET_KEY", DATA / "secret-key")
BASE_URL = env.text("HUB_BASE_URL", "http://localhost:8000").rstrip("/")
HTTPS = BASE_URL.startswith("https://")
ALLOWED_HOSTS = env.words("HUB_HOSTS") or ["localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [BASE_URL]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "hub.static.StaticFiles",
    "csp",
    "allauth",
    "allauth.account",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "lucide",
    "hub",
    "announcements.apps.AnnouncementsConfig",
    "announcements.people.apps.PeopleConfig",
    "announcements.roster.apps.RosterConfig",
    "announcements.publishing.apps.PublishingConfig",
    "announcements.delivery.apps.DeliveryConfig",
    "announcements.analytics.apps.AnalyticsConfig",
    "announcements.audit.apps.AuditConfig",
    "announcements.api.apps.ApiConfig",
    "announcements.web.apps.WebConfig",
]

MIDDLEWARE = [
    "announcements.api.cors.ExtensionOrigins",
    "announcements.api.feed.QuickFeed",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "hub.urls"
WSGI_APPLICATION = "hub.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# -- data ------------------------------------------------------------------------------------------------------------
DATABASES = {"default": env.database(env.text("HUB_DATABASE_URL"), DATA / "hub.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.text("HUB_REDIS_URL", "redis://localhost:6379/0")
CACHES = {"default": {"BACKEND": "hub.cache.RedisCache", "LOCATION": REDIS_URL}}

# -- people ----------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.Person"
# The address is unique whatever its case, by a constraint that this check does not see.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/tab"
ACCOUNT_ADAPTER = "announcements.api.accounts.AccountAdapter"
ACCOUNT_FORMS = {"signup": "announcements.api.accounts.SignupForm"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
# May anybody found a workspace here, or only the first who signs up?
OPEN_TO_COMPANIES = env.flag("HUB_OPEN")
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = int(timedelta(days=30).total_seconds())
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_FAILURE_VIEW = "announcements.web.errors.csrf_failure"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"

# -- the queue: the row is the truth, the task is a hint --------------------------------------------------------------
TICK_SECONDS = env.number("HUB_TICK_SECONDS", 5)
SWEEP_SECONDS = env.number("HUB_SWEEP_SECONDS", 30)
LEASE_SECONDS = env.number("HUB_LEASE_SECONDS", 120)
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
    "max_connections": 40,
    "socket_timeout": 10,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE = {
    "tick": {"task": "announcements.delivery.tasks.tick", "schedule": TICK_SECONDS},
    "sweep": {"task": "announcements.delivery.tasks.sweep", "schedule": SWEEP_SECONDS},
    "sweep-imports": {"task": "announcements.roster.tasks.sweep", "schedule": SWEEP_SECONDS},
    "sweep-rules": {"task": "announcements.people.tasks.sweep", "schedule": SWEEP_SECONDS},
}

# -- mail -------------------------------------------------------------------------------------------------------------
SMTP_URL = env.text("HUB_SMTP_URL", "smtp://localhost:1025")
SMTP = env.smtp(SMTP_URL)
SMTP_TIMEOUT = env.number("HUB_SMTP_TIMEOUT", 30)
MAIL_FROM = env.text("HUB_MAIL_FROM", "mantel@localhost")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = MAIL_FROM
EMAIL_HOST, EMAIL_PORT = SMTP["host"], SMTP["port"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = SMTP["user"], SMTP["password"]
EMAIL_USE_SSL, EMAIL_USE_TLS = SMTP["tls"] == "tls", SMTP["tls"] == "starttls"
EMAIL_TIMEOUT = SMTP_TIMEOUT
# The local mail catcher's folder; empty when mail goes to a real server. Its page is served only while it is set.
MAIL_CATCHER = env.text("HUB_MAIL_CATCHER")

# -- the API ----------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "announcements.api.auth.TokenAuthentication",
        "announcements.api.auth.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["announcements.api.auth.IsAllowed"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "anon": env.text("HUB_THROTTLE_ANON", "60/min"),
        "user": env.text("HUB_THROTTLE_USER", "1200/min"),
    },
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "announcements.api.problems.handler",
    "UNAUTHENTICATED_USER": None,
    "COERCE_DECIMAL_TO_STRING": False,
    "NUM_PROXIES": int(env.number("HUB_PROXIES", 0)),
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Mantel",
    "DESCRIPTION": "Publish announcements, meet them, know who is aligned. Everything Mantel's own pages do, they do through this API.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    # Choices stay where they are used: no invented names for them.
    "POSTPROCESSING_HOOKS": ["announcements.api.schema.without_marks"],
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_500_000

# -- pages ------------------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [ROOT / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("HUB_STATIC") or DATA / "static")
STATICFILES_DIRS = [ROOT / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA / "media"}},
    "staticfiles": {"BACKEND": "hub.static.HashedStaticFiles"},
}
WHITENOISE_MAX_AGE = 60
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "require-trusted-types-for": ["'script'"],
        "trusted-types": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = int(timedelta(days=730).total_seconds()) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = False
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS and env.number("HUB_PROXIES", 0) else None

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["out"], "level": env.text("HUB_LOG_LEVEL", "INFO")},
    "loggers": {
        "django.server": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},
        "celery.app.trace": {"level": "WARNING"},
    },
}
