"""What comments follow: a draft that became an annotation, annotations that moved to another task, and tasks that were deleted or came back."""

from __future__ import annotations

from collections.abc import Sequence

from comments.models import Comment
from comments.operations import mark_found, mark_lost, move_with_annotations
from core.events.models import Event
from core.rawjson import read_json
from tasks.models import Draft

KINDS = frozenset({"annotation.created", "annotation.moved", "task.deleted", "task.restored"})
AT_ONCE = 500


def follow(events: Sequence[Event]) -> None:
    """(Runs in the transaction of the event cursor: once for each.)"""
    for event in events:
        ids: list[int] = read_json(event.ids)
        if event.kind == "task.deleted":
            for start in range(0, len(ids), AT_ONCE):
                mark_lost(ids[start : start + AT_ONCE])
        elif event.kind == "task.restored":
            for start in range(0, len(ids), AT_ONCE):
                mark_found(ids[start : start + AT_ONCE])
        elif event.kind == "annotation.moved":
            for start in range(0, len(ids), AT_ONCE):
                move_with_annotations(ids[start : start + AT_ONCE])
        elif len(ids) == 1:
            _move_from_draft(event, ids[0])


def _move_from_draft(event: Event, annotation_id: int) -> None:
    """Comments on the draft that was submitted are about the annotation now. (A draft that is gone was submitted or thrown away.)"""
    task_id = read_json(event.meta).get("task")
    if task_id is None:
        return
    orphans = Comment.objects.filter(task_id=task_id, draft__isnull=False, annotation=None).exclude(draft__in=Draft.objects.values("pk"))
    orphans.filter(created_by_id=event.actor_id).update(annotation_id=annotation_id, draft_id=None)
