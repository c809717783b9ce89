"""What the table of tasks must know before its first request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse

from core.actor import Actor
from core.rawjson import read_json
from data_manager.columns import COLUMNS
from data_manager.queries import labels, list_views
from projects.models import Project
from web.queries import people_of
from web.root import api_url

if TYPE_CHECKING:
    from labeling import Config

ACTIONS = ("tasks.delete", "tasks.create", "exports.create", "annotations.create", "tasks.change", "views.change")


def datamanager_context(actor: Actor, project: Project, config: Config) -> dict[str, Any]:
    """`columns`: the data's keys, those that the labeling set-up shows first; `kind` is what the set-up shows in them (`Image`, `Text`, …)."""
    kinds: dict[str, str] = {}
    for tag in config.objects.values():
        kinds.setdefault(tag.value_key.partition(".")[0].partition("[")[0], tag.tag)
    columns: dict[str, int] = read_json(project.data_columns)
    ordered = sorted(columns, key=lambda key: (key not in kinds, list(columns).index(key)))
    return {
        "version": settings.VERSION,
        "project": {
            "id": project.pk,
            "title": project.title,
            "task_number": project.task_number,
            "finished_task_number": project.finished_task_number,
            "total_annotations_number": project.total_annotations_number,
            "total_predictions_number": project.total_predictions_number,
        },
        "columns": [{"key": key, "kind": kinds.get(key, "")} for key in ordered],
        "offered": [name for name, column in COLUMNS.items() if column.listed],
        "permissions": [action for action in ACTIONS if actor.may(action)],
        "user": actor.user_id,
        "people": {user.pk: user.name for user in people_of([project]).get(project.pk, [])},
        "labels": labels(project),
        "views": [{"id": view.pk, "user": view.user_id, "data": read_json(view.data)} for view in list_views(actor, project)],
        "urls": {
            "label": reverse("label-page", kwargs={"project_id": project.pk}),
            "import": reverse("import-page", kwargs={"project_id": project.pk}),
            "export": reverse("export-page", kwargs={"project_id": project.pk}),
            "task": reverse("task-page", kwargs={"project_id": project.pk, "task_id": 0}),
            "tasks": api_url("tasks/"),
            "actions": api_url("dm/actions/"),
            "jobs": api_url("jobs/"),
            "bin": api_url(f"projects/{project.pk}/recycle-bin/"),
            "totals": api_url("dm/totals/"),
            "views": api_url("dm/views/"),
        },
    }
