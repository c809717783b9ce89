"""`/api/dm/actions/` (§1.11 of the API): what can be done with a selection of tasks, and doing it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from core.actor import Actor
from core.errors import Refused, not_found
from core.requests import dict_body, json_response
from core.routing import actor_of
from data_manager.actions.action import Action, action_named, actions
from data_manager.actions.selection import counts_of, read_selection
from data_manager.actions.work import perform
from data_manager.asked import project_of, said_by
from projects.models import Project


def many(request: HttpRequest) -> HttpResponse:
    """GET lists what the actor may do with tasks of `?project=`; POST does `?id=` with the selection in the body (or of `?view=`)."""
    actor = actor_of(request)
    project = project_of(actor, request)
    if request.method == "GET":
        return json_response([describe(actor, project, one) for one in actions() if not one.hidden and actor.may(one.permission)])
    if not request.GET.get("id"):
        raise Refused('No action id "None", use ?id=<action-id>', 422)
    action = _named(request.GET["id"])
    answer, job = perform(actor, project, action, said_by(actor, project, request))
    return json_response(answer, 202 if job else 200)


def form(request: HttpRequest, action_id: str) -> HttpResponse:
    """The fields of an action's dialog."""
    actor = actor_of(request)
    project = project_of(actor, request)
    action = _named(action_id)
    _check(actor, action)
    return json_response(action.form(actor, project) if action.form else [])


def counts(request: HttpRequest, action_id: str) -> HttpResponse:
    """How much a selection holds of what an action would change: `{tasks, annotations, …}`."""
    actor = actor_of(request)
    project = project_of(actor, request)
    action = _named(action_id)
    _check(actor, action)
    return json_response(counts_of(read_selection(project, dict_body(request), explicit=False), action.counts))


def describe(actor: Actor, project: Project, action: Action) -> dict[str, Any]:
    """An action as clients list it. `undo`, `danger` and `counts` are ours."""
    return {
        "id": action.id,
        "title": str(action.title),
        "order": action.order,
        "permission": action.permission,
        "experimental": False,
        "dialog": {
            "title": str(action.title),
            "text": str(action.text),
            "type": "confirm",
            "form": action.form(actor, project) if action.form else None,
        },
        "reload": action.reload,
        "undo": action.undo,
        "danger": action.danger,
        "counts": list(action.counts),
    }


def _check(actor: Actor, action: Action) -> None:
    if not actor.may(action.permission):
        raise Refused("You do not have permission to perform this action.", 403)


def _named(name: str) -> Action:
    action = action_named(name)
    if action is None:
        known = ", ".join(one.id for one in actions())
        raise not_found(f'There is no action "{name[:100]}". There are: {known}.')
    return action
