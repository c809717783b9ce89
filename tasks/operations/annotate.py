"""Many annotations at once: for tasks that get the same answer, and for actions on a selection of tasks."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from core.actor import Actor
from core.database import column_time, insert_rows, reserve_ids
from core.events.record import record
from core.rawjson import json_text
from projects.models import Project
from tasks.counters import keep_counters
from tasks.models import Annotation
from tasks.operations.bulk import ANNOTATION_COLUMNS, NewAnnotation
from tasks.result_counts import ResultChanges
from tasks.sets import ids, lock_project, rows, run


def create_annotations(actor: Actor, project: Project, answers: Sequence[tuple[int, NewAnnotation]]) -> list[int]:
    """Store answers, each with the id of its task, as one transaction; returns their ids in the order of `answers`.

    The caller has checked that the actor may and that the results fit. Tasks of other projects, and tasks that have gone, are passed over.
    `parent_prediction` and `parent_annotation` of an answer are ids of the database here.
    """
    with transaction.atomic():
        lock_project(project.pk)
        named = ids(task_id for task_id, _answer in answers)
        known = {
            row[0] for row in rows(f"SELECT id FROM tasks_task WHERE project_id = %s AND id IN ({named.text})", [project.pk, *named.params])
        }
        answers = [(task_id, answer) for task_id, answer in answers if task_id in known]
        if not answers:
            return []
        affected = ids(known)
        truths = ids(task_id for task_id, answer in answers if answer.ground_truth)
        new = list(reserve_ids(Annotation, len(answers)))
        results = ResultChanges()
        for _task_id, answer in answers:
            results.annotation(answer.result)
        with keep_counters(project, affected):
            run(f"UPDATE tasks_annotation SET ground_truth = %s WHERE ground_truth AND task_id IN ({truths.text})", [False, *truths.params])
            insert_rows(
                Annotation, ANNOTATION_COLUMNS, [_row(actor, project, pk, *answer) for pk, answer in zip(new, answers, strict=True)]
            )
            moment = column_time(timezone.now())
            run(
                f"UPDATE tasks_task SET updated_by_id = %s, updated_at = %s WHERE id IN ({affected.text})",
                [actor.user_id, moment, *affected.params],
            )
        results.save(project.pk, locked=False)
        record("annotation.created", actor, project=project.pk, ids=new, count=len(new))
    return new


def _row(actor: Actor, project: Project, pk: int, task_id: int, answer: NewAnnotation) -> tuple[Any, ...]:
    now = column_time(timezone.now())
    created = now if answer.created_at is None else column_time(answer.created_at)
    name = answer.unique_id or uuid.uuid4()
    return (
        pk, task_id, project.pk, answer.completed_by_id or actor.user_id, answer.updated_by_id or actor.user_id,
        None if answer.result is None else json_text(answer.result), len(answer.result or ()), answer.was_cancelled, answer.ground_truth, answer.lead_time,
        name.hex if connection.vendor == "sqlite" else str(name), answer.import_id, answer.last_action, answer.bulk_created, answer.prediction,
        answer.parent_prediction, answer.parent_annotation, None if answer.draft_created_at is None else column_time(answer.draft_created_at), 1,
        created, created if answer.updated_at is None else column_time(answer.updated_at),
    )  # fmt: skip
