"""Predictions."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from core.requests import dict_body, integer, json_response
from core.routing import actor_of
from tasks import queries
from tasks.answers import prediction_fields
from tasks.operations import predictions as operations


def many(request: HttpRequest) -> HttpResponse:
    """GET lists by `task` or `project`, POST adds one."""
    actor = actor_of(request)
    if request.method == "POST":
        return json_response(operations.create_prediction(actor, prediction_fields(dict_body(request))), 201)
    project = request.GET.get("project", request.GET.get("task__project"))
    task = integer(request.GET.get("task"), "task")
    return json_response(queries.list_predictions(actor, task=task, project=integer(project, "project")))


def one(request: HttpRequest, prediction_id: int) -> HttpResponse:
    actor = actor_of(request)
    if request.method == "DELETE":
        operations.delete_prediction(actor, prediction_id)
        return HttpResponse(status=204)
    if request.method in ("PATCH", "PUT"):
        return json_response(operations.update_prediction(actor, prediction_id, prediction_fields(dict_body(request))))
    return json_response(queries.get_prediction(actor, prediction_id))
