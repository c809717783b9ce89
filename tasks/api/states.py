"""States of tasks, annotations and projects: Label Studio serves these addresses and keeps no states, and neither do we."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from core.actor import Actor
from core.errors import Refused, not_found
from core.requests import dict_body, json_response, page_of
from core.routing import actor_of
from projects.queries import get_project
from tasks import queries


def history(request: HttpRequest, entity: str, entity_id: int) -> HttpResponse:
    """An empty page, for what the actor sees; past it 404, where the SDK's pager stops."""
    _check(actor_of(request), entity, entity_id)
    page, _size = page_of(request, size=100, most=1_000)
    if page > 1:
        raise Refused("Invalid page.", 404)
    return json_response({"count": 0, "next": None, "previous": None, "results": []})


def transition(request: HttpRequest, entity: str, entity_id: int) -> HttpResponse:
    """Nothing changes."""
    _check(actor_of(request), entity, entity_id)
    dict_body(request, limit=1 << 20)
    return json_response({"success": True, "new_state": None, "state_record": None})


def _check(actor: Actor, entity: str, entity_id: int) -> None:
    """Raises 404 for what the actor does not see, and for other kinds of things."""
    if entity == "project":
        get_project(actor, entity_id)
    elif entity == "task":
        queries.project_of_task(actor, entity_id)
    elif entity == "annotation":
        queries.get_annotation(actor, entity_id)
    else:
        raise not_found()
