"""Drafts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from core.requests import dict_body, json_response
from core.routing import actor_of
from tasks import queries
from tasks.answers import draft_fields
from tasks.operations import drafts as operations


def of_task(request: HttpRequest, task_id: int, annotation_id: int | None = None) -> HttpResponse:
    """Drafts of a task, or of changes to one annotation: GET lists, POST saves the actor's own over what it was."""
    actor = actor_of(request)
    if request.method == "POST":
        return json_response(operations.save_draft(actor, task_id, annotation_id, draft_fields(dict_body(request))), 201)
    return json_response(queries.list_drafts(actor, task_id, annotation_id))


def one(request: HttpRequest, draft_id: int) -> HttpResponse:
    actor = actor_of(request)
    if request.method == "DELETE":
        operations.delete_draft(actor, draft_id)
        return HttpResponse(status=204)
    if request.method in ("PATCH", "PUT"):
        return json_response(operations.update_draft(actor, draft_id, draft_fields(dict_body(request))))
    return json_response(queries.get_draft(actor, draft_id))


def from_annotation(request: HttpRequest, annotation_id: int) -> HttpResponse:
    return json_response(operations.convert_to_draft(actor_of(request), annotation_id), 201)
