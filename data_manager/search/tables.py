"""The table of texts, where the database can search in one: FTS5 with trigrams on SQLite, pg_trgm on PostgreSQL.

Where neither can be had, texts are searched by reading them. On SQLite the table keeps no text: which tasks have which three letters is all.
"""

from __future__ import annotations

import threading
from typing import Any

from django.db import DatabaseError, connection, transaction

from tasks.sets import rows, run

TABLE = "data_manager_text"
_found: dict[str, bool] = {}
_lock = threading.Lock()

SQLITE = f"CREATE VIRTUAL TABLE {TABLE} USING fts5(content, content='', detail=none, columnsize=0, tokenize='trigram')"
# Postings are gathered in memory up to so many bytes before they are written: fewer and larger pieces to merge.
SQLITE_BUFFER = f"INSERT INTO {TABLE}({TABLE}, rank) VALUES ('hashsize', {16 << 20})"
POSTGRESQL = f"CREATE TABLE {TABLE} (task_id bigint PRIMARY KEY, project_id bigint NOT NULL, content text NOT NULL)"
POSTGRESQL_INDEXES = (
    f"CREATE INDEX {TABLE}_order ON {TABLE} (project_id, task_id)",
    f"CREATE INDEX {TABLE}_trigrams ON {TABLE} USING gin (content gin_trgm_ops)",
)


def make_tables(apps: Any, schema_editor: Any) -> None:
    """For the migration. A database that cannot search texts goes without."""
    cursor = schema_editor.connection.cursor
    try:
        with transaction.atomic(using=schema_editor.connection.alias):
            if schema_editor.connection.vendor == "postgresql":
                cursor().execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
                for statement in (POSTGRESQL, *POSTGRESQL_INDEXES):
                    cursor().execute(statement)
            else:
                for statement in (SQLITE, SQLITE_BUFFER):
                    cursor().execute(statement)
    except DatabaseError:
        return


def drop_tables(apps: Any, schema_editor: Any) -> None:
    schema_editor.connection.cursor().execute(f"DROP TABLE IF EXISTS {TABLE}")


def has_texts() -> bool:
    """Whether this database has the table."""
    name = str(connection.settings_dict["NAME"])
    with _lock:
        if name not in _found:
            _found[name] = TABLE in connection.introspection.table_names()
        return _found[name]


def forget_texts(project_id: int, tasks: str, params: list[Any]) -> None:
    """Take the texts of tasks away (`tasks` selects ids). SQLite keeps none; what it holds of a task that is gone finds nothing."""
    if has_texts() and connection.vendor == "postgresql":
        run(f"DELETE FROM {TABLE} WHERE project_id = %s AND task_id IN ({tasks})", [project_id, *params])


def lag() -> int:
    """How many pieces of work wait for the index."""
    return int(rows("SELECT COUNT(*) FROM data_manager_indexwork WHERE NOT parked")[0][0])
