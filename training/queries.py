"""Reading trainings."""

from __future__ import annotations

from core.actor import Actor
from projects.models import Project
from training.models import TrainingRun

SHOWN = 25


def runs_of(actor: Actor, project: Project) -> list[TrainingRun]:
    """The newest runs of a project."""
    return list(TrainingRun.objects.visible_to(actor).filter(project=project).select_related("created_by").order_by("-pk")[:SHOWN])


def runs_without_project(actor: Actor) -> list[TrainingRun]:
    """Those that a `tasks.csv` in the queue asked for, and those whose project is lost."""
    return list(TrainingRun.objects.visible_to(actor).filter(project__isnull=True).order_by("-pk")[:SHOWN])
