"""What people do with comments: write, answer, resolve, delete; and read what they are told about. The task's counters change with them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from comments.mail import enqueue_mail
from comments.mentions import people_named
from comments.models import Comment, Notification
from core.actor import Actor
from core.database import column_time
from core.errors import forbidden, invalid, not_found
from core.events.record import record
from core.rawjson import json_text
from tasks.models import Annotation, Draft
from tasks.operations.settle import LockedTask, lock_task
from tasks.sets import rows, run

RECYCLED = timedelta(days=30)  # how long what was deleted can come back
ROWS_PER_STEP = 5_000


def create_comment(actor: Actor, fields: dict[str, Any]) -> Comment:
    """Write a comment (`fields` as `api.comment_fields` reads them). It is about `annotation`, `draft` or `task`, or answers `parent`.

    People named in the text (@address) and those whom it concerns are told. Raises 400 for what the actor cannot see to comment on.
    """
    with transaction.atomic():
        parent = _thread(actor, fields.get("parent"))
        task_id, annotation_id, draft_id = _target(actor, fields, parent)
        task = lock_task(actor, task_id)
        now = timezone.now()
        resolved = parent.is_resolved if parent else bool(fields.get("is_resolved"))
        comment = Comment.objects.create(
            project_id=task.project_id,
            task_id=task.id,
            annotation_id=annotation_id,
            draft_id=draft_id,
            parent=parent,
            text=fields["text"],
            region_ref=fields.get("region_ref") or (parent.region_ref if parent else None),
            classifications=fields.get("classifications"),
            is_resolved=resolved,
            resolved_at=now if resolved else None,
            resolved_by_id=actor.user_id if resolved else None,
            created_by_id=actor.user_id,
            created_at=now,
            updated_at=now,
        )
        _count(task.id)
        _tell(actor, comment)
        record("comment.created", actor, project=task.project_id, ids=[comment.pk], task=task.id)
    return comment


def update_comment(actor: Actor, comment_id: int, fields: dict[str, Any]) -> Comment:
    """Change the text of one's own comment, or resolve (or open again) a thread that one sees. Raises 404, and 403 for another's text."""
    with transaction.atomic():
        comment, task = _locked(actor, comment_id)
        content = {
            name: fields[name]
            for name in ("text", "region_ref", "classifications")
            if name in fields and fields[name] != getattr(comment, name)
        }
        if content and comment.created_by_id != actor.user_id:
            raise forbidden(_("Only its author can change a comment. You can answer it, or resolve it."))
        now = timezone.now()
        resolved = fields.get("is_resolved", comment.is_resolved)
        if content or resolved != comment.is_resolved:
            for name, value in content.items():
                setattr(comment, name, value)
            comment.updated_at = now
            comment.save(update_fields=[*content, "updated_at"])
            if resolved != comment.is_resolved:
                _resolve(actor, comment, resolved)
            if "text" in content:
                _tell(actor, comment)
            _count(task.id)
            record("comment.updated", actor, project=task.project_id, ids=[comment.pk], task=task.id, fields=sorted(fields))
    comment.refresh_from_db()
    return comment


def _resolve(actor: Actor, comment: Comment, resolved: bool) -> None:
    """A thread is resolved as a whole."""
    now = timezone.now()
    first = comment.parent_id or comment.pk
    changes = {"is_resolved": resolved, "resolved_at": now if resolved else None, "resolved_by_id": actor.user_id if resolved else None}
    Comment.objects.filter(pk=first).update(**changes, updated_at=now)
    Comment.objects.filter(parent_id=first).update(**changes, updated_at=now)


def delete_comment(actor: Actor, comment_id: int) -> None:
    """Delete a comment of one's own, or as a reviewer another's; the first of a thread takes the thread with it. Raises 404 and 403."""
    with transaction.atomic():
        comment, task = _locked(actor, comment_id)
        if comment.created_by_id != actor.user_id and not actor.may("annotations.change_others"):
            raise forbidden(_("Only its author and reviewers can delete a comment."))
        comment.delete()
        _count(task.id)
        record("comment.deleted", actor, project=task.project_id, ids=[comment_id], task=task.id)


def read_notifications(actor: Actor, which: Iterable[int] | None) -> int:
    """Mark notifications of the actor as read, all of them for None; returns how many were new."""
    found = Notification.objects.filter(user_id=actor.user_id, read_at=None)
    if which is not None:
        found = found.filter(pk__in=list(which))
    return found.update(read_at=timezone.now())


def forget_lost_comments() -> bool:
    """Delete comments whose task was deleted so long ago that it cannot come back; returns whether there may be more."""
    lost = Comment.objects.filter(task_deleted_at__lt=timezone.now() - RECYCLED).order_by("task_deleted_at")
    named = list(lost.values_list("pk", flat=True)[:ROWS_PER_STEP])
    if named:
        Comment.objects.filter(pk__in=named).delete()
    return len(named) == ROWS_PER_STEP


def _thread(actor: Actor, parent_id: int | None) -> Comment | None:
    """The first comment of the thread that `parent_id` belongs to."""
    if parent_id is None:
        return None
    found = Comment.objects.visible_to(actor).select_related("parent").filter(pk=parent_id).first()
    if found is None:
        raise _no_such("parent", parent_id)
    return found.parent or found


def _target(actor: Actor, fields: dict[str, Any], parent: Comment | None) -> tuple[int, int | None, int | None]:
    """(task, annotation, draft) that a comment is about."""
    if parent is not None:
        return parent.task_id, parent.annotation_id, parent.draft_id
    everybody = actor.may("annotations.change_others")
    if (annotation_id := fields.get("annotation")) is not None:
        annotations = Annotation.objects.visible_to(actor).filter(pk=annotation_id)
        found = (annotations if everybody else annotations.filter(completed_by_id=actor.user_id)).values_list("task_id", flat=True).first()
        if found is None:
            raise _no_such("annotation", annotation_id)
        return found, annotation_id, None
    if (draft_id := fields.get("draft")) is not None:
        drafts = Draft.objects.visible_to(actor).filter(pk=draft_id)
        draft = (drafts if everybody else drafts.filter(user_id=actor.user_id)).values_list("task_id", "annotation_id").first()
        if draft is None:
            raise _no_such("draft", draft_id)
        return draft[0], draft[1], draft_id
    if (task_id := fields.get("task")) is not None:
        from tasks.models import Task

        if not Task.objects.visible_to(actor).filter(pk=task_id).exists():
            raise _no_such("task", task_id)
        return task_id, None, None
    raise invalid(annotation=_("Say what the comment is about: an annotation, a draft or a task."))


def _no_such(name: str, pk: int) -> Exception:
    return invalid(**{name: _('Invalid pk "%(id)s" - object does not exist.') % {"id": pk}})


def _locked(actor: Actor, comment_id: int) -> tuple[Comment, LockedTask]:
    comment = Comment.objects.visible_to(actor).filter(pk=comment_id).first()
    if comment is None:
        raise not_found()
    task = lock_task(actor, comment.task_id)
    comment.refresh_from_db()
    return comment, task


def _count(task_id: int) -> None:
    """The task's counters, read off its few comments. (The task is locked.)"""
    found = rows("SELECT is_resolved, updated_at, created_by_id FROM comments_comment WHERE task_id = %s ORDER BY id", [task_id])
    authors = list(dict.fromkeys(author for _resolved, _at, author in found if author is not None))
    run(
        "UPDATE tasks_task SET comment_count = %s, unresolved_comment_count = %s, last_comment_updated_at = %s, comment_authors = %s WHERE id = %s",
        [
            len(found),
            sum(not resolved for resolved, _at, _author in found),
            max((at for _resolved, at, _author in found), default=None),
            json_text(authors),
            task_id,
        ],
    )


def _tell(actor: Actor, comment: Comment) -> None:
    """A row for everybody whom the comment names or concerns, once; a mail for those it names."""
    reasons: dict[int, str] = dict.fromkeys(people_named(actor, comment), Notification.Reason.MENTION)
    if comment.parent is not None and comment.parent.created_by_id:
        reasons.setdefault(comment.parent.created_by_id, Notification.Reason.REPLY)
    if comment.annotation_id:
        author = Annotation.objects.filter(pk=comment.annotation_id).values_list("completed_by_id", flat=True).first()
        if author:
            reasons.setdefault(author, Notification.Reason.ANNOTATION)
    reasons.pop(actor.user_id, None)
    told = set(Notification.objects.filter(comment=comment).values_list("user_id", flat=True))
    new = {user: reason for user, reason in reasons.items() if user not in told}
    Notification.objects.bulk_create(
        [
            Notification(user_id=user, project_id=comment.project_id, comment=comment, reason=reason, created_at=timezone.now())
            for user, reason in new.items()
        ]
    )
    enqueue_mail(actor, comment, [user for user, reason in new.items() if reason == Notification.Reason.MENTION])


def move_with_annotations(annotations: list[int]) -> None:
    """Comments on annotations (and on drafts of changes to them) are of the task where those are now; both tasks are counted anew."""
    marks = ", ".join(["%s"] * len(annotations))
    moved = rows(
        f"""SELECT c.id, c.task_id, a.task_id FROM comments_comment c JOIN tasks_annotation a ON a.id = c.annotation_id
            WHERE c.annotation_id IN ({marks}) AND c.task_id <> a.task_id""",
        annotations,
    )
    for comment, _former, task in moved:
        run("UPDATE comments_comment SET task_id = %s, task_deleted_at = NULL WHERE id = %s", [task, comment])
    for task in sorted({task for _comment, *tasks in moved for task in tasks}):
        _count(task)


def mark_lost(tasks: list[int]) -> None:
    """Comments of tasks that were deleted."""
    run(
        "UPDATE comments_comment SET task_deleted_at = %s WHERE task_id IN ({}) AND task_deleted_at IS NULL".format(
            ", ".join(["%s"] * len(tasks))
        ),
        [column_time(timezone.now()), *tasks],
    )


def mark_found(tasks: list[int]) -> None:
    """Comments of tasks that came back from the recycle bin."""
    run(
        "UPDATE comments_comment SET task_deleted_at = NULL WHERE task_deleted_at IS NOT NULL AND task_id IN ({})".format(
            ", ".join(["%s"] * len(tasks))
        ),
        tasks,
    )
