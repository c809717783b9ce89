"""Variables: where they are looked up, what is refused, and that each is documented."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.environment import SettingError, kinds, read_environment
from core.environment.ignored import IGNORED, ignored_in, reason
from core.environment.page import settings_page
from core.environment.reader import PREFIXES, variables_of
from core.environment.variables import Variables

ROOT = Path(__file__).resolve().parents[2]
VARIABLES = variables_of(Variables)
GOOD_KEY = "k4vJ1q9ZrT0uYw7xBn3mLp5sDf8gHj2c"
PUBLIC = {"LABEL_STUDIO_HOST": "https://labels.example.org"}


def test_nothing_needs_to_be_set() -> None:
    found = read_environment({})
    assert (found.port, found.django_db, found.secure, found.samesite, found.public_url) == (8080, "sqlite", False, "Lax", "")


def test_the_prefixes_are_tried_in_order() -> None:
    names = {"LABEL_STUDIO_LOG_LEVEL": "ERROR", "HEARTEX_LOG_LEVEL": "INFO", "LOG_LEVEL": "DEBUG"}
    for expected, first in [("ERROR", "LABEL_STUDIO_LOG_LEVEL"), ("INFO", "HEARTEX_LOG_LEVEL"), ("DEBUG", "LOG_LEVEL")]:
        assert read_environment(names).log_level == expected
        assert read_environment(names).said("log_level") == first
        del names[first]


def test_an_empty_value_counts_as_not_set() -> None:
    assert read_environment({"LABEL_STUDIO_PORT": "", "PORT": "9000"}).port == 9000


@pytest.mark.parametrize("variable", [one for one in VARIABLES.values() if one.secret], ids=lambda one: one.name)
def test_a_secret_may_come_from_a_file(variable: object, tmp_path: Path) -> None:
    name = variable.name  # type: ignore[attr-defined]
    field = next(field for field, one in VARIABLES.items() if one is variable)
    value = {"DATABASE_URL": "postgresql://u:p@h/db", "SECRET_KEY": GOOD_KEY, "BASIC_AUTH": "user:a long secret"}.get(name, "a long secret")
    (tmp_path / "secret").write_text(value + "\n")
    others = {"LABEL_STUDIO_USERNAME": "ann@example.org", "LABEL_STUDIO_PASSWORD": "x" * 12}
    others.pop(f"LABEL_STUDIO_{name}", None)
    assert getattr(read_environment({**others, f"LABEL_STUDIO_{name}_FILE": str(tmp_path / "secret")}), field) == value


def test_a_secret_and_its_file_exclude_each_other(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"^POSTGRE_PASSWORD and POSTGRE_PASSWORD_FILE are both set, and only one may be\.$"):
        read_environment({"POSTGRE_PASSWORD": "a", "POSTGRE_PASSWORD_FILE": str(tmp_path)})


def test_an_unreadable_secret_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        SettingError, match=rf"^POSTGRE_PASSWORD_FILE names the file {tmp_path}/none, which cannot be read \(No such file or directory\)\.$"
    ):
        read_environment({"POSTGRE_PASSWORD_FILE": f"{tmp_path}/none"})


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        ({"PORT": "99999"}, "PORT is '99999' but must be a whole number from 0 to 65535."),
        ({"DEBUG": "maybe"}, "DEBUG is 'maybe' but must be true or false."),
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL is 'loud' but must be one of DEBUG, INFO, WARNING, ERROR, CRITICAL."),
        ({"LABEL_STUDIO_HOST": "labels.example.org"}, "LABEL_STUDIO_HOST is 'labels.example.org' but must be the address"),
        (
            {"CSRF_TRUSTED_ORIGINS": "example.org"},
            "CSRF_TRUSTED_ORIGINS is 'example.org' but must be a list of addresses like https://example.org, and 'example.org' is none.",
        ),
        (
            {"USER_ADDITIONAL_BANNED_SUBNETS": "10.0.0.0/99"},
            "USER_ADDITIONAL_BANNED_SUBNETS is '10.0.0.0/99' but must be a list of networks",
        ),
        ({"SECRET_KEY": "x" * 31}, "SECRET_KEY has 31 characters and must have at least 32"),
        ({"SECRET_KEY": "please-changeme-please-changeme-now"}, "SECRET_KEY looks like a placeholder"),
        ({"SECRET_KEY": "ab" * 20}, "SECRET_KEY looks like a placeholder"),
        ({"LABEL_STUDIO_USERNAME": "ann@example.org"}, "LABEL_STUDIO_USERNAME is set but LABEL_STUDIO_PASSWORD is not"),
        ({"LABEL_STUDIO_PASSWORD": "something long"}, "LABEL_STUDIO_PASSWORD is set but LABEL_STUDIO_USERNAME is not"),
        ({"LABEL_STUDIO_USERNAME": "ann", "LABEL_STUDIO_PASSWORD": "p"}, "LABEL_STUDIO_USERNAME is 'ann' but must be an e-mail address."),
        ({"LABEL_STUDIO_USER_TOKEN": "abcdefgh"}, "LABEL_STUDIO_USER_TOKEN is set but LABEL_STUDIO_USERNAME is not"),
        ({"USERNAME": "a@b.c", "PASSWORD": "p", "USER_TOKEN": "short"}, "USER_TOKEN must have at least 6 characters."),
        ({"SESSION_COOKIE_SAMESITE": "None"}, "SESSION_COOKIE_SAMESITE is None, which browsers accept over https only"),
        ({"EMAIL_HOST": "smtp.example.org"}, "EMAIL_HOST is set but LABEL_STUDIO_HOST is not"),
        ({**PUBLIC, "DEBUG": "1"}, "DEBUG is true, which shows secrets to visitors"),
        ({"DJANGO_DB": "sqlite", "DATABASE_URL": "postgresql://h/n"}, "DJANGO_DB and DATABASE_URL are both set"),
        ({"DATABASE_URL": "mysql://u:topsecret@h/n"}, "DATABASE_URL must begin with postgresql:// or sqlite://."),
        ({"DATABASE_URL": "postgresql://u:topsecret@h"}, "DATABASE_URL must end with the name of the database"),
        ({"DATABASE_URL": "postgresql://u:topsecret@h:x/n"}, "DATABASE_URL holds a port that is no number."),
        ({"DATABASE_URL": "postgresql://u:topsecret@h/n?pool=1"}, "DATABASE_URL holds the option pool, which is not known."),
    ],
)
def test_a_bad_value_is_one_sentence_that_names_the_variable(environ: dict[str, str], sentence: str) -> None:
    with pytest.raises(SettingError) as caught:
        read_environment(environ)
    assert str(caught.value).startswith(sentence)
    assert "topsecret" not in str(caught.value)


@pytest.mark.parametrize(
    "environ", [{"USERNAME": "root", "PASSWORD": "x"}, {"USERNAME": "ann@example.org"}, {"PASSWORD": "x"}, {"HOST": "mymachine"}]
)
def test_what_shells_set_for_themselves_is_not_ours(environ: dict[str, str]) -> None:
    found = read_environment(environ)
    assert (found.username, found.password, found.host) == ("", "", "")


def test_username_and_password_without_prefix_count_together() -> None:
    found = read_environment({"USERNAME": "ann@example.org", "PASSWORD": "correct horse"})
    assert (found.username, found.password) == ("ann@example.org", "correct horse")


def test_a_space_is_recognized() -> None:
    found = read_environment({"SPACE_ID": "ann/labels", "SPACE_HOST": "Ann-labels.hf.space"})
    assert (found.public_url, found.secure, found.samesite, found.proxies, found.persistent) == (
        "https://ann-labels.hf.space",
        True,
        "None",
        1,
        False,
    )


def test_secrets_are_not_printed_with_the_settings() -> None:
    assert "hunter2hunter2" not in repr(read_environment({"POSTGRE_PASSWORD": "hunter2hunter2"}))


@pytest.mark.parametrize("name", [variable.name for variable in VARIABLES.values()])
def test_no_text_breaks_the_reader(name: str) -> None:
    @given(st.text(max_size=40), st.sampled_from(PREFIXES))
    def read(text: str, prefix: str) -> None:
        try:
            read_environment({prefix + name: text})
            said = f"{prefix}{name} is fine."
        except SettingError as error:
            said = str(error)
        assert said.startswith(prefix + name)
        assert said.endswith(".")

    read()


@given(st.integers(0, 10**6))
def test_integers_keep_their_bounds(number: int) -> None:
    parse = kinds.integer(10, 1000)
    if 10 <= number <= 1000:
        assert parse(str(number)) == number
    else:
        with pytest.raises(ValueError, match="must be a whole number from 10 to 1000"):
            parse(str(number))


# What Label Studio 1.23.2 reads and its users set.
LABEL_STUDIO = """
HOST DOMAIN_FROM_REQUEST PORT USERNAME PASSWORD USER_TOKEN ENABLE_LEGACY_API_TOKEN DISABLE_SIGNUP_WITHOUT_LINK ALLOW_ORGANIZATION_CREATION
ALLOW_ORGANIZATION_WEBHOOKS BASE_DATA_DIR SECRET_KEY DJANGO_DB DATABASE_NAME POSTGRE_NAME POSTGRE_USER POSTGRE_PASSWORD POSTGRE_HOST POSTGRE_PORT MYSQL_NAME
MYSQL_USER MYSQL_PASSWORD MYSQL_HOST MYSQL_PORT AZURE_MOUNT_FIX SKIP_TRIGRAM_EXTENSION SKIP_BTREE_GIN_EXTENSION ALLOW_SCHEDULED_MIGRATIONS DEBUG LOG_LEVEL JSON_LOG
DEBUG_MODAL_EXCEPTIONS DEBUG_PROPAGATE_EXCEPTIONS GOOGLE_LOGGING_ENABLED SENTRY_DSN FRONTEND_SENTRY_DSN COLLECT_ANALYTICS LATEST_VERSION_CHECK ALLOWED_HOSTS
CSRF_TRUSTED_ORIGINS CORS_ALLOWED_ORIGINS CORS_ALLOWED_ORIGIN_REGEXES CORS_ALLOW_ALL_ORIGINS SESSION_COOKIE_SECURE SESSION_COOKIE_SAMESITE CSRF_COOKIE_SECURE
CSRF_COOKIE_HTTPONLY CSRF_COOKIE_SAMESITE CSRF_COOKIE_AGE MAX_SESSION_AGE MAX_TIME_BETWEEN_ACTIVITY INACTIVITY_SESSION_TIMEOUT_ENABLED LOGOUT_REDIRECT_URL
USE_ENFORCE_CSRF_CHECKS ENABLE_CSP LS_CSP_REPORT_ONLY LS_CSP_REPORT_URI SSRF_PROTECTION_ENABLED USE_DEFAULT_BANNED_SUBNETS USER_ADDITIONAL_BANNED_SUBNETS
ML_BLOCK_LOCAL_IP VERIFY_SSL_CERTS SVG_SECURITY_CLEANUP DATA_UPLOAD_MAX_MEMORY_SIZE DATA_UPLOAD_MAX_NUMBER_FILES TASK_API_PAGE_SIZE_MAX MAX_TASK_BATCH_SIZE
TASK_DATA_PER_BATCH IMPORT_BATCH_SIZE REIMPORT_BATCH_SIZE PREDICTION_IMPORT_BATCH_SIZE DEFAULT_STORAGE_LIST_LIMIT STORAGE_EXISTED_COUNT_BATCH_SIZE
STORAGE_EXPORT_CHUNK_SIZE TASK_LOCK_TTL LABEL_STREAM_HISTORY_LIMIT RANDOM_NEXT_TASK_SAMPLE_SIZE ENABLE_LOCAL_FILES_STORAGE LOCAL_FILES_SERVING_ENABLED
LOCAL_FILES_DOCUMENT_ROOT SYNC_ON_TARGET_STORAGE_CREATION FUTURE_SAVE_TASK_TO_STORAGE FUTURE_SAVE_TASK_TO_STORAGE_JSON_EXT STORAGE_IN_PROGRESS_TIMER
USE_DEFAULT_S3_STORAGE RESOLVER_PROXY_BUFFER_SIZE RESOLVER_PROXY_TIMEOUT RESOLVER_PROXY_MAX_RANGE_SIZE RESOLVER_PROXY_ENABLE_ETAG_CACHE RESOLVER_PROXY_CACHE_TIMEOUT
RESOLVER_PROXY_GCS_DOWNLOAD_URL RESOLVER_PROXY_GCS_HTTP_TIMEOUT AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN S3_ENDPOINT S3_region
S3_TRUSTED_STORAGE_DOMAINS AZURE_BLOB_ACCOUNT_NAME AZURE_BLOB_ACCOUNT_KEY GOOGLE_APPLICATION_CREDENTIALS GCS_CLOUD_STORAGE_FORCE_DEFAULT_CREDENTIALS
CONVERTER_DOWNLOAD_RESOURCES SHOW_TRACEBACK_FOR_EXPORT_CONVERTER INTERPOLATE_KEY_FRAMES FORCE_ANNOTATOR_EXPORT USE_NGINX_FOR_EXPORT_DOWNLOADS USE_NGINX_FOR_UPLOADS
WEBHOOK_TIMEOUT WEBHOOK_BATCH_SIZE ML_CONNECTION_TIMEOUT ML_TIMEOUT_DEFAULT ML_TIMEOUT_TRAIN ML_TIMEOUT_PREDICT ML_TIMEOUT_HEALTH ML_TIMEOUT_SETUP ML_TIMEOUT_DELETE
ML_TIMEOUT_DUPLICATE_MODEL ML_TIMEOUT_TRAIN_JOB_STATUS ALLOW_IMPORT_TASKS_WITH_UNKNOWN_EMAILS EXPERIMENTAL_FEATURES EDITOR_KEYMAP DATA_MANAGER_FILTER_ALLOWLIST
DM_MAX_USERS_TO_DISPLAY FEATURE_FLAGS_FILE FEATURE_FLAGS_FROM_FILE FEATURE_FLAGS_OFFLINE FEATURE_FLAGS_API_KEY fflag_anything ff_anything feat_anything FROM_EMAIL
EMAIL_BACKEND STORAGE_PERSISTENCE REDIS_LOCATION RQ_QUEUES USER_ACTIVITY_REDIS_TTL MINIO_STORAGE_ENDPOINT MINIO_SKIP PUBLIC_API_DOCS APP_WEBSERVER FRONTEND_HMR
FRONTEND_HOSTNAME SERVICE_QUEUE_NAME VERSION_OVERRIDE BRANCH_OVERRIDE OPENAI_API_VERSION WINDOWS_SQLITE_BINARY_HOST_PREFIX STORAGE_TYPE STORAGE_AWS_BUCKET_NAME
STORAGE_AZURE_CONTAINER_NAME STORAGE_GCS_BUCKET_NAME
""".split()  # noqa: SIM905 - as a list it would be 150 lines


@pytest.mark.parametrize("name", LABEL_STUDIO)
def test_every_variable_of_label_studio_is_used_or_ignored_with_a_reason(name: str) -> None:
    used = name in {variable.name for variable in VARIABLES.values()}
    assert used != (reason(name) is not None)


def test_what_is_ignored_is_told_for_prefixed_names_only() -> None:
    assert list(ignored_in({"LABEL_STUDIO_SENTRY_DSN": "x", "SENTRY_DSN": "x", "HEARTEX_REDIS_LOCATION": "y", "PATH": "/bin"})) == [
        "LABEL_STUDIO_SENTRY_DSN",
        "HEARTEX_REDIS_LOCATION",
    ]


def test_the_documentation_names_every_setting() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"`([A-Za-z0-9_*]+)`", page))
    assert {variable.documented_name for variable in VARIABLES.values()} <= documented
    assert {name for names in IGNORED.values() for name in names} <= documented
    assert page == settings_page(), "write it again: labelspace settings --markdown > docs/settings.md"


def test_every_setting_has_an_effect() -> None:
    """Each field is read somewhere, by the server or through settings.py."""
    sources = "\n".join(
        path.read_text(encoding="utf-8")
        for room in (
            "core",
            "users",
            "organizations",
            "projects",
            "tasks",
            "data_manager",
            "data_import",
            "data_export",
            "webhooks",
            "ml",
            "io_storages",
            "durability",
            "hub_datasets",
            "spaces",
            "training",
            "web",
        )
        for path in (ROOT / room).rglob("*.py")
        if path.name != "variables.py"
    )
    for field, variable in VARIABLES.items():
        assert re.search(rf"\b(environment|ENVIRONMENT|found|self)\.{field}\b", sources), f"nobody reads {variable.name}"
    settings = (ROOT / "core" / "settings.py").read_text(encoding="utf-8")
    ours = re.findall(r"^([A-Z_]+) = ENVIRONMENT\.", settings, re.MULTILINE)
    django = set(vars(__import__("django.conf.global_settings", fromlist=["x"])))
    unused = [
        name
        for name in ours
        if name not in django and not re.search(rf"settings\.{name}\b", sources) and len(re.findall(rf"\b{name}\b", settings)) == 1
    ]
    assert unused == []


def test_a_volume_of_a_space_takes_copies_and_no_live_database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("core.environment.SPACE_VOLUME", str(tmp_path))
    monkeypatch.setattr("os.path.ismount", lambda path: str(path) == str(tmp_path))
    space = {"SPACE_ID": "ann/labels", "LABEL_STUDIO_BASE_DATA_DIR": str(tmp_path), "STORAGE_PERSISTENCE": "1"}
    found = read_environment(space)
    assert found.durable_address == f"{tmp_path}/labelspace"
    assert not found.data_directory.is_relative_to(tmp_path)
    assert not found.sqlite_file.is_relative_to(tmp_path)
    # Who keeps the database elsewhere, or wants no copies, has the directory that was said.
    assert read_environment({**space, "DURABLE_TARGET": "off"}).data_directory == tmp_path
    assert read_environment({**space, "DJANGO_DB": "default", "POSTGRE_NAME": "labels"}).data_directory == tmp_path
    assert read_environment({**space, "HF_TOKEN": "hf_x"}).durable_address == "hf://buckets/ann/labels-data"
    monkeypatch.setattr("os.path.ismount", lambda path: False)
    assert read_environment(space).data_directory == tmp_path
