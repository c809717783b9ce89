"""Where a project's annotations go on the Hub, and what went there."""

from __future__ import annotations

from core.actor import Actor
from hub_datasets.models import HubPush, HubTarget
from projects.models import Project

SHOWN = 25


def target_of(actor: Actor, project: Project) -> HubTarget | None:
    return HubTarget.objects.visible_to(actor).filter(project=project).select_related("project").first()


def pushes_of(target: HubTarget) -> list[HubPush]:
    """The newest first."""
    return list(target.pushes.order_by("-pk")[:SHOWN])
