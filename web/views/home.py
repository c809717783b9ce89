"""`/`: the projects, or the way to the first one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from core.routing import actor_of
from organizations.queries import my_access_request
from projects.models import Project
from web.starters import starters


def home(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    deep = request.GET.get("go", "")  # a Space's page hands on what was in its own address
    if deep not in ("", "/") and url_has_allowed_host_and_scheme(deep, allowed_hosts=None):
        return redirect(deep)
    if Project.objects.visible_to(actor).exists():
        return redirect("projects-page")
    if actor.organization_id is None:
        return render(request, "web/no_organization.html", {"waiting": my_access_request(actor)})
    return render(request, "web/first_run.html", {"starters": starters(), "may_create": actor.may("projects.create")})
