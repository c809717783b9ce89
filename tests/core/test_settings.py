"""Django's settings, as different environments make them."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
SPACE = {"SPACE_ID": "ann/labels", "SPACE_HOST": "ann-labels.hf.space"}


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """`made(PORT="1")` → the settings that this environment makes."""
    for name in ("DJANGO_DB", "POSTGRE_HOST", "POSTGRE_NAME", "POSTGRE_USER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LABEL_STUDIO_BASE_DATA_DIR", str(tmp_path))

    def make(**variables: str) -> dict[str, Any]:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(ROOT / "core" / "settings.py"))

    return make


def test_sqlite_is_opened_so_that_nothing_is_lost_and_nobody_is_locked_out(made: Any) -> None:
    database = made()["DATABASES"]["default"]
    options = database["OPTIONS"]
    assert database["ENGINE"] == "django.db.backends.sqlite3"
    assert (options["transaction_mode"], options["timeout"]) == ("IMMEDIATE", 30)


@pytest.mark.django_db
@pytest.mark.skipif("postgresql" in settings.DATABASES["default"]["ENGINE"], reason="needs SQLite")
@pytest.mark.parametrize(("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 30_000)])
def test_sqlite_really_has_these_options(pragma: str, value: object) -> None:
    with connection.cursor() as cursor:
        assert cursor.execute(f"PRAGMA {pragma}").fetchone() == (value,)


def test_postgresql_by_label_studios_variables(made: Any) -> None:
    database = made(DJANGO_DB="default", POSTGRE_HOST="db", POSTGRE_PASSWORD="p", POSTGRE_PORT="5433", POSTGRE_NAME="n", POSTGRE_USER="u")[
        "DATABASES"
    ]["default"]
    assert {name: database[name] for name in ("HOST", "PASSWORD", "PORT", "NAME", "USER")} == {
        "HOST": "db",
        "PASSWORD": "p",
        "PORT": "5433",
        "NAME": "n",
        "USER": "u",
    }
    assert database["CONN_HEALTH_CHECKS"] is True


def test_postgresql_by_one_address(made: Any) -> None:
    database = made(DATABASE_URL="postgresql://ann:a%40b@db.example.org/labels?sslmode=require")["DATABASES"]["default"]
    assert {name: database[name] for name in ("ENGINE", "HOST", "PASSWORD", "PORT", "NAME", "USER")} == {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": "db.example.org",
        "PASSWORD": "a@b",
        "PORT": "5432",
        "NAME": "labels",
        "USER": "ann",
    }
    assert database["OPTIONS"]["sslmode"] == "require"
    assert database["CONN_HEALTH_CHECKS"] is True


def test_sqlite_by_one_address(made: Any, tmp_path: Path) -> None:
    database = made(DATABASE_URL=f"sqlite:///{tmp_path}/other.sqlite3")["DATABASES"]["default"]
    assert database["NAME"] == f"{tmp_path}/other.sqlite3"
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_a_laptop(made: Any) -> None:
    found = made()
    assert (found["SESSION_COOKIE_SECURE"], found["SESSION_COOKIE_SAMESITE"], found["SESSION_COOKIE_NAME"]) == (False, "Lax", "sessionid")
    assert (found["FRAME_ANCESTORS"], found["SECURE_PROXY_SSL_HEADER"], found["CSRF_TRUSTED_ORIGINS"]) == ("'self'", None, [])
    assert found["DEBUG"] is False


def test_a_public_address(made: Any) -> None:
    found = made(LABEL_STUDIO_HOST="https://example.org/labels/", CSRF_TRUSTED_ORIGINS="https://a.example.org")
    assert (found["PUBLIC_URL"], found["FORCE_SCRIPT_NAME"], found["LOGIN_URL"]) == (
        "https://example.org/labels",
        "/labels",
        "/labels/user/login/",
    )
    assert (found["SESSION_COOKIE_SECURE"], found["CSRF_COOKIE_SECURE"], found["SESSION_COOKIE_NAME"]) == (True, True, "__Host-sessionid")
    assert found["CSRF_TRUSTED_ORIGINS"] == ["https://example.org", "https://a.example.org"]


def test_a_space(made: Any) -> None:
    found = made(**SPACE)
    assert found["ALLOWED_HOSTS"] == ["ann-labels.hf.space", "localhost", "127.0.0.1"]
    assert (found["SESSION_COOKIE_SAMESITE"], found["SESSION_COOKIE_SECURE"], found["CSRF_COOKIE_SAMESITE"]) == ("None", True, "None")
    assert found["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")
    assert "https://huggingface.co" in found["FRAME_ANCESTORS"]
    assert found["CSRF_TRUSTED_ORIGINS"] == ["https://ann-labels.hf.space"]


def test_a_space_with_a_domain_of_its_owner(made: Any) -> None:
    found = made(**SPACE, LABEL_STUDIO_HOST="https://labels.example.org")
    assert found["ALLOWED_HOSTS"][:2] == ["ann-labels.hf.space", "labels.example.org"]
    assert found["CSRF_TRUSTED_ORIGINS"] == ["https://labels.example.org", "https://ann-labels.hf.space"]


def test_a_space_as_label_studios_template_sets_it_up(made: Any) -> None:
    assert made(**SPACE, LABEL_STUDIO_HOST=SPACE["SPACE_HOST"])["PUBLIC_URL"] == "https://ann-labels.hf.space"


def test_mail_is_off_until_a_server_is_named(made: Any) -> None:
    assert made()["EMAIL_BACKEND"].endswith("dummy.EmailBackend")
    found = made(EMAIL_HOST="smtp.example.org", LABEL_STUDIO_HOST="https://labels.example.org", EMAIL_SECURITY="TLS")
    assert found["EMAIL_BACKEND"].endswith("smtp.EmailBackend")
    assert (found["EMAIL_USE_SSL"], found["EMAIL_USE_TLS"], found["DEFAULT_FROM_EMAIL"]) == (
        True,
        False,
        "Labelspace <labelspace@labels.example.org>",
    )


def test_passwords_are_stored_with_argon2(made: Any) -> None:
    assert made()["PASSWORD_HASHERS"][0].endswith("Argon2PasswordHasher")


def test_built_files_are_immutable_and_others_are_not() -> None:
    test = settings.WHITENOISE_IMMUTABLE_FILE_TEST
    assert test("", "/static/dist/assets/editor-CLg4PuO-.js")
    assert test("", "/static/dist/assets/editor-BvT3_x-1.css")
    assert not test("", "/static/dist/manifest.json")
    assert not test("", "/static/rest_framework/js/default.js")
