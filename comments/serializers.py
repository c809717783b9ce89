"""A comment and a notification on the wire: Label Studio's fields, with the thread's `parent` and who resolved it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from comments.models import Comment, Notification
from core.errors import invalid
from core.rawjson import fragment, json_text
from core.requests import boolean, integer
from projects.render import user_simple

LONGEST_TEXT = 20_000
LONGEST_JSON = 20_000


def comment_json(row: Comment, *, expand: bool = False) -> dict[str, Any]:
    """`expand`: the author as an object, else their id."""
    return {
        "id": row.pk,
        "project": row.project_id,
        "task": row.task_id,
        "annotation": row.annotation_id,
        "draft": row.draft_id,
        "parent": row.parent_id,
        "text": row.text,
        "region_ref": fragment(row.region_ref),
        "classifications": fragment(row.classifications),
        "is_resolved": row.is_resolved,
        "resolved_at": row.resolved_at,
        "resolved_by": row.resolved_by_id,
        "created_by": user_simple(row.created_by) if expand else row.created_by_id,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "state": None,
    }


def notification_json(row: Notification) -> dict[str, Any]:
    return {
        "id": row.pk,
        "reason": row.reason,
        "project": row.project_id,
        "task": row.comment.task_id,
        "comment": comment_json(row.comment, expand=True),
        "created_at": row.created_at,
        "read_at": row.read_at,
    }


def comment_fields(body: dict[str, Any]) -> dict[str, Any]:
    """The fields of a comment that a body names, with their types. Unknown and read-only fields are ignored. Raises 400."""
    fields: dict[str, Any] = {}
    for name in ("annotation", "draft", "task", "parent"):
        if name in body:
            fields[name] = integer(body[name], name, least=1)
    if "text" in body:
        fields["text"] = _text(body["text"])
    if body.get("is_resolved") is not None:
        fields["is_resolved"] = boolean(body["is_resolved"], "is_resolved")
    for name in ("region_ref", "classifications"):
        if name in body:
            text = None if body[name] is None else json_text(body[name])
            if text is not None and len(text) > LONGEST_JSON:
                raise invalid(**{name: _("This is too long.")})
            fields[name] = text
    return fields


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise invalid(text=_("Not a valid string."))
    text = value.replace("\0", "").strip()
    if not text:
        raise invalid(text=_("Write something."))
    if len(text) > LONGEST_TEXT:
        raise invalid(text=_("A comment has at most %(most)s characters.") % {"most": f"{LONGEST_TEXT:,}"})
    return text
