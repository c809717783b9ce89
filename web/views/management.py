"""Project management of a multi-session server: one's projects, also those that others share, switching between them, and sharing by link."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.actor import Actor
from core.errors import not_found
from core.permissions import Role
from core.requests import integer
from core.routing import actor_of
from organizations.models import Membership
from organizations.operations.joining import switch_organization
from projects import guests
from projects.models import Project
from projects.operations import create_project
from web.accounts.links import absolute

MOST = 200


@dataclass(frozen=True)
class Row:
    """A project with what the guest may do with it. `link` is "" while it is not shared."""

    project: Project
    own: bool
    current: bool
    link: str


def management(request: HttpRequest) -> HttpResponse:
    if not settings.MULTI_SESSION:
        raise not_found()
    actor = actor_of(request)
    if request.method != "POST":
        return render(request, "web/manage.html", {"rows": _rows(request, actor)})
    if "new" in request.POST:
        project = create_project(_at_home(actor), {"title": _("My project")})
        return redirect("project-page", project_id=project.pk)
    project_id = integer(request.POST.get("project"), "project", least=1) or 0
    here = _in_project(actor, project_id)
    if "share" in request.POST:
        guests.share(here, project_id)
        messages.success(request, _("Whoever has the link can open this project."))
    elif "stop" in request.POST:
        guests.stop_sharing(here, project_id)
        messages.success(request, _("The link is dead, and nobody else sees the project any more."))
    else:
        if here.organization_id is not None and here.organization_id != actor.organization_id:
            switch_organization(actor, here.organization_id)
        return redirect("project-page", project_id=project_id)
    return redirect("project-management")


def shared(request: HttpRequest, token: str) -> HttpResponse:
    """Where a link leads: the project is opened by a button, so that a link alone changes nothing."""
    if not settings.MULTI_SESSION:
        raise not_found()
    actor = actor_of(request)
    project = guests.shared_by(token)
    if request.method == "POST":
        guests.accept_share(actor, token)
        return redirect("project-page", project_id=project.pk)
    return render(request, "web/shared.html", {"project": project})


def _places(actor: Actor) -> list[Actor]:
    """The person in each of their organizations, their own first."""
    rows = Membership.objects.present().filter(user_id=actor.user_id).order_by("pk")
    return [Actor(actor.user_id, actor.email, row.organization_id, Role(row.role), actor.scheme, actor.session_key) for row in rows]


def _rows(request: HttpRequest, actor: Actor) -> list[Row]:
    found = []
    for here in _places(actor):
        own = here.may("projects.change")
        for project in Project.objects.visible_to(here).order_by("-created_at", "-pk")[:MOST]:
            token = guests.token_of(project) if own else None
            link = absolute(request, reverse("shared-project", kwargs={"token": token})) if token else ""
            found.append(Row(project, own, here.organization_id == actor.organization_id, link))
    return found


def _in_project(actor: Actor, project_id: int) -> Actor:
    """The person where they may see the project. Raises 404 for one that is not theirs."""
    for here in _places(actor):
        if Project.objects.visible_to(here).filter(pk=project_id).exists():
            return here
    raise not_found()


def _at_home(actor: Actor) -> Actor:
    """The person in the organization that is theirs, which becomes the one they work in."""
    home = next((here for here in _places(actor) if here.may("projects.create")), None)
    if home is None or home.organization_id is None:
        raise not_found()
    if home.organization_id != actor.organization_id:
        switch_organization(actor, home.organization_id)
    return home
