"""One task."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from core.requests import json_response
from core.routing import actor_of
from tasks import queries


def one(request: HttpRequest, task_id: int) -> HttpResponse:
    return json_response(queries.task_details(actor_of(request), task_id))
