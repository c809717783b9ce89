"""A project's settings: training on demand."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core.actor import Actor
from core.errors import Refused
from core.requests import integer
from core.routing import actor_of
from projects.models import Project
from projects.queries import get_project
from training import operations
from training.local import scripts
from training.models import TrainingRun
from training.queries import runs_of, runs_without_project
from web.project_fields import field_errors
from web.project_page import render_project
from web.requests import is_fragment
from web.settings_pages import settings_pages

FIELDS = ("executor", "script", "image", "hardware", "minutes", "base_model")
IMAGE, MINUTES = "python:3.12", 60


def training(request: HttpRequest, project_id: int) -> HttpResponse:
    """POST does what `do` says: `choose` shows the form for a place, `price` what it would cost, `begin` begins, `cancel` cancels a run."""
    actor = actor_of(request)
    project = get_project(actor, project_id)
    if request.method != "POST":
        return _page(request, actor, project, values={"executor": request.GET.get("executor", "")})
    values = {name: request.POST.get(name, "").strip() for name in FIELDS}
    do = request.POST.get("do")
    try:
        if do == "cancel":
            operations.cancel(actor, integer(request.POST.get("run"), "run", least=1) or 0, project)
            messages.success(request, _("Cancelled."))
        elif do == "begin":
            run = operations.begin(actor, project, _asked(values))
            messages.success(request, _("“%(model)s” waits for its snapshot.") % {"model": run.model_version})
        else:
            cost = operations.checked(_asked(values))["cost"] if do == "price" else None
            return _page(request, actor, project, values=values, cost=cost)
    except Refused as refused:
        if refused.status == 404:
            raise
        status = 200 if is_fragment(request) else refused.status if refused.status < 500 else 400
        return _page(request, actor, project, status, values=values, errors=field_errors(refused))
    return redirect("settings-training", project_id=project.pk)


def _asked(values: dict[str, str]) -> dict[str, Any]:
    """Of the two ways to say what runs, the one of the place that was chosen."""
    return {**values, "script": values["script"].replace("\r\n", "\n")}


def _page(request: HttpRequest, actor: Actor, project: Project, status: int = 200, **context: Any) -> HttpResponse:
    places = operations.executors()
    values = {"minutes": MINUTES, "image": IMAGE, **{name: value for name, value in context.pop("values", {}).items() if value}}
    if values.get("executor") not in places:
        values["executor"] = places[0] if places else ""
    errors = context.pop("errors", {})
    machines = []
    if actor.may("training.change"):
        try:
            machines = operations.machines(values["executor"])
        except Refused as refused:
            errors = {"hardware": refused.sentence, **errors}
    runs = runs_of(actor, project)
    return render_project(
        request,
        "web/settings/training.html",
        project,
        "settings",
        status,
        **{
            "pages": settings_pages(actor, project),
            "current_page": "training",
            "runs": runs,
            "others": runs_without_project(actor),
            "running": any(run.is_open for run in runs),
            "places": [(name, TrainingRun.Executor(name).label) for name in places],
            "machines": machines,
            "scripts": list(scripts()),
            "values": values,
            "errors": errors,
            "may_change": actor.may("training.change"),
            "cost": None,
            **context,
        },
    )
