"""What the editor is told in the page, so that it starts without a request: `<script type="application/json" id="editor-context">`."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse

from core.actor import Actor
from core.permissions import ACTIONS
from ml.queries import assistant_of
from projects.models import Project
from projects.queries import queue_numbers
from web.queries import done_today


def editor_context(actor: Actor, project: Project, mode: str, task: Any) -> dict[str, Any]:
    """`mode` is "stream" or "quick"; `task` the task as `GET /api/tasks/{id}` and `…/next` show it, or None."""
    numbers = queue_numbers(actor, [project])[project.pk]
    user = actor.user
    assistant = assistant_of(project)
    ids = {"project_id": project.pk}
    return {
        "project": {
            "id": project.pk,
            "title": project.title,
            "label_config": project.label_config,
            "expert_instruction": project.expert_instruction,
            "show_instruction": project.show_instruction,
            "show_skip_button": project.show_skip_button,
            "enable_empty_annotation": project.enable_empty_annotation,
            "maximum_annotations": project.maximum_annotations,
            "sampling": project.sampling,
            "assistant": None if assistant is None else {"id": assistant.pk, "title": assistant.title},
        },
        "user": {
            "id": user.pk,
            "email": user.email,
            "name": user.name,
            "initials": user.initials,
            "role": actor.role,
            "permissions": sorted(action for action in ACTIONS if actor.may(action)),
            "custom_hotkeys": user.custom_hotkeys,
            "preferences": user.preferences,
        },
        "mode": mode,
        "task": task,
        "counts": {"total": numbers.total, "done": numbers.done, "mine_today": done_today(actor, project)},
        "urls": {
            "data": reverse("data-page" if actor.may("tasks.list") else "projects-page", kwargs=ids if actor.may("tasks.list") else None),
            "project": reverse("project-page", kwargs=ids),
            "next_page": reverse("label-page", kwargs=ids),
        },
        "version": settings.VERSION,
    }
