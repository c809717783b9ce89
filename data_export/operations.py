"""What exporting leaves behind: a line in the audit log."""

from __future__ import annotations

from django.db import transaction

from core.actor import Actor
from core.events.record import record
from projects.models import Project


def note_export(actor: Actor, project: Project, export_type: str, *, tasks: int | None) -> None:
    """Record that somebody takes data out. `tasks` is how many were named, None for all that fit."""
    with transaction.atomic():
        record("project.exported", actor, project=project.pk, ids=[project.pk], export_type=export_type, tasks=tasks)
