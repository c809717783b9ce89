"""What the recycle bin of a project shows."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.rawjson import read_json
from projects.models import Project
from tasks.models import RecycleEntry

# What was done, by the kind of an entry. Rooms below add theirs with `register_kind`.
_titles: dict[str, Any] = {
    "delete_task": _("Deleted a task"),
    "delete_tasks": _("Deleted tasks"),
    "delete_annotation": _("Deleted an annotation"),
    "delete_annotations": _("Deleted annotations"),
    "delete_drafts": _("Deleted drafts"),
    "delete_prediction": _("Deleted a prediction"),
    "delete_predictions": _("Deleted predictions"),
    "convert_to_draft": _("Took an annotation back into work"),
}


def register_kind(kind: str, title: Any) -> None:
    """What an action of a room below is called, where it has no name here yet."""
    _titles.setdefault(kind, title)


def title_of(entry: RecycleEntry) -> str:
    """What was done, in words."""
    title = str(_titles.get(entry.kind, entry.kind))
    about = read_json(entry.details).get("about")
    return f"{title}: {about}" if about else title


def entries(actor: Actor, project: Project) -> QuerySet[RecycleEntry]:
    """What of a project can be undone, or was; newest first. Who may not change tasks sees what they did themselves."""
    found = RecycleEntry.objects.filter(project=project, expires_at__gt=timezone.now()).select_related("created_by").order_by("-pk")
    return found if actor.may("tasks.change") else found.filter(created_by_id=actor.user_id)
