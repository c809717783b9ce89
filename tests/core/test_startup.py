"""Before the first request: key, database, migrations, first account."""

from __future__ import annotations

import os
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from core.environment import read_environment
from core.startup import StartError
from core.startup.database import check_database
from core.startup.keys import prepare_data_directory, secret_key
from core.startup.migration import KEPT_BACKUPS, back_up, bring_up_to_date

SQLITE = "django.db.backends.sqlite3"


def test_the_key_is_made_once_and_only_for_us(tmp_path: Path) -> None:
    environment = read_environment({"LABEL_STUDIO_BASE_DATA_DIR": str(tmp_path / "data")})
    key = secret_key(environment)
    assert len(key) >= 50
    assert secret_key(environment) == key
    assert (tmp_path / "data" / "secret_key").stat().st_mode & 0o777 == 0o600
    assert os.listdir(tmp_path / "data") == ["secret_key"]


def test_two_starters_get_the_same_key(tmp_path: Path) -> None:
    environment = read_environment({"LABEL_STUDIO_BASE_DATA_DIR": str(tmp_path)})
    found: list[str] = []
    gate = threading.Barrier(8)

    def start() -> None:
        gate.wait()
        found.append(secret_key(environment))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_a_key_in_the_environment_wins_and_nothing_is_written(tmp_path: Path) -> None:
    given = "R8dJ1q9ZrT0uYw7xBn3mLp5sDf8gHj2c"
    assert secret_key(read_environment({"SECRET_KEY": given, "LABEL_STUDIO_BASE_DATA_DIR": str(tmp_path)})) == given
    assert os.listdir(tmp_path) == []


def test_a_data_directory_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StartError, match=r"^LABEL_STUDIO_BASE_DATA_DIR: the data directory .*/file cannot be made \(File exists\)\.$"):
        prepare_data_directory(tmp_path / "file")


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.sqlite3").write_text("this is no database at all, it is a text " * 50)
    with pytest.raises(
        StartError, match=r"^DATABASE_NAME: the database file .*notes\.sqlite3 cannot be opened \(file is not a database\)\.$"
    ):
        check_database({"ENGINE": SQLITE, "NAME": tmp_path / "notes.sqlite3"})


def test_label_studios_database_is_left_alone(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "label_studio.sqlite3")) as other:
        other.execute("CREATE TABLE htx_user (id integer)")
    with pytest.raises(StartError, match=r"is a database of Label Studio, which Labelspace does not change"):
        check_database({"ENGINE": SQLITE, "NAME": tmp_path / "label_studio.sqlite3"})


@pytest.mark.skipif(os.environ.get("TEST_DB") != "postgres", reason="needs PostgreSQL")
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"NAME": "nowhere"}, "PostgreSQL has no database 'nowhere': make it there, or check POSTGRE_NAME."),
        ({"USER": "nobody_here"}, "PostgreSQL has no user 'nobody_here': check POSTGRE_USER."),
        ({"HOST": "/nonexistent"}, "PostgreSQL cannot be used:"),
        ({"HOST": "127.0.0.1", "PORT": "1"}, "PostgreSQL at 127.0.0.1:1 (POSTGRE_HOST, POSTGRE_PORT) refuses the connection"),
    ],
)
def test_postgresql_says_what_is_wrong(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(StartError) as caught:
        check_database({**settings.DATABASES["default"], **change})
    assert str(caught.value).startswith(sentence)


def test_a_backup_is_a_whole_database_and_old_ones_go(tmp_path: Path) -> None:
    database = tmp_path / "labels.sqlite3"
    with closing(sqlite3.connect(database)) as source:
        source.execute("PRAGMA journal_mode=WAL")
        source.execute("CREATE TABLE thing (id integer)")
        source.executemany("INSERT INTO thing VALUES (?)", [(n,) for n in range(100)])
        source.commit()
        for number in range(KEPT_BACKUPS + 2):
            (tmp_path / "backups").mkdir(exist_ok=True)
            (tmp_path / "backups" / f"labels-2020010{number}-000000-before-0.0.1.sqlite3").touch()
        copy = back_up(database, tmp_path / "backups")
    with closing(sqlite3.connect(copy)) as restored:
        assert restored.execute("SELECT count(*) FROM thing").fetchone() == (100,)
        assert restored.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert len(list((tmp_path / "backups").iterdir())) == KEPT_BACKUPS
    assert copy.stat().st_mode & 0o777 == 0o600


@pytest.mark.django_db
def test_a_database_that_is_up_to_date_is_left_alone() -> None:
    assert bring_up_to_date() == 0


@pytest.mark.django_db
def test_a_newer_database_is_refused() -> None:
    MigrationRecorder(connection).record_applied("tasks", "9999_from_the_future")
    with pytest.raises(
        StartError, match=r"^The database was written by a newer version of Labelspace \(it knows tasks\.9999_from_the_future\)"
    ):
        bring_up_to_date()


@pytest.mark.django_db
def test_models_and_migrations_agree() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
