"""Writing the search index: from the tasks as they are, as often as anybody likes."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection, transaction

import labeling
from core.database import for_update, insert_rows
from core.rawjson import read_json
from data_manager.models import Facet, IndexWork
from data_manager.search.tables import TABLE, forget_texts, has_texts
from data_manager.sql import VALUE_TEXT
from tasks.sets import IdSet, ids, rows, run

TASKS_PER_STEP = 1_000
LONGEST_TEXT = 100_000
LABEL_LENGTH = 500


def index_next() -> bool:
    """Index the next tasks that wait; returns whether there may be more. The worker calls it again and again."""
    with transaction.atomic():
        skip = " SKIP LOCKED" if connection.vendor == "postgresql" else ""
        found = rows(
            f"SELECT id, project_id, first, last FROM data_manager_indexwork WHERE NOT parked ORDER BY id LIMIT 1{for_update()}{skip}"
        )
        if not found:
            return False
        pk, project_id, first, last = found[0]
        tasks = [
            task
            for (task,) in rows(
                f"SELECT id FROM tasks_task WHERE project_id = %s AND id BETWEEN %s AND %s ORDER BY id LIMIT {TASKS_PER_STEP}",
                [project_id, first, last],
            )
        ]
        index_tasks(project_id, tasks)
        if len(tasks) < TASKS_PER_STEP:
            run("DELETE FROM data_manager_indexwork WHERE id = %s", [pk])
        else:
            run("UPDATE data_manager_indexwork SET first = %s WHERE id = %s", [tasks[-1] + 1, pk])
    return True


def index_tasks(project_id: int, tasks: Sequence[int], *, text: bool = True) -> None:
    """Write what the index says of these tasks anew. Those that are gone leave it. `text`: their data may have changed."""
    if not tasks:
        return
    wanted = ids(tasks)
    run(f"DELETE FROM data_manager_facet WHERE task_id IN ({wanted.text})", wanted.params)
    run(
        f"""INSERT INTO data_manager_facet (project_id, name, task_id)
            SELECT DISTINCT a.project_id, 'by:' || a.completed_by_id, a.task_id FROM tasks_annotation a
            WHERE a.task_id IN ({wanted.text}) AND +a.project_id = %s AND a.completed_by_id IS NOT NULL""",
        [*wanted.params, project_id],
    )
    named = {
        (project_id, facet_of_label(label), task)
        for task, result in rows(
            f"SELECT task_id, result FROM tasks_annotation WHERE task_id IN ({wanted.text}) AND +project_id = %s AND result_count > 0",
            [*wanted.params, project_id],
        )
        for row in read_json(result)
        for label in labeling.labels_of(row)
    }
    if named:
        insert_rows(Facet, ("project_id", "name", "task_id"), sorted(named))
    if text and has_texts():
        _index_texts(project_id, wanted)


def facet_of_label(label: str) -> str:
    return "label:" + label[:LABEL_LENGTH]


def _index_texts(project_id: int, wanted: IdSet) -> None:
    run(
        f"DELETE FROM data_manager_indexwork WHERE project_id = %s AND parked AND first IN ({wanted.text})",
        [project_id, *wanted.params],
    )
    which = f"FROM tasks_task t WHERE t.project_id = %s AND t.id IN ({wanted.text})"
    if connection.vendor == "postgresql":
        forget_texts(project_id, wanted.text, list(wanted.params))
        length = "octet_length(t.data::text)"
        run(
            f"""INSERT INTO {TABLE} (task_id, project_id, content)
                SELECT t.id, t.project_id, COALESCE((SELECT string_agg(v.value, E'\\n') FROM json_each_text(t.data) v), '')
                {which} AND {length} <= {LONGEST_TEXT}""",
            [project_id, *wanted.params],
        )
    else:
        length = "length(t.data)"
        run(
            f"""INSERT INTO {TABLE} (rowid, content)
                SELECT t.id, (SELECT group_concat({VALUE_TEXT}, char(10)) FROM json_each(t.data) v)
                {which} AND {length} <= {LONGEST_TEXT} ORDER BY t.id""",
            [project_id, *wanted.params],
        )
    long = rows(f"SELECT t.id {which} AND {length} > {LONGEST_TEXT}", [project_id, *wanted.params])
    IndexWork.objects.bulk_create([IndexWork(project_id=project_id, first=task, last=task, parked=True) for (task,) in long])
