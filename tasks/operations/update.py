"""Changing an annotation: the former state is kept as a version."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.database import column_time
from core.errors import Refused, invalid
from core.events.record import record
from core.rawjson import json_text
from tasks.answers import check_result
from tasks.operations.settle import LockedAnnotation, clear_ground_truth, lock_annotation, settle
from tasks.operations.submit import check_ground_truth, check_person
from tasks.operations.versions import keep_version
from tasks.render import annotation_json, select_annotations
from tasks.result_counts import ResultChanges
from tasks.sets import rows, run

# What makes a new version when it differs. The seconds spent are no content: they are kept, but a version of their own would say nothing.
CONTENT = {"result": "result", "was_cancelled": "was_cancelled", "ground_truth": "ground_truth", "completed_by": "completed_by_id"}
BESIDE = {"lead_time": "lead_time", "import_id": "import_id", "last_action": "last_action", "bulk_created": "bulk_created"}
PARENTS = {
    "parent_prediction": ("parent_prediction_id", "tasks_prediction"),
    "parent_annotation": ("parent_annotation_id", "tasks_annotation"),
}


def update_annotation(
    actor: Actor, annotation_id: int, fields: dict[str, Any], *, expected: Callable[[LockedAnnotation], bool] | None = None
) -> dict[str, Any]:
    """Change an annotation (`fields` as `answers.annotation_fields` reads them); returns it as the API shows it.

    The actor's draft of the change vanishes. Content equal to what is stored makes no version. `expected` (If-Match) says whether the stored
    state is the one that the client changed: if not, and the content differs, 412 with the stored annotation. Raises 404 for an annotation the
    actor does not see, 400 for a result of the wrong shape, 403 for what the actor may not.
    """
    with transaction.atomic():
        old = lock_annotation(actor, annotation_id)
        values, warnings = _values(actor, old, fields)
        changed = any(column in values for column in CONTENT.values())
        if changed and expected is not None and not expected(old):
            stored = annotation_json(select_annotations("a.id = %s", [old.id])[0])
            raise Refused(_("Somebody changed this annotation meanwhile."), 412, annotation=stored)
        results = ResultChanges()
        _drop_draft(actor, old, results)
        if changed:
            keep_version(actor, old, "updated")
            values |= {"version": old.version + 1, "updated_by_id": actor.user_id, "updated_at": column_time(timezone.now())}
        if values:
            run(f"UPDATE tasks_annotation SET {', '.join(f'{name} = %s' for name in values)} WHERE id = %s", [*values.values(), old.id])
        if changed:
            _follow(actor, old, values, fields, results)
            record("annotation.updated", actor, project=old.task.project_id, ids=[old.id], task=old.task.id, version=old.version + 1)
        else:
            results.save(old.task.project_id, locked=False)
        shown = annotation_json(select_annotations("a.id = %s", [old.id])[0])
    return {**shown, **({"warnings": warnings} if warnings else {})}


def _values(actor: Actor, old: LockedAnnotation, fields: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """({column: new value} of what differs, warnings about the result)."""
    values: dict[str, Any] = {}
    warnings: list[str] = []
    for name, column in {**CONTENT, **BESIDE}.items():
        if name not in fields:
            continue
        value = fields[name]
        if name == "result":
            value = None if value is None else json_text(value)
        elif name == "completed_by":
            value = value or old.completed_by_id
        stored = getattr(old, column)
        if value != (bool(stored) if isinstance(value, bool) else stored):
            values[column] = value
    if "result" in values:
        warnings = check_result(old.task.config, fields["result"])
        values["result_count"] = len(fields["result"] or ())
    if values.get("was_cancelled") and not old.task.allow_skip:
        raise invalid(was_cancelled=_("This task cannot be skipped."))
    if values.get("ground_truth"):
        check_ground_truth(actor)
    if "completed_by_id" in values:
        check_person(actor, values["completed_by_id"])
        values["idempotency_key"] = None  # it was the former person's
    for name, (column, table) in PARENTS.items():
        if name in fields and fields[name] != getattr(old, column):
            known = fields[name] and rows(
                f"SELECT id FROM {table} WHERE id = %s AND task_id = %s AND id <> %s", [fields[name], old.task.id, _itself(name, old)]
            )
            values[column] = fields[name] if known else None
    return values, warnings


def _itself(name: str, old: LockedAnnotation) -> int:
    return old.id if name == "parent_annotation" else 0


def _follow(actor: Actor, old: LockedAnnotation, values: dict[str, Any], fields: dict[str, Any], results: ResultChanges) -> None:
    """Counters, and the one ground truth of the task."""
    if "result" in values:
        results.annotation(old.result, -1)
        results.annotation(fields["result"])
    truth = bool(values.get("ground_truth", old.ground_truth))
    cancelled = bool(values.get("was_cancelled", old.was_cancelled))
    filled = values["result"] is not None if "result" in values else old.result is not None
    cleared, revived = clear_ground_truth(old.task, old.id) if truth and not old.ground_truth else (0, 0)
    useful = filled and not cancelled and not truth
    settle(actor, old.task, useful_by=useful - old.useful + revived, truths_by=truth - bool(old.ground_truth) - cleared, results=results)


def _drop_draft(actor: Actor, old: LockedAnnotation, results: ResultChanges) -> None:
    for (result,) in rows("DELETE FROM tasks_draft WHERE annotation_id = %s AND user_id = %s RETURNING result", [old.id, actor.user_id]):
        results.draft(result, -1)
