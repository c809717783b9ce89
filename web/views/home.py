"""`/`: the projects, or the way to the first one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from core.routing import actor_of
from projects.models import Project
from web.starters import starters


def home(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if Project.objects.visible_to(actor).exists():
        return redirect("projects-page")
    if actor.organization_id is None:
        return render(request, "web/no_organization.html")
    return render(request, "web/first_run.html", {"starters": starters(), "may_create": actor.may("projects.create")})
