"""Django settings, from the environment."""

from __future__ import annotations

import os
import re
from pathlib import Path

VERSION = "0.1.0"
BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("LABEL_STUDIO_BASE_DATA_DIR", Path.home() / ".local/share/labelspace"))
DATA_DIR.mkdir(parents=True, exist_ok=True)
MEDIA_ROOT = DATA_DIR / "media"

SECRET_KEY = os.environ.get("SECRET_KEY", "0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijkl")
DEBUG = False
ALLOWED_HOSTS = ["*"]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
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
    "web",
]

MIDDLEWARE = [
    "core.middleware.headers.security_headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.middleware.sessions.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "core.middleware.errors.last_resort",
]

ROOT_URLCONF = "core.urls"
WSGI_APPLICATION = "core.wsgi.application"
AUTH_USER_MODEL = "users.User"
LOGIN_URL = "/user/login/"
LOGIN_REDIRECT_URL = "/"
SESSION_ENGINE = "users.sessions"
SESSION_COOKIE_NAME = "sessionid"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_FAILURE_VIEW = "web.errors.csrf_failure"
APPEND_SLASH = False

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

if os.environ.get("DJANGO_DB", "sqlite") == "sqlite":
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA_DIR / "labelspace.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA mmap_size=268435456; PRAGMA cache_size=-16000",
            },
            "TEST": {"NAME": "/tmp/labelspace-test.sqlite3"},
        }
    }
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": os.environ.get("POSTGRE_NAME", "postgres"),
            "USER": os.environ.get("POSTGRE_USER", "postgres"),
            "PASSWORD": os.environ.get("POSTGRE_PASSWORD", ""),
            "HOST": os.environ.get("POSTGRE_HOST", "localhost"),
            "PORT": os.environ.get("POSTGRE_PORT", "5432"),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {"connect_timeout": 5},
        }
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
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

STATIC_URL = "/static/"
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_IMMUTABLE_FILE_TEST = lambda path, url: re.match(r"^/static/dist/assets/.+-[\w-]{8}\.\w+$", url)  # noqa: E731

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["core.drf.ActorAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["core.drf.FastJSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.drf.StrictJSONParser", "rest_framework.parsers.FormParser", "rest_framework.parsers.MultiPartParser"],
    "EXCEPTION_HANDLER": "core.errors.drf_exception_handler",
    "UNAUTHENTICATED_USER": None,
}
FRAME_ANCESTORS = "'self' https://huggingface.co"
TASK_LOCK_TTL = 3600
LEASE_SECONDS = 15 * 60
DATA_UPLOAD_MAX_MEMORY_SIZE = None
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
DATA_UPLOAD_MAX_NUMBER_FILES = 10_000
