"""Drafts: work under way, one for each person and annotation (or new annotation of a task)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.database import column_time
from core.errors import Refused, forbidden, not_found
from core.events.record import record
from core.rawjson import json_text, read_json
from tasks.operations.delete import remove_annotation
from tasks.operations.recycle import open_entry
from tasks.operations.settle import LockedAnnotation, lock_annotation, lock_task
from tasks.render import draft_json, select_drafts
from tasks.result_counts import ResultChanges
from tasks.sets import rows, run
from tasks.visibility import visible_projects


def save_draft(actor: Actor, task_id: int, annotation_id: int | None, fields: dict[str, Any]) -> dict[str, Any]:
    """Save the actor's draft of a new annotation, or of a change to one, over the one they have; returns it as the API shows it.

    `fields` as `answers.draft_fields` reads them. The labels are not judged: a draft may be unfinished. Raises 404 for a task or annotation that
    the actor does not see.
    """
    with transaction.atomic():
        task = lock_task(actor, task_id)
        if annotation_id is not None and lock_annotation(actor, annotation_id).task.id != task_id:
            raise not_found()
        which = "annotation_id IS NULL" if annotation_id is None else "annotation_id = %s"
        found = rows(
            f"SELECT id, result FROM tasks_draft WHERE task_id = %s AND user_id = %s AND {which}",
            [task_id, actor.user_id, *([] if annotation_id is None else [annotation_id])],
        )
        results = ResultChanges()
        if found:
            draft_id, former = found[0]
            _change(draft_id, former, fields, results)
        else:
            draft_id = _insert(task_id, task.project_id, annotation_id, actor.user_id, fields, results)
            record("draft.created", actor, project=task.project_id, ids=[draft_id], task=task_id)
        results.save(task.project_id, locked=False)
        return draft_json(select_drafts("d.id = %s", [draft_id])[0])


def update_draft(actor: Actor, draft_id: int, fields: dict[str, Any]) -> dict[str, Any]:
    """Change the actor's draft; returns it. Raises 404, and 403 for another person's."""
    with transaction.atomic():
        project_id, former = _mine(actor, draft_id)
        results = ResultChanges()
        _change(draft_id, former, fields, results)
        results.save(project_id, locked=False)
        return draft_json(select_drafts("d.id = %s", [draft_id])[0])


def delete_draft(actor: Actor, draft_id: int) -> None:
    """Throw the actor's draft away. Raises 404, and 403 for another person's."""
    with transaction.atomic():
        project_id, _former = _mine(actor, draft_id)
        results = ResultChanges()
        for (result,) in rows("DELETE FROM tasks_draft WHERE id = %s RETURNING result", [draft_id]):
            results.draft(result, -1)
        results.save(project_id, locked=False)
        record("draft.deleted", actor, project=project_id, ids=[draft_id])


def convert_to_draft(actor: Actor, annotation_id: int) -> dict[str, Any]:
    """Take a submitted (or skipped) annotation back into work: it becomes the actor's draft, and a version that can be restored.

    Returns the draft. Raises 404 for an annotation the actor does not see, 409 when they have other work on the task under way.
    """
    with transaction.atomic():
        old = lock_annotation(actor, annotation_id)
        content = read_json(old.result) if old.result is not None else []
        results = ResultChanges()
        _make_room(actor, old, results)
        remove_annotation(actor, old, open_entry(actor, old.task.project_id, "convert_to_draft"))
        fields = {"result": content, "lead_time": old.lead_time, "import_id": old.import_id}
        draft_id = _insert(old.task.id, old.task.project_id, None, actor.user_id, fields, results)
        results.save(old.task.project_id, locked=False)
        record("draft.created", actor, project=old.task.project_id, ids=[draft_id], task=old.task.id)
        return draft_json(select_drafts("d.id = %s", [draft_id])[0])


def _make_room(actor: Actor, old: LockedAnnotation, results: ResultChanges) -> None:
    for draft_id, result in rows(
        "SELECT id, result FROM tasks_draft WHERE task_id = %s AND user_id = %s AND annotation_id IS NULL", [old.task.id, actor.user_id]
    ):
        if read_json(result) and result != old.result:
            raise Refused(_("You have a draft of a new annotation of this task. Submit or delete it first."), 409)
        run("DELETE FROM tasks_draft WHERE id = %s", [draft_id])
        results.draft(result, -1)


def _insert(task_id: int, project_id: int, annotation_id: int | None, user_id: int, fields: dict[str, Any], results: ResultChanges) -> int:
    now = column_time(timezone.now())
    result = fields.get("result") or []
    results.draft(result)
    found = rows(
        """INSERT INTO tasks_draft (task_id, project_id, annotation_id, user_id, result, lead_time, was_postponed, import_id, created_at, updated_at)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id""",
        [
            task_id,
            project_id,
            annotation_id,
            user_id,
            json_text(result),
            fields.get("lead_time"),
            bool(fields.get("was_postponed")),
            fields.get("import_id"),
            now,
            now,
        ],
    )
    return int(found[0][0])


def _change(draft_id: int, former: str, fields: dict[str, Any], results: ResultChanges) -> None:
    values: dict[str, Any] = {name: fields[name] for name in ("lead_time", "was_postponed", "import_id") if name in fields}
    if "result" in fields:
        values["result"] = json_text(fields["result"])
        if values["result"] != former:
            results.draft(former, -1)
            results.draft(fields["result"])
    values["updated_at"] = column_time(timezone.now())
    run(f"UPDATE tasks_draft SET {', '.join(f'{name} = %s' for name in values)} WHERE id = %s", [*values.values(), draft_id])


def _mine(actor: Actor, draft_id: int) -> tuple[int, str]:
    """(project, result) of the actor's draft, its task locked. Raises 404, and 403 for another person's."""
    visible, params = visible_projects(actor)
    found = rows(f"SELECT task_id, user_id FROM tasks_draft WHERE id = %s AND project_id IN ({visible})", [draft_id, *params])
    if not found:
        raise not_found()
    if found[0][1] != actor.user_id:
        raise forbidden(_("This draft is another person's."))
    lock_task(actor, found[0][0])
    again = rows("SELECT project_id, result FROM tasks_draft WHERE id = %s", [draft_id])
    if not again:
        raise not_found()
    return again[0]
