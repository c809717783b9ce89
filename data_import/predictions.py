"""Predictions for tasks that are there already: `POST …/import/predictions`."""

from __future__ import annotations

from pathlib import Path

from core.actor import Actor
from projects.models import Project


def import_predictions(actor: Actor, project: Project, path: Path) -> int:
    """Not yet."""
    return 0
