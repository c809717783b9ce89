"""A project's recycle bin: what was deleted or changed, by whom, how much; and taking it back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core.errors import Refused, not_found
from core.requests import integer, page_of
from core.routing import actor_of
from projects.queries import get_project
from tasks.operations.undo import forget, undo
from tasks.recycle_bin import entries, title_of
from web.project_page import render_project
from web.settings_pages import settings_pages

PAGE = 50


def recycle_bin(request: HttpRequest, project_id: int) -> HttpResponse:
    actor = actor_of(request)
    project = get_project(actor, project_id)
    if request.method == "POST":
        entry = integer(request.POST.get("entry"), "entry", least=1)
        if entry is None:
            raise not_found()
        if request.POST.get("do") == "forget":
            forget(actor, project, entry)
            messages.success(request, _("Deleted for good."))
            return redirect("settings-recycle", project_id=project_id)
        try:
            _entry, job, numbers = undo(actor, project, entry)
        except Refused as refused:
            if refused.status != 409:
                raise
            messages.error(request, str(refused))
            return redirect("settings-recycle", project_id=project_id)
        if job is not None:
            return redirect("jobs-page")
        if numbers.get("left"):
            messages.error(
                request, _("Not everything could go back: its task is deleted, or somebody has changed it since. The rest is back.")
            )
        else:
            messages.success(request, _("Undone."))
        return redirect("settings-recycle", project_id=project_id)
    page, size = page_of(request, size=PAGE, most=PAGE)
    found = list(entries(actor, project)[(page - 1) * size : page * size + 1])
    return render_project(
        request,
        "web/settings/recycle.html",
        project,
        "settings",
        pages=settings_pages(actor, project),
        current_page="recycle",
        rows=[{"entry": entry, "title": title_of(entry)} for entry in found[:size]],
        next=page + 1 if len(found) > size else None,
    )
