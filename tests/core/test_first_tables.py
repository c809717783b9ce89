"""An empty database gets its tables at once: the same tables, columns, keys, indexes and notes as step by step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.commands.migrate import Command as StepByStep
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]

POSTGRES = {
    "columns": "SELECT table_name, column_name, data_type, is_nullable, column_default, collation_name FROM information_schema.columns "
    "WHERE table_schema = 'public'",
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "constraints": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE connamespace = 'public'::regnamespace",
    "triggers": "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "sequences": "SELECT sequence_name, data_type FROM information_schema.sequences WHERE sequence_schema = 'public'",
}


@contextmanager
def empty_database(name: str) -> Iterator[BaseDatabaseWrapper]:
    """A new database beside the test's own, as the connection `default` in the settings knows it."""
    told = {**connection.settings_dict, "NAME": ":memory:" if connection.vendor == "sqlite" else name}
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}"')
    kept = connections["default"]
    other = type(kept)(told, "default")
    connections["default"] = other
    try:
        yield other
    finally:
        connections["default"] = kept
        other.close()
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def described(found: BaseDatabaseWrapper) -> dict[str, Any]:
    with found.cursor() as cursor:
        if found.vendor == "postgresql":
            answer = {}
            for what, sql in POSTGRES.items():
                cursor.execute(sql)
                answer[what] = sorted(map(repr, cursor.fetchall()))
        else:
            cursor.execute("SELECT type, name, tbl_name, sql FROM sqlite_master")
            answer = {f"{kind} {name}": sorted((sql or "").split(", ")) if kind == "table" and "USING" not in sql else sql
                      for kind, name, _table, sql in cursor.fetchall()}  # fmt: skip
            for key, value in answer.items():
                if isinstance(value, list):  # the order of columns differs: the last one ends the statement
                    answer[key] = sorted(
                        part.split("(", 1)[-1].rstrip(")") if part.startswith("CREATE") else part.rstrip(")") for part in value
                    )
        cursor.execute("SELECT app, name FROM django_migrations")
        answer["applied"] = sorted(cursor.fetchall())
        cursor.execute("SELECT codename FROM auth_permission")
        answer["permissions"] = sorted(cursor.fetchall())
    return answer


def test_at_once_is_the_same_as_step_by_step() -> None:
    with empty_database("first_tables_at_once") as database:
        call_command("migrate", verbosity=0, skip_checks=True)
        at_once = described(database)
    with empty_database("first_tables_by_step") as database:
        call_command(StepByStep(), verbosity=0, skip_checks=True)
        by_step = described(database)
    assert at_once == by_step
    assert len(at_once["applied"]) > 30


def test_a_database_with_tables_goes_step_by_step() -> None:
    """Tables that others put there are nobody's to guess about: nothing is taken for granted, nothing is noted as applied."""
    from core.startup.first_tables import make_first_tables

    with empty_database("first_tables_others") as database:
        with database.cursor() as cursor:
            cursor.execute("CREATE TABLE somebody_elses (id integer)")
        assert make_first_tables(database) is False
        assert database.introspection.table_names() == ["somebody_elses"]
