"""`/api/projects/{id}/trainings`."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from core.errors import not_found
from core.requests import dict_body, json_response
from core.routing import actor_of
from projects.queries import get_project
from training import operations
from training.models import TrainingRun
from training.queries import runs_of


def trainings(request: HttpRequest, project_id: int) -> HttpResponse:
    """The newest runs; POST asks for one."""
    actor = actor_of(request)
    project = get_project(actor, project_id)
    if request.method == "POST":
        return json_response(told(operations.begin(actor, project, dict_body(request))), status=201)
    return json_response([told(run) for run in runs_of(actor, project)])


def training(request: HttpRequest, project_id: int, run_id: int) -> HttpResponse:
    actor = actor_of(request)
    run = TrainingRun.objects.visible_to(actor).filter(pk=run_id, project=get_project(actor, project_id)).first()
    if run is None:
        raise not_found()
    return json_response({**told(run), "log": run.log})


def cancel(request: HttpRequest, project_id: int, run_id: int) -> HttpResponse:
    actor = actor_of(request)
    return json_response(told(operations.cancel(actor, run_id, get_project(actor, project_id))))


def told(run: TrainingRun) -> dict[str, Any]:
    return {
        "id": run.pk,
        **{name: value for name, value in run.told().items() if name not in ("version", "holds_hardware")},
        "cost": run.cost,
        "job": run.job_id,
        "created_at": run.created_at.isoformat(),
        "finished_at": run.finished_at.isoformat() if run.finished_at else None,
    }
