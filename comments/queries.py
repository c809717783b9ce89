"""What reads comments and notifications."""

from __future__ import annotations

from dataclasses import dataclass

from comments.models import Comment, CommentQuerySet, Notification
from core.actor import Actor
from core.errors import invalid, not_found
from projects.models import Project

ORDERINGS = ("id", "created_at", "updated_at", "resolved_at", "is_resolved")


@dataclass(frozen=True)
class Filters:
    """How a list of comments is narrowed and ordered."""

    annotation: int | None = None
    draft: int | None = None
    task: int | None = None
    parent: int | None = None
    projects: list[int] | None = None
    annotators: list[int] | None = None
    resolved: bool | None = None
    ordering: str = ""


def list_comments(actor: Actor, filters: Filters) -> CommentQuerySet:
    """Oldest first unless `ordering` says otherwise. Raises 400 for an unknown ordering."""
    found = Comment.objects.visible_to(actor).select_related("created_by")
    for name in ("annotation", "draft", "task", "parent"):
        if (value := getattr(filters, name)) is not None:
            found = found.filter(**{f"{name}_id": value})
    if filters.projects is not None:
        found = found.filter(project_id__in=filters.projects)
    if filters.annotators is not None:
        found = found.filter(created_by_id__in=filters.annotators)
    if filters.resolved is not None:
        found = found.filter(is_resolved=filters.resolved)
    keys = [part.strip() for part in filters.ordering.split(",") if part.strip()]
    if unknown := [key for key in keys if key.removeprefix("-") not in ORDERINGS]:
        raise invalid(ordering=f"Comments cannot be ordered by {unknown[0][:100]}. Use one of: {', '.join(ORDERINGS)}.")
    return found.order_by(*keys, "id")


def get_comment(actor: Actor, comment_id: int) -> Comment:
    """Raises 404."""
    found = Comment.objects.visible_to(actor).select_related("created_by").filter(pk=comment_id).first()
    if found is None:
        raise not_found()
    return found


def notifications(actor: Actor, *, unread: bool, most: int) -> list[Notification]:
    """The newest of the actor's, in projects that they still see."""
    found = Notification.objects.filter(user_id=actor.user_id, project__in=Project.objects.visible_to(actor).values("pk"))
    if unread:
        found = found.filter(read_at=None)
    return list(found.select_related("comment__created_by").order_by("-pk")[:most])
