"""What the pages of one project share: the project, its tabs, what the person may do there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.actor import Actor
from core.routing import actor_of
from projects.models import Project


@dataclass(frozen=True)
class Tab:
    name: str
    title: str
    icon: str
    url: str


def tabs_of(actor: Actor, project: Project) -> list[Tab]:
    """The pages of a project that the actor may open."""
    every = [
        ("tasks.list", "data", _("Data"), "table", "data-page"),
        ("annotations.create", "label", _("Label"), "tag", "label-page"),
        ("tasks.create", "import", _("Import"), "upload", "import-page"),
        ("exports.create", "export", _("Export"), "download", "export-page"),
        ("projects.change", "settings", _("Settings"), "settings", "settings-general"),
    ]
    return [
        Tab(name, title, icon, reverse(route, kwargs={"project_id": project.pk}))
        for action, name, title, icon, route in every
        if actor.may(action)
    ]


def render_project(request: HttpRequest, template: str, project: Project, tab: str, status: int = 200, **context: Any) -> HttpResponse:
    """A page of a project with its tabs; `tab` is the one we are on."""
    actor = actor_of(request)
    shared = {
        "project": project,
        "tabs": tabs_of(actor, project),
        "current_tab": tab,
        "may_import": actor.may("tasks.create"),
        "may_export": actor.may("exports.create"),
    }
    return render(request, template, {**shared, **context}, status=status)
