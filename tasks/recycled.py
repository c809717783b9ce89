"""The recycle bin: what was deleted or changed in bulk, kept for 30 days so that it can be taken back whole.

A deleted row moves, column by column, to a table that mirrors its own; a change keeps in `RecycleChange` what is needed to reverse it. Nothing
looks at these tables but the bin, so deleting stays deleting for every query of the house.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models

from core.rawjson import RawJSONField
from projects.models import Project

KEPT_FOR = timedelta(days=30)
_DROPPED = ("unique", "primary_key", "db_index", "default", "db_default", "choices", "auto_created", "auto_now", "auto_now_add")


class RecycleEntry(models.Model):
    """One thing that somebody did and that can be undone until `expires_at`. `kind` names it: the id of an action, or delete_task and the like."""

    id = models.BigAutoField(primary_key=True)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=48)
    details = RawJSONField(default="{}")  # what undoing needs besides: a field's name, the former labeling set-up
    # How much was deleted, made or changed.
    tasks = models.BigIntegerField(default=0)
    annotations = models.BigIntegerField(default=0)
    drafts = models.BigIntegerField(default=0)
    predictions = models.BigIntegerField(default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "tasks"
        indexes = [
            models.Index(fields=["project", "-id"], name="recycle_project"),
            models.Index(fields=["expires_at"], name="recycle_expiry"),
        ]


class RecycleChange(models.Model):
    """A row that was made or changed. `what` says how to reverse it (tasks/operations/reverse.py), `former` what was there.

    `stamp` tells whether the row is still as it was left: one that somebody has changed since is left alone.
    """

    id = models.BigAutoField(primary_key=True)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+", db_index=False)
    entry_id = models.BigIntegerField()
    what = models.CharField(max_length=24)
    row_id = models.BigIntegerField()
    stamp = models.BigIntegerField(null=True)
    former = models.TextField(null=True)

    class Meta:
        app_label = "tasks"
        indexes = [models.Index(fields=["project", "entry_id", "what", "row_id"], name="recycle_change")]


def mirror_of(model: type[models.Model]) -> type[models.Model]:
    """The table that holds deleted rows of a model: its columns without their constraints, and the entry that a row belongs to.

    To be called in `models.py`, below the model. A column added to the model appears here by itself (and in the next migration).
    """
    columns: dict[str, Any] = {"__module__": model.__module__, "entry_id": models.BigIntegerField()}
    for field in model._meta.concrete_fields:
        if field.primary_key:
            columns[field.name] = models.BigIntegerField(primary_key=True)
        elif field.attname == "project_id":
            columns[field.name] = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+", db_index=False)
        elif field.is_relation:
            columns[field.attname] = models.BigIntegerField(null=field.null)
        else:
            _name, _path, arguments, options = field.deconstruct()
            columns[field.name] = type(field)(*arguments, **{name: value for name, value in options.items() if name not in _DROPPED})
    by = "id" if model._meta.model_name == "task" else "task_id"
    name = f"Deleted{model.__name__}"
    columns["Meta"] = type(
        "Meta",
        (),
        {
            "app_label": model._meta.app_label,
            "indexes": [models.Index(fields=["project", "entry_id", by], name=name.lower()[:30])],
        },
    )
    return type(name, (models.Model,), columns)


# (model, its mirror), parents first. Rooms below add what hangs on their tasks with `hangs_on_tasks`.
_belonging: list[tuple[type[models.Model], type[models.Model]]] = []


def hangs_on_tasks(model: type[models.Model], mirror: type[models.Model]) -> None:
    """Rows of this model (with columns `id`, `task_id` and `project_id`) go and come back with their tasks."""
    if (model, mirror) not in _belonging:
        _belonging.append((model, mirror))


def belonging() -> Sequence[tuple[type[models.Model], type[models.Model]]]:
    return tuple(_belonging)


def mirrored(model: type[models.Model]) -> type[models.Model]:
    """The mirror of a model. Raises KeyError for one that has none."""
    return dict(_belonging)[model]
