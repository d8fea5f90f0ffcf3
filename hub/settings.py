"""Settings: one file for the laptop and for many machines. They differ by environment variables only (docs/operations.md)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from hub import beat, env, mailing, storing
from hub.described import SPECTACULAR_SETTINGS as SPECTACULAR_SETTINGS
from hub.operations import logs
from hub.policy import CONTENT_SECURITY_POLICY as CONTENT_SECURITY_POLICY

ROOT = env.ROOT
DATA = Path(env.text("HUB_DATA") or ROOT / "data").resolve()

DEBUG = env.flag("HUB_DEBUG")
SECRET_KEY = env.secret("HUB_SECRET_KEY", DATA / "secret-key")
SECRET_KEY_FALLBACKS = env.words("HUB_OLD_SECRET_KEYS")
BASE_URL = env.text("HUB_BASE_URL", "http://localhost:8000").rstrip("/")
HTTPS = BASE_URL.startswith("https://")
ALLOWED_HOSTS = env.words("HUB_HOSTS") or ["localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [BASE_URL]

INSTALLED_APPS = [
    "hub.admin.Admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "hub.static.StaticFiles",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "lucide",
    "django_prose_editor",
    "hub",
    "announcements.apps.AnnouncementsConfig",
    "announcements.people.apps.PeopleConfig",
    "announcements.joining.apps.JoiningConfig",
    "announcements.roster.apps.RosterConfig",
    "announcements.media.apps.MediaConfig",
    "announcements.porting.apps.PortingConfig",
    "announcements.publishing.apps.PublishingConfig",
    "announcements.delivery.apps.DeliveryConfig",
    "announcements.analytics.apps.AnalyticsConfig",
    "announcements.audit.apps.AuditConfig",
    "announcements.api.apps.ApiConfig",
    "announcements.web.apps.WebConfig",
]

MIDDLEWARE = [
    "hub.operations.tracing.Traced",
    "hub.operations.probes.Probes",
    "hub.operations.metrics.Measured",
    "announcements.api.cors.ExtensionOrigins",
    "hub.operations.pressure.Machines",
    "announcements.api.feed.QuickFeed",
    "hub.hosts.KnownHosts",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "hub.guarding.Guarded",
    "hub.operations.pressure.People",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "announcements.api.after.AfterTheAnswer",
    "announcements.api.second_factor.SecondFactor",
    "announcements.api.devices.SeenSessions",
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
CACHES = {
    "default": {
        "BACKEND": "hub.cache.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
    }
}

# -- people ----------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.Person"
# The address is unique whatever its case, by a constraint that the first does not see; the second takes the end of a
# working day for a mistake whenever it is about that time. The others ask us to promise HSTS for the subdomains of a
# company's host, which are not ours.
SILENCED_SYSTEM_CHECKS = ["auth.W004", "fields.W161", "security.W005", "security.W021"]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_RESET_TIMEOUT = 3600
PASSWORD_HASHERS = [f"django.contrib.auth.hashers.{kind}PasswordHasher" for kind in ("Argon2", "PBKDF2")]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/tab"
ACCOUNT_ADAPTER = "announcements.api.accounts.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "announcements.api.account_forms.LoginForm",
    "request_login_code": "announcements.api.account_forms.RequestLoginCodeForm",
    "reset_password": "announcements.api.account_forms.ResetPasswordForm",
    "signup": "announcements.api.account_forms.SignupForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
# For how many seconds a sign-in speaks for who is at the keyboard, before something that matters asks again.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
# An unknown address is written to as a known one is: whoever asks learns nothing, and its owner learns of it.
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
# By network address, person, or what was typed ("key"). They are counted in the shared cache: all processes count together.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "signup": "20/m/ip",
    "confirm_email": "1/10s/key,10/h/key",  # the mail that a sign-up is answered by, whoever has the address
    "request_login_code": "20/m/ip,3/m/key,10/h/key",
    "reset_password": "20/m/ip,3/m/key,10/h/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}
ALLAUTH_TRUSTED_PROXY_COUNT = int(env.number("HUB_PROXIES", 0))
MFA_ADAPTER = "announcements.api.second_factor.MfaAdapter"
MFA_FORMS = {
    "authenticate": "announcements.api.account_forms.AuthenticateForm",
    "reauthenticate": "announcements.api.account_forms.ReauthenticateForm",
    "add_webauthn": "announcements.api.account_forms.AddPasskeyForm",
    "login_webauthn": "announcements.api.account_forms.SignInPasskeyForm",
    "authenticate_webauthn": "announcements.api.account_forms.SecondPasskeyForm",
    "reauthenticate_webauthn": "announcements.api.account_forms.AgainPasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
# Whoever keeps this installation running looks at its rows at /admin/, and changes none.
OPERATORS = [address.casefold() for address in env.words("HUB_OPERATORS")]
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
UNDO_SECONDS = int(env.number("HUB_UNDO_SECONDS", 10))
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
# A worker listens to all of these; one of its own for mail is started with `--queues mail`.
CELERY_TASK_QUEUES, CELERY_TASK_ROUTES = beat.QUEUES, beat.ROUTES
CELERY_BEAT_SCHEDULE = beat.schedule(TICK_SECONDS, SWEEP_SECONDS)
CELERY_BEAT_SCHEDULER = "hub.steady:Scheduler"

# -- mail -------------------------------------------------------------------------------------------------------------
SMTP_URL = env.text("HUB_SMTP_URL", "smtp://localhost:1025")
SMTP = env.smtp(SMTP_URL)
SMTP_TIMEOUT = env.number("HUB_SMTP_TIMEOUT", 30)
# How many mails of a tick are under way at once, each over a connection of its own: as many may be uncertain once a worker is lost.
MAIL_AT_ONCE = env.whole("HUB_MAIL_AT_ONCE", 1, most=50)
# Whether a first nudge of which nobody knows whether it arrived is sent once more, with the same Message-ID.
MAIL_FIRST_AGAIN = env.flag("HUB_MAIL_FIRST_AGAIN")
MAIL_RATE = env.rate("HUB_MAIL_RATE")
MAIL_DOMAIN_RATE = env.rate("HUB_MAIL_DOMAIN_RATE")
MAIL_FROM = env.text("HUB_MAIL_FROM", "mantel@localhost")
RETURN_MAILBOX = mailing.mailbox(env.text("HUB_RETURN_IMAP"))
RETURN_ADDRESS = env.text("HUB_RETURN_ADDRESS").lower()  # where mail that cannot be delivered comes back to
# Whose SMTP server that is, where its provider tells by webhooks what became of a mail.
MAIL_PROVIDER, ANYMAIL_KEY, ANYMAIL = mailing.provider()
# Empty: mail leaves by SMTP. Else by the interface of a provider.
MAIL_BACKEND = mailing.backend()
DEFAULT_FROM_EMAIL = SERVER_EMAIL = MAIL_FROM
EMAIL_HOST, EMAIL_PORT = SMTP["host"], SMTP["port"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = SMTP["user"], SMTP["password"]
EMAIL_USE_SSL, EMAIL_USE_TLS = SMTP["tls"] == "tls", SMTP["tls"] == "starttls"
EMAIL_TIMEOUT = SMTP_TIMEOUT
# The local mail catcher's folder; empty when mail goes to a real server. Its page is served only while it is set.
MAIL_CATCHER = env.text("HUB_MAIL_CATCHER")

# The folder of the browser extension, as `make extension KEY=…` builds it: browsers are handed it from here.
EXTENSION = env.text("HUB_EXTENSION")

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
STORAGES = storing.storages(DATA)
WHITENOISE_MAX_AGE = 60
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_ADD_HEADERS_FUNCTION = storing.tagged
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = int(timedelta(days=730).total_seconds()) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = False
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS and env.number("HUB_PROXIES", 0) else None
SECURE_SSL_REDIRECT = bool(SECURE_PROXY_SSL_HEADER)  # without a proxy nothing tells what was encrypted

# -- looking after it -------------------------------------------------------------------------------------------------
STATEMENT_SECONDS, WAIT_SECONDS = env.number("HUB_STATEMENT_SECONDS", 30), env.number("HUB_WAIT_SECONDS", 5)
METRICS_KEY = env.text("HUB_METRICS_KEY")  # whoever holds it reads /metrics
LOGGING = logs.settings(env.one_of("HUB_LOG_FORMAT", ("", "line", "json")), env.text("HUB_LOG_LEVEL", "INFO"))
