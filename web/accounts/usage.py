"""What is counted of an organization, for its owner to see. Nothing else is counted, and nothing is sent anywhere."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from core.actor import Actor
from organizations.queries import my_organization, people
from projects.models import Project


@dataclass(frozen=True)
class Counted:
    """`numbers` and `versions` are (what, how many or which)."""

    since: datetime
    numbers: list[tuple[str, int]]
    versions: list[tuple[str, str]]


def counted(actor: Actor) -> Counted:
    """Sums of the counters that projects keep: one statement, whatever the number of tasks."""
    organization = my_organization(actor)
    sums: dict[str, Any] = Project.objects.visible_to(actor).aggregate(
        projects=Count("pk"),
        tasks=Sum("task_number"),
        finished=Sum("finished_task_number"),
        annotations=Sum("total_annotations_number"),
        skipped=Sum("skipped_annotations_number"),
        predictions=Sum("total_predictions_number"),
    )
    names = {
        "projects": _("Projects"),
        "tasks": _("Tasks"),
        "finished": _("Finished tasks"),
        "annotations": _("Annotations"),
        "skipped": _("Skipped tasks"),
        "predictions": _("Predictions"),
    }
    numbers = [(_("People"), people(actor).present().filter(user__is_active=True).count())]
    return Counted(
        organization.created_at,
        [*numbers, *((name, sums[key] or 0) for key, name in names.items())],
        [("Labelspace", settings.VERSION), ("Python", platform.python_version()), (_("Database"), _database())],
    )


def _database() -> str:
    return f"{connection.display_name} {'.'.join(map(str, connection.get_database_version()))}"
