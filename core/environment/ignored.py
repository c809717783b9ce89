"""Label Studio's variables that Labelspace understands and ignores, with the reason. A name ending in * stands for all that begin so."""

from __future__ import annotations

from collections.abc import Mapping

from core.environment.reader import PREFIXES

IGNORED: dict[str, tuple[str, ...]] = {
    "Nothing leaves the server unasked: there is no telemetry, error reporting or update check to switch off.": (
        "COLLECT_ANALYTICS",
        "SENTRY_*",
        "FRONTEND_SENTRY_*",
        "LATEST_VERSION_CHECK",
        "GOOGLE_LOGGING_ENABLED",
        "USER_ACTIVITY_*",
    ),
    "Links are made from LABEL_STUDIO_HOST only; a proxy's path is part of it.": ("DOMAIN_FROM_REQUEST",),
    "There is one organization to sign up to; more come by invitation.": ("ALLOW_ORGANIZATION_CREATION",),
    "SQLite always runs in WAL mode with its own settings, from the library that comes with Python.": (
        "AZURE_MOUNT_FIX",
        "WINDOWS_SQLITE_BINARY_HOST_PREFIX",
    ),
    "MySQL is not supported: use SQLite or PostgreSQL.": ("MYSQL_*",),
    "No PostgreSQL extension is needed, and migrations always run before the server does.": (
        "SKIP_TRIGRAM_EXTENSION",
        "SKIP_BTREE_GIN_EXTENSION",
        "ALLOW_SCHEDULED_MIGRATIONS",
    ),
    "Stack traces are never sent to browsers, except with DEBUG.": (
        "DEBUG_MODAL_EXCEPTIONS",
        "DEBUG_PROPAGATE_EXCEPTIONS",
        "SHOW_TRACEBACK_FOR_EXPORT_CONVERTER",
    ),
    "Pages and API are of one origin, and no other site may call the API with a visitor's cookies.": ("CORS_*",),
    "The cookie's other properties are fixed: the CSRF cookie follows SESSION_COOKIE_SECURE and SESSION_COOKIE_SAMESITE.": (
        "CSRF_COOKIE_SECURE",
        "CSRF_COOKIE_SAMESITE",
        "CSRF_COOKIE_HTTPONLY",
        "CSRF_COOKIE_AGE",
    ),
    "These protections are always on.": (
        "USE_ENFORCE_CSRF_CHECKS",
        "INACTIVITY_SESSION_TIMEOUT_ENABLED",
        "ENABLE_CSP",
        "LS_CSP_REPORT_ONLY",
        "LS_CSP_REPORT_URI",
    ),
    "Private and local networks are refused as a whole while SSRF_PROTECTION_ENABLED; ALLOWED_INTERNAL_HOSTS opens single hosts, also for model servers.": (
        "USE_DEFAULT_BANNED_SUBNETS",
        "ML_BLOCK_LOCAL_IP",
    ),
    "Certificates are always verified; SSL_CERT_FILE names another bundle.": ("VERIFY_SSL_CERTS",),
    "Uploaded files are always served so that nothing in them can run.": ("SVG_SECURITY_CLEANUP",),
    "Uploads, imports and exports are streams of constant memory: they need no limits or batch sizes.": (
        "DATA_UPLOAD_MAX_MEMORY_SIZE",
        "DATA_UPLOAD_MAX_NUMBER_FILES",
        "MAX_TASK_BATCH_SIZE",
        "TASK_DATA_PER_BATCH",
        "IMPORT_BATCH_SIZE",
        "REIMPORT_BATCH_SIZE",
        "PREDICTION_IMPORT_BATCH_SIZE",
        "STORAGE_EXISTED_COUNT_BATCH_SIZE",
        "STORAGE_EXPORT_CHUNK_SIZE",
    ),
    "A page of the API is at most as large as docs/api.md says.": (
        "TASK_API_PAGE_SIZE_MAX",
        "DEFAULT_STORAGE_LIST_LIMIT",
        "DM_MAX_USERS_TO_DISPLAY",
    ),
    "The queue does not sample: uniform order is exact, whatever the project's size.": ("RANDOM_NEXT_TASK_SAMPLE_SIZE",),
    "The label stream remembers all of a person's tasks.": ("LABEL_STREAM_HISTORY_LIMIT",),
    "Storages read what they need and no more; media pass through in a stream.": (
        "ENABLE_LOCAL_FILES_STORAGE",
        "STORAGE_IN_PROGRESS_TIMER",
        "USE_DEFAULT_S3_STORAGE",
        "RESOLVER_PROXY_*",
    ),
    "The clouds' own libraries read them, when STORAGE_AMBIENT_CREDENTIALS lends them.": (
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
    ),
    "A storage names its own server and region.": (
        "S3_*",
        "GCS_*",
    ),
    "MinIO is STORAGE_TYPE=s3 with STORAGE_AWS_ENDPOINT_URL; addresses of media never lead to a bucket, so nothing of them expires.": (
        "MINIO_*",
        "STORAGE_AWS_OBJECT_PARAMETERS",
        "STORAGE_AWS_X_AMZ_EXPIRES",
        "STORAGE_AWS_S3_*",
        "STORAGE_AZURE_URL_EXPIRATION_SECS",
        "STORAGE_GCS_EXPIRATION_SECS",
    ),
    "Models are asked nothing when they are disconnected, and no project is copied there.": (
        "ML_TIMEOUT_DELETE",
        "ML_TIMEOUT_DUPLICATE_MODEL",
        "ML_TIMEOUT_TRAIN_JOB_STATUS",
    ),
    "Webhooks are sent by the worker, which waits 5 s for an answer and asks again for a day; organizations may have their own.": (
        "WEBHOOK_*",
        "ALLOW_ORGANIZATION_WEBHOOKS",
    ),
    "Exports hold what was labelled and fetch nothing.": (
        "CONVERTER_DOWNLOAD_RESOURCES",
        "INTERPOLATE_KEY_FRAMES",
        "FORCE_ANNOTATOR_EXPORT",
    ),
    "Files are sent by the server itself, with ranges; a proxy needs no part in it.": (
        "USE_NGINX_FOR_EXPORT_DOWNLOADS",
        "USE_NGINX_FOR_UPLOADS",
    ),
    "E-mail addresses in imports that no member has are kept as text; nobody is added by an import.": (
        "ALLOW_IMPORT_TASKS_WITH_UNKNOWN_EMAILS",
    ),
    "There are no feature flags.": ("EXPERIMENTAL_FEATURES", "FEATURE_FLAGS_*", "FFLAG_*", "FF_*", "FEAT_*"),
    "Keys are changed in the editor, by each person.": ("EDITOR_KEYMAP",),
    "What may be filtered is a fixed list.": ("DATA_MANAGER_FILTER_ALLOWLIST",),
    "Mail is sent by SMTP when EMAIL_HOST is set.": ("EMAIL_BACKEND",),
    "After signing out people see the sign-in page.": ("LOGOUT_REDIRECT_URL",),
    "Labelspace has no counterpart of this part of Label Studio.": (
        "REDIS_*",
        "RQ_*",
        "PUBLIC_API_DOCS",
        "APP_WEBSERVER",
        "FRONTEND_HMR",
        "FRONTEND_HOSTNAME",
        "SERVICE_QUEUE_NAME",
        "VERSION_OVERRIDE",
        "BRANCH_OVERRIDE",
        "OPENAI_API_VERSION",
    ),
}


def reason(name: str) -> str | None:
    """Why a variable (without prefix) is ignored; None when it is not one of Label Studio's ignored ones."""
    for why, names in IGNORED.items():
        for known in names:
            if name == known or (known.endswith("*") and name.upper().startswith(known[:-1])):
                return why
    return None


def ignored_in(environ: Mapping[str, str]) -> dict[str, str]:
    """Full name → reason for what is set with Label Studio's prefix. Bare names may be meant for other programs and are left out."""
    found = {}
    for full in environ:
        for prefix in PREFIXES[:2]:
            if full.startswith(prefix) and (why := reason(full.removeprefix(prefix))):
                found[full] = why
    return found
