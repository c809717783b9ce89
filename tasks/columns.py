"""Which keys the data of a project's tasks has, and how often (`Project.data_columns`)."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection

from core.rawjson import json_text, read_json
from tasks.sets import IdSet, rows, run


def columns_of(tasks: IdSet) -> dict[str, int]:
    """{data key: in how many of the tasks}."""
    keys = "json_object_keys(t.data) AS k(key)" if connection.vendor == "postgresql" else "json_each(t.data) AS k"
    return dict(rows(f"SELECT k.key, COUNT(*) FROM tasks_task t, {keys} WHERE t.id IN ({tasks.text}) GROUP BY k.key", tasks.params))


def change_columns(project_id: int, changes: Mapping[str, int]) -> None:
    """Add differences to the counts of a project's data keys. The caller's transaction has changed the project's row or locked it."""
    if not any(changes.values()):
        return
    counts = read_json(rows("SELECT data_columns FROM projects_project WHERE id = %s", [project_id])[0][0])
    for key, by in changes.items():
        counts[key] = counts.get(key, 0) + by
    kept = {key: count for key, count in counts.items() if count > 0}
    run("UPDATE projects_project SET data_columns = %s WHERE id = %s", [json_text(kept), project_id])
