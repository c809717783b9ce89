"""Adding drafts of other people to tasks that are there already: what a copy from another server brings later."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from core.actor import Actor
from core.database import column_time
from core.events.record import record
from core.rawjson import json_text
from projects.models import Project
from tasks.models import Annotation
from tasks.operations.bulk import NewDraft
from tasks.result_counts import ResultChanges
from tasks.sets import lock_project, rows


def add_drafts(actor: Actor, project: Project, items: Iterable[tuple[int, NewDraft]]) -> int:
    """Write (task id, draft) pairs of one project, as one transaction; returns how many. `annotation` is the number that it was imported with.

    Where the person has a draft already, theirs stays; a draft of a change to an annotation that is not here is left out.
    """
    wanted = list(items)
    named = {draft.annotation for _task, draft in wanted if draft.annotation is not None}
    here = Annotation.objects.filter(project=project, import_id__in=named, task_id__in={task for task, _draft in wanted})
    annotations = {(task, source): pk for task, source, pk in here.values_list("task_id", "import_id", "pk")}
    now, count, results = column_time(timezone.now()), 0, ResultChanges()
    with transaction.atomic():
        lock_project(project.pk)
        for task, draft in wanted:
            annotation = annotations.get((task, draft.annotation)) if draft.annotation is not None else None
            if draft.annotation is not None and annotation is None:
                continue
            created = now if draft.created_at is None else column_time(draft.created_at)
            written = rows(
                """INSERT INTO tasks_draft (task_id, project_id, annotation_id, user_id, result, lead_time, was_postponed, import_id, created_at,
                       updated_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING RETURNING id""",
                [task, project.pk, annotation, draft.user_id, json_text(draft.result), draft.lead_time, draft.was_postponed, draft.import_id,
                 created, created if draft.updated_at is None else column_time(draft.updated_at)],
            )  # fmt: skip
            if written:
                count += 1
                results.draft(draft.result)
                record("draft.created", actor, project=project.pk, ids=[written[0][0]], task=task)
        results.save(project.pk, locked=True)
    return count
