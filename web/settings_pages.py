"""The pages of a project's settings."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from core.actor import Actor
from projects.models import Project
from web.project_page import Tab


def settings_pages(actor: Actor, project: Project) -> list[Tab]:
    every = [
        ("projects.change", "general", _("General"), "settings"),
        ("projects.change", "labeling", _("Labeling set-up"), "code"),
        ("projects.change", "instructions", _("Instructions"), "info"),
        ("projects.change", "members", _("Members"), "users"),
        ("models.view", "models", _("Models"), "activity"),
        ("training.view", "training", _("Training"), "play"),
        ("storages.view", "storages", _("Storages"), "folder"),
        ("tasks.change", "recycle", _("Recycle bin"), "trash"),
        ("webhooks.view", "webhooks", _("Webhooks"), "link"),
        ("projects.change", "bundle", _("Whole project"), "download"),
        ("projects.delete", "danger", _("Danger zone"), "warning"),
    ]
    pages = [
        Tab(name, title, icon, reverse(f"settings-{name}", kwargs={"project_id": project.pk}))
        for action, name, title, icon in every
        if actor.may(action)
    ]
    if settings.MULTI_SESSION:
        pages.append(Tab("management", _("Project management"), "folder", reverse("project-management")))
    return pages
