"""Django's settings, made from the typed environment (core/environment)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from core.environment import database_url, read_environment
from core.logs import logging_settings
from core.media import storages
from core.startup.keys import prepare_data_directory, secret_key
from labelspace import __version__

ENVIRONMENT = read_environment()
VERSION = __version__
BASE_DIR = Path(__file__).resolve().parent.parent

DATA_DIR = prepare_data_directory(ENVIRONMENT.data_directory)
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = storages(ENVIRONMENT)
SECRET_KEY = secret_key(ENVIRONMENT)
DEBUG = ENVIRONMENT.debug
STORAGE_PERSISTENCE = ENVIRONMENT.persistent
DURABLE_ACK = ENVIRONMENT.durable_ack and ENVIRONMENT.replicated

# Where we are on the web. Absolute links are made from PUBLIC_URL, never from a request's headers when it is set.
PUBLIC_URL = ENVIRONMENT.public_url
FORCE_SCRIPT_NAME = ENVIRONMENT.public_path or None
# A Space is reached by its own name, and by a domain of its owner when LABEL_STUDIO_HOST names one.
SPACE_HOSTS = list(dict.fromkeys([ENVIRONMENT.space.host, urlsplit(PUBLIC_URL).hostname or ""])) if ENVIRONMENT.space.host else []
ALLOWED_HOSTS = (
    [*SPACE_HOSTS, "localhost", "127.0.0.1"]
    if SPACE_HOSTS and "allowed_hosts" not in ENVIRONMENT.sources
    else list(ENVIRONMENT.allowed_hosts)
)
PUBLIC_ORIGIN = "{0.scheme}://{0.netloc}".format(urlsplit(PUBLIC_URL)) if PUBLIC_URL else ""
CSRF_TRUSTED_ORIGINS = list(
    dict.fromkeys([*filter(None, [PUBLIC_ORIGIN]), *(f"https://{host}" for host in SPACE_HOSTS), *ENVIRONMENT.csrf_trusted_origins])
)
TRUSTED_PROXY_COUNT = ENVIRONMENT.proxies
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY_COUNT else None
BASIC_AUTH = ENVIRONMENT.basic_auth
FRAME_ANCESTORS = " ".join(
    ["'self'", *(["https://huggingface.co", "https://*.hf.space"] if ENVIRONMENT.on_space else []), *ENVIRONMENT.frame_ancestors]
)

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "django_tasks",
    "django_tasks_db",
    "core",
    "users",
    "organizations",
    "projects",
    "tasks",
    "data_manager",
    "data_import",
    "data_export",
    "comments",
    "labels",
    "quality",
    "webhooks",
    "ml",
    "io_storages",
    "durability",
    "hub_datasets",
    "spaces",
    "training",
    "web",
]

MIDDLEWARE = [
    "core.middleware.headers.security_headers",
    "core.middleware.basic_auth.basic_auth",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.middleware.sessions.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "core.middleware.errors.last_resort",
    *(["durability.middleware.writes"] if ENVIRONMENT.replicated else []),
]

ROOT_URLCONF = "core.urls"
WSGI_APPLICATION = "core.wsgi.application"
APPEND_SLASH = False

AUTH_USER_MODEL = "users.User"
LOGIN_URL = f"{ENVIRONMENT.public_path}/user/login/"
LOGIN_REDIRECT_URL = f"{ENVIRONMENT.public_path}/"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
DISABLE_SIGNUP_WITHOUT_LINK = ENVIRONMENT.disable_signup_without_link
MULTI_SESSION = ENVIRONMENT.multi_session
GUEST_KEEP_DAYS = ENVIRONMENT.guest_keep_days
SIGNUP_ROLE = ENVIRONMENT.signup_role
ENABLE_LEGACY_API_TOKEN = ENVIRONMENT.enable_legacy_api_token or bool(ENVIRONMENT.user_token)

# "Saved." after a redirect: a signed cookie that the next page takes away; no table, no session.
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

SESSION_ENGINE = "users.sessions"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENVIRONMENT.secure
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = ENVIRONMENT.samesite
# The browser refuses a __Host- cookie that another subdomain, or plain http, tries to plant.
SESSION_COOKIE_NAME = "__Host-sessionid" if SESSION_COOKIE_SECURE else "sessionid"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = ENVIRONMENT.max_session_age
MAX_TIME_BETWEEN_ACTIVITY = ENVIRONMENT.max_time_between_activity
CSRF_FAILURE_VIEW = "web.errors.csrf_failure"

SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": ENVIRONMENT.sqlite_file,
    # A greenlet ends with its client's connection, and would leave its own to the database open.
    "CONN_MAX_AGE": 0 if ENVIRONMENT.use_gevent else None,
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-4000"
        # Where the write-ahead log is copied off this machine, only who copies it may empty it.
        + ("; PRAGMA wal_autocheckpoint=0" if ENVIRONMENT.replicated else ""),
    },
    "TEST": {"NAME": DATA_DIR / "test.sqlite3"},  # a file: in memory, threads lock each other out
}
POSTGRESQL = {
    "ENGINE": "django.db.backends.postgresql",
    "NAME": ENVIRONMENT.postgre_name,
    "USER": ENVIRONMENT.postgre_user,
    "PASSWORD": ENVIRONMENT.postgre_password,
    "HOST": ENVIRONMENT.postgre_host,
    "PORT": str(ENVIRONMENT.postgre_port),
    "CONN_MAX_AGE": 0 if ENVIRONMENT.use_gevent else 60,
    "CONN_HEALTH_CHECKS": True,
    "OPTIONS": {"connect_timeout": 5},
}


def _database() -> dict[str, Any]:
    if not ENVIRONMENT.database_url:
        return SQLITE if ENVIRONMENT.django_db == "sqlite" else POSTGRESQL
    said = database_url.parse(ENVIRONMENT.said("database_url"), ENVIRONMENT.database_url)
    base: dict[str, Any] = SQLITE if said["ENGINE"].endswith("sqlite3") else POSTGRESQL
    return {**base, **said, "OPTIONS": {**base["OPTIONS"], **said.get("OPTIONS", {})}}


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "web.context.shell",
            ]
        },
    }
]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
USE_I18N = True
LOCALE_PATHS = [BASE_DIR / "web" / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True

# Served from the package itself: no collectstatic. The front end's build writes .br and .gz beside each file.
STATIC_URL = "static/"
STATIC_ROOT = None
# The gallery's sample pictures, sounds, films and documents: /static/samples/<file>.
STATICFILES_DIRS = [("samples", BASE_DIR / "labeling" / "templates" / "media")]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG


def WHITENOISE_IMMUTABLE_FILE_TEST(path: str, url: str) -> bool:
    """What Vite built has a hash in its name."""
    return re.search(r"/static/dist/assets/(.+-[\w-]{8}|decoders-\w{8}/\w+)\.\w+$", url) is not None


REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["core.drf.ActorAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["core.drf.FastJSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.drf.StrictJSONParser", "rest_framework.parsers.FormParser", "rest_framework.parsers.MultiPartParser"],
    "EXCEPTION_HANDLER": "core.errors.drf_exception_handler",
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
}
# The description of the API (core/openapi).
SPECTACULAR_SETTINGS = {
    "TITLE": "Labelspace",
    "DESCRIPTION": "Every address answers with and without its last slash. Bodies may be JSON, urlencoded or multipart, whatever is shown here.",
    "VERSION": VERSION,
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [],
    "DISABLE_ERRORS_AND_WARNINGS": True,
    "SORT_OPERATIONS": False,
}
# Fields of forms and JSON bodies that are parsed whole; imports and files are streamed to disk, beside where they will stay (/tmp may be memory).
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 << 20
FILE_UPLOAD_TEMP_DIR = DATA_DIR / "incoming"
FILE_UPLOAD_TEMP_DIR.mkdir(exist_ok=True)
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
DATA_UPLOAD_MAX_NUMBER_FILES = 10_000

TASK_LOCK_TTL = ENVIRONMENT.task_lock_ttl
LEASE_SECONDS = 15 * 60

MEDIA_CACHE_BYTES = ENVIRONMENT.media_cache << 20
UPLOAD_QUOTA_BYTES = ENVIRONMENT.upload_quota << 20
CLAMD_SOCKET = ENVIRONMENT.clamd_socket
STRIP_GPS = ENVIRONMENT.strip_gps
LOCAL_FILES_SERVING_ENABLED = ENVIRONMENT.local_files_serving_enabled
LOCAL_FILES_DOCUMENT_ROOT = ENVIRONMENT.local_files_document_root
STORAGE_AMBIENT_CREDENTIALS = ENVIRONMENT.storage_ambient_credentials
SYNC_ON_TARGET_STORAGE_CREATION = ENVIRONMENT.sync_on_target_storage_creation

SSRF_PROTECTION_ENABLED = ENVIRONMENT.ssrf_protection_enabled
USER_ADDITIONAL_BANNED_SUBNETS = ENVIRONMENT.user_additional_banned_subnets
ALLOWED_INTERNAL_HOSTS = ENVIRONMENT.allowed_internal_hosts

CHAT_URL = ENVIRONMENT.chat_url
CHAT_API_KEY = ENVIRONMENT.chat_api_key
ML_CONNECTION_TIMEOUT = ENVIRONMENT.ml_connection_timeout
ML_TIMEOUT_DEFAULT = ENVIRONMENT.ml_timeout_default
ML_TIMEOUT_HEALTH = ENVIRONMENT.ml_timeout_health
ML_TIMEOUT_SETUP = ENVIRONMENT.ml_timeout_setup
ML_TIMEOUT_PREDICT = ENVIRONMENT.ml_timeout_predict
ML_TIMEOUT_TRAIN = ENVIRONMENT.ml_timeout_train

EMAIL_HOST = ENVIRONMENT.email_host
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'dummy'}.EmailBackend"
EMAIL_PORT = ENVIRONMENT.email_port
EMAIL_HOST_USER = ENVIRONMENT.email_host_user
EMAIL_HOST_PASSWORD = ENVIRONMENT.email_host_password
EMAIL_USE_TLS = ENVIRONMENT.email_security == "starttls"
EMAIL_USE_SSL = ENVIRONMENT.email_security == "tls"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = ENVIRONMENT.from_email or f"Labelspace <labelspace@{urlsplit(PUBLIC_URL).hostname or 'localhost'}>"

LOGGING = logging_settings(ENVIRONMENT.log_level, ENVIRONMENT.json_log)
