"""The recycle bin of a project: what was deleted or changed in bulk, and taking it back."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from core.requests import json_response, page_of
from core.routing import actor_of
from projects.queries import get_project
from tasks.models import RecycleEntry
from tasks.operations.undo import forget
from tasks.operations.undo import undo as undo_entry
from tasks.recycle_bin import entries, title_of
from tasks.render import person_json


def many(request: HttpRequest, project_id: int) -> HttpResponse:
    """Newest first, 30 a page: `{results, next}`."""
    actor = actor_of(request)
    project = get_project(actor, project_id)
    page, size = page_of(request, size=30, most=100)
    found = list(entries(actor, project)[(page - 1) * size : page * size + 1])
    return json_response({"results": [as_json(entry) for entry in found[:size]], "next": page + 1 if len(found) > size else None})


def undo(request: HttpRequest, project_id: int, entry_id: int) -> HttpResponse:
    """Takes it back: 200 with how much went back, 202 with the id of the job when it is much."""
    actor = actor_of(request)
    entry, job, numbers = undo_entry(actor, get_project(actor, project_id), entry_id)
    return json_response({**as_json(entry), "restored": numbers, "job": job.pk if job else None}, 202 if job else 200)


def one(request: HttpRequest, project_id: int, entry_id: int) -> HttpResponse:
    """DELETE: for good, now and not after 30 days."""
    actor = actor_of(request)
    forget(actor, get_project(actor, project_id), entry_id)
    return HttpResponse(status=204)


def as_json(entry: RecycleEntry) -> dict[str, Any]:
    who = entry.created_by
    return {
        "id": entry.pk,
        "kind": entry.kind,
        "title": title_of(entry),
        "tasks": entry.tasks,
        "annotations": entry.annotations,
        "drafts": entry.drafts,
        "predictions": entry.predictions,
        "created_by": person_json(who.pk, who.first_name, who.last_name, who.email, who.avatar) if who else None,
        "created_at": entry.created_at,
        "expires_at": entry.expires_at,
        "undone_at": entry.undone_at,
    }
