"""Counting everything anew: what the counters of a project should be, against what they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django.db import transaction

from core.rawjson import json_text, read_json
from projects.models import Project, ResultCount
from tasks.columns import columns_of
from tasks.counters import NAMES, finished, numbers_of
from tasks.result_counts import Key, ResultChanges
from tasks.sets import all_tasks, lock_project, rows, run

CHUNK = 2_000
_TOTAL = "(SELECT COUNT(*) FROM tasks_annotation a WHERE a.task_id = tasks_task.id AND NOT a.was_cancelled)"
_CANCELLED = "(SELECT COUNT(*) FROM tasks_annotation a WHERE a.task_id = tasks_task.id AND a.was_cancelled)"
_PREDICTIONS = "(SELECT COUNT(*) FROM tasks_prediction p WHERE p.task_id = tasks_task.id)"
_UNCERTAINTY = "(SELECT MIN(p.score) FROM tasks_prediction p WHERE p.task_id = tasks_task.id AND COALESCE(p.model_version, '') = %s)"


def recount(project: Project, *, fix: bool = False) -> dict[str, Any]:
    """What differs between the counters of a project and a recount: `{}` when nothing does; with `fix` it has been put right.

    Keys: `tasks` (how many tasks have wrong counters), names of the project's counters `[stored, counted]`, `data_columns`, `results`.
    """
    with transaction.atomic():
        lock_project(project.pk)
        project.refresh_from_db()
        wrong = _wrong_tasks(project)
        if wrong:
            # The project's numbers are counted from those of its tasks, so these come first; without `fix` they are rolled back.
            point = transaction.savepoint()
            _fix_tasks(project)
            differences = {"tasks": wrong, **_project_differences(project)}
            if fix:
                transaction.savepoint_commit(point)
            else:
                transaction.savepoint_rollback(point)
        else:
            differences = _project_differences(project)
        if fix and differences:
            _fix_project(project, differences)
    return differences


def _wrong_tasks(project: Project) -> int:
    done = finished(project.skip_queue)
    found = rows(
        f"""SELECT COUNT(*) FROM tasks_task WHERE project_id = %s AND (
                total_annotations <> {_TOTAL} OR cancelled_annotations <> {_CANCELLED} OR total_predictions <> {_PREDICTIONS}
                OR is_labeled <> ({done}) OR COALESCE(uncertainty, -1) <> COALESCE({_UNCERTAINTY}, -1))""",
        [project.pk, project.model_version or ""],
    )
    return int(found[0][0])


def _fix_tasks(project: Project) -> None:
    run(
        f"""UPDATE tasks_task SET total_annotations = {_TOTAL}, cancelled_annotations = {_CANCELLED}, total_predictions = {_PREDICTIONS},
                is_labeled = {finished(project.skip_queue)}, uncertainty = {_UNCERTAINTY} WHERE project_id = %s""",
        [project.model_version or "", project.pk],
    )


def _project_differences(project: Project) -> dict[str, Any]:
    tasks = all_tasks(project.pk)
    counted = asdict(numbers_of(tasks))
    differences: dict[str, Any] = {
        name: [getattr(project, name), counted[name]] for name in NAMES if getattr(project, name) != counted[name]
    }
    columns = columns_of(tasks)
    if read_json(project.data_columns) != columns:
        differences["data_columns"] = [read_json(project.data_columns), columns]
    stored = {
        (row.from_name, row.to_name, row.type, row.label): (row.annotations, row.drafts)
        for row in ResultCount.objects.filter(project=project)
        if row.annotations or row.drafts
    }
    real = count_results(project)
    if stored != real:
        differences["results"] = {
            key: [stored.get(key, (0, 0)), real.get(key, (0, 0))] for key in stored.keys() | real.keys() if stored.get(key) != real.get(key)
        }
    return differences


def count_results(project: Project) -> dict[Key, tuple[int, int]]:
    """{(from_name, to_name, type, label): (in annotations, in drafts)} of every result of a project."""
    changes = ResultChanges()
    for result in _each(project, "tasks_annotation"):
        changes.annotation(result)
    for result in _each(project, "tasks_draft"):
        changes.draft(result)
    return changes.changed()


def _each(project: Project, table: str) -> Iterator[str | None]:
    last = 0
    while found := rows(f"SELECT id, result FROM {table} WHERE project_id = %s AND id > %s ORDER BY id LIMIT {CHUNK}", [project.pk, last]):
        last = found[-1][0]
        for _pk, result in found:
            yield result


def _fix_project(project: Project, differences: dict[str, Any]) -> None:
    values = {name: differences[name][1] for name in NAMES if name in differences}
    if "data_columns" in differences:
        values["data_columns"] = json_text(differences["data_columns"][1])
    if values:
        Project.objects.filter(pk=project.pk).update(**values)
    if "results" in differences:
        ResultCount.objects.filter(project=project).delete()
        fresh = count_results(project)
        ResultCount.objects.bulk_create(
            [
                ResultCount(
                    project=project, from_name=key[0], to_name=key[1], type=key[2], label=key[3], annotations=annotations, drafts=drafts
                )
                for key, (annotations, drafts) in fresh.items()
            ],
            batch_size=CHUNK,
        )
