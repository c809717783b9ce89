"""Which rows an actor sees, as SQL for the hot paths. The rule itself stands in `Project.objects.visible_to`."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from core.actor import Actor
from projects.models import Project


def visible_projects(actor: Actor) -> tuple[str, tuple[Any, ...]]:
    """(SQL that selects the ids of the projects the actor sees, its parameters). Raises nothing: somebody without an organization sees none."""
    if actor.organization_id is None:
        return "SELECT id FROM projects_project WHERE 1 = 0", ()
    return _compiled(actor.user_id, actor.organization_id, actor.role, actor.project_id)


@lru_cache(4096)
def _compiled(user_id: int, organization_id: int, role: Any, project_id: int | None) -> tuple[str, tuple[Any, ...]]:
    actor = Actor(user_id=user_id, email="", organization_id=organization_id, role=role, project_id=project_id)
    sql, params = Project.objects.visible_to(actor).values("pk").query.sql_with_params()
    return sql, tuple(params)


def sees_all_annotations(actor: Actor) -> bool:
    """Annotators see and change only their own annotations."""
    return actor.may("annotations.change_others")
