"""Former states of annotations."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from core.requests import boolean, json_response
from core.routing import actor_of
from tasks import queries
from tasks.operations import restore_version


def of_annotation(request: HttpRequest, annotation_id: int) -> HttpResponse:
    return json_response(queries.list_versions(actor_of(request), annotation_id=annotation_id))


def of_task(request: HttpRequest, task_id: int) -> HttpResponse:
    """`?deleted=true`: only the annotations that were deleted and can be taken back."""
    deleted = boolean(request.GET.get("deleted"), "deleted", False) or False
    return json_response(queries.list_versions(actor_of(request), task_id=task_id, deleted=deleted))


def restore(request: HttpRequest, annotation_id: int, version: int) -> HttpResponse:
    return json_response(restore_version(actor_of(request), annotation_id, version))
