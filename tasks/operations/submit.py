"""Submitting an annotation: one transaction of at most 9 statements, none of which depends on how large the project is."""

from __future__ import annotations

import uuid
from datetime import UTC
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.database import column_time, time_sql
from core.errors import Refused, forbidden, invalid, not_found
from core.events.record import record
from core.rawjson import dump_json, json_text
from tasks.answers import check_result
from tasks.operations.settle import COLUMNS, TASK, LockedTask, clear_ground_truth, locking, settle
from tasks.render import annotation_json, prediction_json, select_annotations
from tasks.result_counts import ResultChanges
from tasks.sets import rows, run
from tasks.visibility import visible_projects

INSERT = (
    "task_id", "project_id", "completed_by_id", "updated_by_id", "result", "result_count", "was_cancelled", "ground_truth", "lead_time", "unique_id",
    "idempotency_key", "import_id", "last_action", "bulk_created", "prediction", "draft_created_at", "version", "created_at", "updated_at",
)  # fmt: skip
# What a prediction looks like is taken from the task's first one of the project's model version: what was shown when the work began.
_SELECT = f"""
    SELECT {TASK}, u.id, u.first_name, u.last_name, u.email, u.avatar, d.id, l.id,
           s.id, s.result, s.model_version, s.score, s.cluster, s.neighbors, s.mislabeling, {{created_at}}, {{updated_at}}, s.task_id, s.project_id, s.model_id
    FROM tasks_task t JOIN projects_project p ON p.id = t.project_id
    LEFT JOIN users_user u ON u.id = %s
    LEFT JOIN tasks_draft d ON d.task_id = t.id AND d.user_id = %s AND d.annotation_id IS NULL
    LEFT JOIN tasks_lease l ON l.task_id = t.id AND l.user_id = %s
    LEFT JOIN tasks_prediction s ON s.id = (
        SELECT MIN(x.id) FROM tasks_prediction x WHERE x.task_id = t.id AND COALESCE(x.model_version, '') = COALESCE(p.model_version, ''))
    WHERE t.id = %s AND t.project_id IN ({{visible}})"""


def submit_annotation(actor: Actor, task_id: int, fields: dict[str, Any], *, key: str | None = None) -> dict[str, Any]:
    """Store an annotation of a task (`fields` as `answers.annotation_fields` reads them); returns it as the API shows it.

    Never refused because a lease expired or enough people have answered. `key` (Idempotency-Key): its repeat gets the first answer. Raises 404
    for a task the actor does not see, 403 for a foreign draft or person, 400 for a result of the wrong shape or a skip that is not allowed, 409
    (with the existing id) for a `unique_id` that is taken.
    """
    person = fields.get("completed_by") or actor.user_id
    check_person(actor, person)
    if fields.get("ground_truth"):
        check_ground_truth(actor)
    try:
        with transaction.atomic():
            return _submit(actor, task_id, fields, person, key)
    except IntegrityError:
        first = _first_answer(actor, task_id, person, key)
        if first is None:
            _refuse_taken(actor, fields)
            raise
        return first


def check_person(actor: Actor, person: int) -> None:
    """Raises 403 unless the actor may answer for this person, 400 unless the person belongs to the organization."""
    if person == actor.user_id:
        return
    if not actor.may("annotations.create_for_others"):
        raise forbidden(_("You cannot answer in another person's name."))
    from organizations.models import Membership

    if not Membership.objects.visible_to(actor).present().filter(user_id=person).exists():
        raise invalid(completed_by=_("There is no such person in this organization."))


def check_ground_truth(actor: Actor) -> None:
    """Raises 403 for annotators: what counts as the right answer is for reviewers to say."""
    if not actor.may("annotations.change_others"):
        raise forbidden(_("Only reviewers and managers say what is ground truth."))


def _submit(actor: Actor, task_id: int, fields: dict[str, Any], person: int, key: str | None) -> dict[str, Any]:
    visible, params = visible_projects(actor)
    sql = _SELECT.format(visible=visible, created_at=time_sql("s.created_at"), updated_at=time_sql("s.updated_at"))
    found = rows(sql + locking("t"), [person, actor.user_id, actor.user_id, task_id, *params])
    if not found:
        raise not_found()
    task = LockedTask(*found[0][:COLUMNS])
    user_id, first, last, email, avatar, draft, lease, *shown = found[0][COLUMNS:]
    result = fields.get("result")
    cancelled = bool(fields.get("was_cancelled"))
    truth = bool(fields.get("ground_truth"))
    if cancelled and not task.allow_skip:
        raise invalid(was_cancelled=_("This task cannot be skipped."))
    warnings = check_result(task.config, result)
    results = ResultChanges()
    now = timezone.now()
    drafted_at = _take_draft(actor, task, fields.get("draft_id"), draft, results)
    cleared, revived = clear_ground_truth(task, None) if truth else (0, 0)
    text = None if result is None else json_text(result)
    uid = fields.get("unique_id") or uuid.uuid4()
    values = [
        task.id, task.project_id, user_id, actor.user_id, text, len(result or ()), cancelled, truth, fields.get("lead_time"),
        uid.hex if connection.vendor == "sqlite" else str(uid), key, fields.get("import_id"), fields.get("last_action"),
        bool(fields.get("bulk_created")), dump_json(prediction_json(tuple(shown))).decode() if shown[0] else "{}",
        drafted_at, 1, column_time(now), column_time(now),
    ]  # fmt: skip
    # A parent that has gone meanwhile must not cost the answer: the column stays empty then.
    pk, parent_prediction, parent_annotation = rows(
        f"""INSERT INTO tasks_annotation ({", ".join(INSERT)}, parent_prediction_id, parent_annotation_id)
            VALUES ({", ".join(["%s"] * len(INSERT))}, (SELECT id FROM tasks_prediction WHERE id = %s AND task_id = %s),
                    (SELECT id FROM tasks_annotation WHERE id = %s AND task_id = %s))
            RETURNING id, parent_prediction_id, parent_annotation_id""",
        [*values, fields.get("parent_prediction"), task.id, fields.get("parent_annotation"), task.id],
    )[0]
    if lease:
        run("UPDATE tasks_lease SET annotation_id = %s WHERE id = %s", [pk, lease])
    results.annotation(result)
    useful = text is not None and not cancelled and not truth
    settle(actor, task, useful_by=useful + revived, truths_by=truth - cleared, results=results)
    record("annotation.created", actor, project=task.project_id, ids=[pk], task=task.id, was_cancelled=cancelled)
    row = (
        pk, text, user_id, cancelled, truth, now, now, _moment(drafted_at), fields.get("lead_time"), fields.get("import_id"), fields.get("last_action"),
        bool(fields.get("bulk_created")), task.id, task.project_id, actor.user_id, parent_prediction, parent_annotation, first, last, email, avatar,
    )  # fmt: skip
    return {**annotation_json(row), **({"warnings": warnings} if warnings else {})}


def _take_draft(actor: Actor, task: LockedTask, named: int | None, known: int | None, results: ResultChanges) -> Any:
    """Delete the actor's draft that becomes this annotation; returns when it was begun, as the database has it. Raises 403 for a foreign draft."""
    if named is None and known is None:
        return None
    if named is not None and named != known:
        found = rows("SELECT user_id, task_id FROM tasks_draft WHERE id = %s", [named])
        if found and found[0][0] != actor.user_id:
            raise forbidden(_("This draft is another person's."))
        if found and found[0][1] != task.id:
            raise forbidden(_("This draft is of another task."))
        if known is None:
            return None  # saved and submitted twice, or deleted meanwhile: the answer counts all the same
    taken = rows("DELETE FROM tasks_draft WHERE id = %s RETURNING result, created_at", [known])
    if not taken:
        return None
    results.draft(taken[0][0], -1)
    return taken[0][1]


def _moment(value: Any) -> Any:
    """A time as the API shows it: SQLite's driver gives it without saying that it is UTC."""
    return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


def _first_answer(actor: Actor, task_id: int, person: int, key: str | None) -> dict[str, Any] | None:
    if key is None:
        return None
    found = select_annotations("a.completed_by_id = %s AND a.idempotency_key = %s", [person, key])
    if not found:
        return None
    answer = annotation_json(found[0])
    if answer["task"] != task_id:
        raise Refused(_("This Idempotency-Key was used for another task."), 409)
    return answer


def _refuse_taken(actor: Actor, fields: dict[str, Any]) -> None:
    """Raises 409 when the annotation's `unique_id` is taken, with the id of the annotation that has it if the actor may see it."""
    from tasks.models import Annotation

    if "unique_id" not in fields:
        return
    taken = Annotation.objects.filter(unique_id=fields["unique_id"])
    if taken.exists():
        seen = taken.filter(pk__in=Annotation.objects.visible_to(actor).values("pk")).values_list("pk", flat=True).first()
        more: dict[str, Any] = {"annotation": seen} if seen else {}
        raise Refused(_("There is already an annotation with this unique_id."), 409, **more)
