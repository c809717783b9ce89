"""What webhooks tell about: Label Studio's actions (§1.15), and which event becomes which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Action:
    """`key` names the payload's part that holds the objects. Organization-only actions go to webhooks without a project."""

    name: Any
    description: Any
    key: str
    organization_only: bool = False


ACTIONS: dict[str, Action] = {
    "PROJECT_CREATED": Action(_("Project created"), _("Somebody made a project."), "project", organization_only=True),
    "PROJECT_UPDATED": Action(_("Project updated"), _("Somebody changed a project's settings."), "project"),
    "PROJECT_DELETED": Action(_("Project deleted"), _("Somebody deleted a project."), "project", organization_only=True),
    "TASKS_CREATED": Action(_("Tasks created"), _("Tasks were added or imported; at most 5,000 in one request."), "tasks"),
    "TASKS_DELETED": Action(_("Tasks deleted"), _("Tasks were deleted; at most 5,000 in one request."), "tasks"),
    "ANNOTATION_CREATED": Action(_("Annotation created"), _("Somebody submitted or skipped a task."), "annotation"),
    "ANNOTATIONS_CREATED": Action(_("Annotations created"), _("Several annotations were made at once."), "annotation"),
    "ANNOTATION_UPDATED": Action(_("Annotation updated"), _("Somebody changed an annotation or took a former state back."), "annotation"),
    "ANNOTATIONS_DELETED": Action(_("Annotations deleted"), _("Annotations were deleted."), "annotations"),
    "LABEL_LINK_CREATED": Action(_("Labels added"), _("Somebody added labels to a taxonomy of a project."), "label_link"),
    "LABEL_LINK_UPDATED": Action(_("Label changed"), _("Somebody changed a label that was added to a project."), "label_link"),
    "LABEL_LINK_DELETED": Action(_("Label removed"), _("Somebody took an added label out of a project."), "label_link"),
}

_ACTION_OF_KIND = {
    "project.created": "PROJECT_CREATED",
    "project.updated": "PROJECT_UPDATED",
    "project.deleted": "PROJECT_DELETED",
    "task.created": "TASKS_CREATED",
    "task.deleted": "TASKS_DELETED",
    "annotation.created": "ANNOTATION_CREATED",
    "annotation.updated": "ANNOTATION_UPDATED",
    "annotation.restored": "ANNOTATION_UPDATED",
    "annotation.deleted": "ANNOTATIONS_DELETED",
    "label_link.created": "LABEL_LINK_CREATED",
    "label_link.updated": "LABEL_LINK_UPDATED",
    "label_link.deleted": "LABEL_LINK_DELETED",
    # Not an action that people choose: told to the one webhook that the event names, that of a connected model.
    "model.training_started": "START_TRAINING",
}
KINDS = frozenset(_ACTION_OF_KIND)


def action_of(kind: str, count: int) -> str:
    """The action of an event of one of the `KINDS` that names `count` objects."""
    action = _ACTION_OF_KIND[kind]
    return "ANNOTATIONS_CREATED" if action == "ANNOTATION_CREATED" and count > 1 else action
