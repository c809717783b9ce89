"""The label stream: next task, its lease, what one was given before."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from core.errors import not_found
from core.requests import integer, json_response
from core.routing import actor_of
from tasks import queries
from tasks.opening import opened
from tasks.operations import leases

WAIT = 1.0  # seconds for a model's answer, when one is connected and nothing is stored for the task


def next_task(request: HttpRequest, project_id: int) -> HttpResponse:
    """The next task of the queue, held for the actor. `?after=<task>`: the one to do after the task in hand. 404 when there is none."""
    actor = actor_of(request)
    task = leases.lease_next(actor, project_id, after=integer(request.GET.get("after"), "after"))
    if task is None:
        raise not_found(f"There are no tasks for {actor.email}")
    return json_response(opened(actor, task, wait=WAIT))


def history(request: HttpRequest, project_id: int) -> HttpResponse:
    return json_response(queries.label_stream_history(actor_of(request), project_id))


def lease(request: HttpRequest, task_id: int) -> HttpResponse:
    """POST renews the actor's hold on a task, DELETE gives it up."""
    actor = actor_of(request)
    if request.method == "DELETE":
        leases.release_lease(actor, task_id)
        return HttpResponse(status=204)
    return json_response(leases.renew_lease(actor, task_id))
