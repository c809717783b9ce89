"""The list of projects, and my queue."""

from __future__ import annotations

import math

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.requests import page_of
from core.routing import actor_of
from projects import operations
from projects.models import Project
from projects.queries import Filters, get_project, list_projects
from web.queries import project_rows, projects_to_do
from web.requests import is_fragment, next_page

PAGE = 30

# name in the address: (what it says, ordering of the API)
SORTS = {
    "newest": (_("Newest"), ""),
    "updated": (_("Last changed"), "-updated_at"),
    "name": (_("Name"), "title"),
    "size": (_("Most tasks"), "-task_number"),
}


def projects(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    search = request.GET.get("q", "").strip()
    sort = request.GET.get("sort", "") if request.GET.get("sort") in SORTS else "newest"
    archived = request.GET.get("archived") == "1"
    found = list_projects(actor, Filters(title=search, archived=archived, ordering=SORTS[sort][1]))
    page, size = page_of(request, size=PAGE, most=PAGE)
    total = found.count()
    pages = max(1, math.ceil(total / size))
    page = min(page, pages)
    rows = project_rows(actor, list(found[(page - 1) * size : page * size]))
    context = {
        "rows": rows,
        "search": search,
        "sort": sort,
        "sorts": [(name, title) for name, (title, _order) in SORTS.items()],
        "archived": archived,
        "total": total,
        "page": page,
        "pages": pages,
        "may_create": actor.may("projects.create"),
        "may_change": actor.may("projects.change"),
        "any": total or search or archived or Project.objects.visible_to(actor).exists(),
    }
    return render(request, "web/projects/rows.html" if is_fragment(request) else "web/projects/list.html", context)


def queue(request: HttpRequest) -> HttpResponse:
    """The projects in which something waits for me."""
    actor = actor_of(request)
    found = list(list_projects(actor, Filters(archived=False))[:200])
    return render(request, "web/projects/queue.html", {"rows": projects_to_do(actor, project_rows(actor, found))})


def pin(request: HttpRequest, project_id: int) -> HttpResponse:
    _toggle(actor_of(request), project_id, "pinned_at")
    return redirect(next_page(request, "projects-page"))


def archive(request: HttpRequest, project_id: int) -> HttpResponse:
    _toggle(actor_of(request), project_id, "archived_at")
    return redirect(next_page(request, "projects-page"))


def _toggle(actor: Actor, project_id: int, field: str) -> None:
    project = get_project(actor, project_id)
    now = None if getattr(project, field) else timezone.now()
    operations.update_project(actor, project_id, {field: now})
