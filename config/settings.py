"""Settings, all from the environment. What has no safe default refuses to start and says so."""

import glob
import importlib.util
import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from config import enum_names, logs, openapi_words
from config.redis_addresses import beside, broker_url

BASE_DIR = Path(__file__).resolve().parent.parent


def required(name: str) -> str:
    """Return the environment variable `name`; a missing one is a refusal to start."""
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(
            f"The environment variable {name} is not set. It is a secret and has no default: "
            "'./run' makes one for a private installation, docker-compose reads it from .env."
        )
    return value


def listed(name: str, default: str = "") -> list[str]:
    """Return the comma-separated environment variable `name` as a list."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def flag(name: str, default: str = "0") -> bool:
    """Return whether the environment variable `name` is on (1, true, yes)."""
    return os.environ.get(name, default).lower() in {"1", "true", "yes"}


def bundled_library(package: str, pattern: str) -> str:
    """Return the path of a native library that the wheel of `package` carries."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise ImproperlyConfigured(f"The package {package} is not installed: it carries {pattern}.")
    found = glob.glob(str(Path(spec.origin).parent.parent / f"{package}.libs" / pattern))
    if not found:
        raise ImproperlyConfigured(f"The wheel of {package} carries no {pattern}.")
    return found[0]


DEBUG = flag("DEBUG")
SECRET_KEY = required("SECRET_KEY")
SEALING_KEYS = [key.strip() for key in required("SEALING_KEYS").split(",")]
SEALING_TAG_KEY = required("SEALING_TAG_KEY")
ALLOWED_HOSTS = listed("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = listed("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "config",
    "monitoring",
    "violations",
    "reports",
    "config.apps.MechanismAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.gis",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "leaflet",
    "csp",
    "django_celery_beat",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.browsers.KeptNowhere",
    "config.browsers.ApiByTlsAlone",
    "config.browsers.InUtf8",
    "config.accounts.sessions.Sessions",
    "django.middleware.locale.LocaleMiddleware",
    "config.browsers.AsAddressed",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.accounts.sessions.IdleOut",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "config.accounts.access.AccreditedAlone",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.throttling.RateHeaders",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
AUTH_USER_MODEL = "monitoring.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# Two roles: the application's may insert and close rows of the record; the owner's (ceasefire_owner) migrates.
DATABASE_APPLICATION_ROLE = os.environ.get("DATABASE_APPLICATION_ROLE", "ceasefire_app")
DATABASES = {
    "default": {
        "ENGINE": "django.contrib.gis.db.backends.postgis",
        "HOST": os.environ.get("DATABASE_HOST", ""),
        "PORT": os.environ.get("DATABASE_PORT", ""),
        "NAME": os.environ.get("DATABASE_NAME", "ceasefire"),
        "USER": os.environ.get("DATABASE_USER", DATABASE_APPLICATION_ROLE),
        "PASSWORD": os.environ.get("DATABASE_PASSWORD", ""),
        # A new connection has read nothing of the tables yet, which costs more than a filing: it is kept for ten
        # minutes. One that broke meanwhile is found out before it is used.
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        # What a set-based statement does in milliseconds, PostgreSQL would first compile for seconds. What is prepared
        # (monitoring.prepared) is planned once, not weighed anew: planning takes longer than doing it.
        "OPTIONS": {"options": "-c jit=off -c plan_cache_mode=force_generic_plan"},
    }
}

GDAL_LIBRARY_PATH = bundled_library("pyogrio", "libgdal-*.so.*")
GEOS_LIBRARY_PATH = bundled_library("shapely", "libgeos_c-*.so.*")

REDIS_URL = os.environ.get("REDIS_URL", "redis://localhost:6379/0")

# What is forgotten when Redis is: how often somebody failed to log in of late, and which codes were used just now.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": beside(REDIS_URL),
        "KEY_FUNCTION": "config.caching.hashed",
        "OPTIONS": {"serializer": "config.caching.JSONSerializer"},
    }
}

CELERY_BROKER_URL = broker_url(REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# A task that takes longer than this (seconds) is ended, its closing noted as failed; tried again, it makes what is not
# made yet. It ends before its lease does (reports.closings.leasing), so that nobody takes over what somebody still
# makes and a dead worker's closing waits minutes only; and before the broker hands out its message again.
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 270
# A process grown past this (KiB) is replaced; none that makes reports is given more address space than this (bytes).
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 2_000_000
CELERY_WORKER_ADDRESS_SPACE = int(os.environ.get("WORKER_ADDRESS_SPACE", 4 * 2**30))
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 600}
# Written into rows when beat starts (config.beat).
CELERY_BEAT_SCHEDULE = {
    "request-due-closings": {"task": "reports.tasks.request_due_closings", "schedule": 60.0},
    "sweep-closings": {"task": "reports.tasks.sweep_closings", "schedule": 60.0},
    "remind-of-due-replies": {"task": "violations.tasks.remind_of_due_replies", "schedule": 900.0},
    "sweep-bulk-jobs": {"task": "violations.tasks.sweep_bulk_jobs", "schedule": 60.0},
    "tell-of-flash-reports": {"task": "violations.tasks.tell_of_flash_reports", "schedule": 60.0},
    "tell-of-flash-reports-missed": {"task": "violations.tasks.tell_of_flash_reports_missed", "schedule": 3600.0},
    "tell-of-what-is-due": {"task": "violations.tasks.tell_of_what_is_due", "schedule": 900.0},
    "tell-of-surges": {"task": "reports.tasks.tell_of_surges", "schedule": 3600.0},
    "tell-of-drafts": {"task": "reports.tasks.tell_of_drafts", "schedule": 60.0},
    "tell-of-work": {"task": "reports.tasks.tell_of_work", "schedule": 900.0},
    "send-mails": {"task": "monitoring.tasks.send_mails", "schedule": 300.0},
    "clear-leftovers": {"task": "monitoring.tasks.clear_leftovers", "schedule": 3600.0},
}

LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = os.environ.get("STATIC_ROOT", str(BASE_DIR / "var" / "static"))
FILES_ROOT = os.environ.get("FILES_ROOT", str(BASE_DIR / "var" / "files"))
RELEASE_LOG = os.environ.get("RELEASE_LOG", "")  # a second place for the log of releases, apart from all else
WHITENOISE_ALLOW_ALL_ORIGINS = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": FILES_ROOT}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}

FILE_UPLOAD_HANDLERS = [
    "config.uploads.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "config.authentication.DeviceTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_THROTTLE_CLASSES": ["config.throttling.AccountRate"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["monitoring.parsing.BoundedJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "config.openapi.Schema",
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_PAGINATION_CLASS": None,
    "URL_FORMAT_OVERRIDE": None,
    "EXCEPTION_HANDLER": "config.problems.exception_handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
# Of one account, whatever device they come from; 0: any number. A batch of filings is one request.
API_REQUESTS_PER_MINUTE = int(os.environ.get("API_REQUESTS_PER_MINUTE", 1200))
# How many seconds a table may be on its way to whoever takes it (deploy/web.py ends a request that takes longer), and
# how many tables at once: fewer than there are web processes, so that one is always left to those who file.
EXPORT_SECONDS = int(os.environ.get("EXPORT_SECONDS", 100))
EXPORTS_AT_ONCE = int(os.environ.get("EXPORTS_AT_ONCE", 1))
KNOX_TOKEN_MODEL = "monitoring.DeviceToken"  # noqa: S105 - the name of a model
REST_KNOX = {"AUTO_REFRESH": False}  # how long a token lasts is said in monitoring.devices
SPECTACULAR_SETTINGS = {
    "TITLE": "Ceasefire monitoring",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "DESCRIPTION": openapi_words.DESCRIPTION,
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "config.openapi.anything",
        "config.openapi.close_inputs",
        "config.openapi.summaries",
    ],
    "ENUM_NAME_OVERRIDES": enum_names.NAMES,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

# Length, not composition, none of those that everybody tries, none made of the mechanism's own words (OWASP ASVS 5.0,
# 6.2). Fifteen characters are recommended where a password is chosen; a page may be pasted into.
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "monitoring.passwords.OwnWordsValidator", "OPTIONS": {"min_length": 12}},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",  # of accounts that were opened before
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
# Where people reach the service, for links that are made on a command line.
SITE_ADDRESS = os.environ.get("SITE_ADDRESS", "")
# Mails to moderators, operators and guarantors say that something waits in a service of this name, and nothing else;
# none without a server and a sender (monitoring.mail_server). Security: starttls, tls or none. One a person in so many
# hours.
EMAIL_HOST = os.environ.get("EMAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", 587))
EMAIL_SECURITY = os.environ.get("EMAIL_SECURITY", "starttls")
if EMAIL_SECURITY not in {"starttls", "tls", "none"}:
    raise ImproperlyConfigured(f"EMAIL_SECURITY is starttls, tls or none, not {EMAIL_SECURITY}.")
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_FROM = os.environ.get("EMAIL_FROM", "")
EMAIL_SERVICE_NAME = os.environ.get("EMAIL_SERVICE_NAME", "") or "the service"
EMAIL_HOURS = int(os.environ.get("EMAIL_HOURS", 4))
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600  # seconds for which an invitation holds

# A session ends half an hour after the last page that somebody opened (config.accounts.sessions), and with the browser.
SESSION_COOKIE_AGE = 30 * 60
SESSION_LONGEST = 12 * 3600  # and so many seconds after it began, whatever was opened

# Logging in, authenticators and recovery codes are django-allauth's; nobody signs up, and it sends no mail.
ACCOUNT_ADAPTER = "config.accounts.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "config.accounts.forms.LoginForm",
    "reauthenticate": "config.accounts.forms.ReauthenticateForm",
    "change_password": "config.accounts.forms.ChangePasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PRESERVE_USERNAME_CASING = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
# A person is refused for as long as a stranger at the same address kept failing, and elsewhere not at all
# (config.accounts.adapters). The second factor is counted by account: who is asked for it had the password.
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "login_failed": "30/5m/ip,5/5m/key",
    "login_failed_anywhere": "100/10m/key",
    "reauthenticate": "20/5m/user",
    "change_password": "20/5m/user",
}
# How many proxies of ours stand before the service; the address of who asks is what the first of them saw.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("TRUSTED_PROXIES", "1" if flag("HTTPS") else "0"))
MFA_ADAPTER = "config.accounts.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "config.accounts.forms.AuthenticateForm",
    "reauthenticate": "config.accounts.forms.ReauthenticateByCodeForm",
    "activate_totp": "config.accounts.forms.ActivateForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_PERIOD = 30  # seconds
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off
MFA_TOTP_ISSUER = "Ceasefire monitoring"
MFA_RECOVERY_CODES_SHOW_ONCE = True

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True  # pages carry the token in their forms
CSRF_COOKIE_SAMESITE = "Lax"
# What a page is to say next waits at the service: Django would put it into a cookie, and it may name what was done.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
# Behind TLS (HTTPS=1, the default of docker-compose) cookies travel encrypted only.
HTTPS = flag("HTTPS")
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
# Then, too, browsers take them from no neighbour under the same domain.
COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# The API is refused without TLS and not led to it (config.browsers): a device would go on sending its token in clear.
# Metrics are fetched inside, from the process itself, as its health is.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$", r"^api/"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

# Who fetches /metrics says this as a bearer token; without one there is no such door. As long as a secret is.
METRICS_TOKEN = os.environ.get("METRICS_TOKEN", "")
if METRICS_TOKEN and len(METRICS_TOKEN) < 32:
    raise ImproperlyConfigured(
        "METRICS_TOKEN is a secret of at least 32 characters, or left empty: then none is served."
    )
# Lines for people, or JSON for what collects them. Gunicorn's own log asks the same (deploy/web.py).
LOG_FORMAT = os.environ.get("LOG_FORMAT") or "line"
if LOG_FORMAT not in logs.FORMATTERS:
    raise ImproperlyConfigured(f"LOG_FORMAT is line or json, not {LOG_FORMAT}.")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    # No handler may write an exception otherwise: what it says can be what somebody typed.
    "formatters": {"ours": {"()": "config.logs.formatter", "written_as": LOG_FORMAT}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "ours"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO")},
    # Django's own handlers write words on the console and into mails.
    "loggers": {name: {"handlers": [], "propagate": True} for name in ("django", "django.server")},
}
