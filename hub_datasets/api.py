"""`/api/hub/…` and `/api/projects/{id}/hub/…`."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from core.errors import invalid, not_found
from core.requests import dict_body, json_response
from core.routing import actor_of
from hub_datasets import operations
from hub_datasets.models import HubTarget
from hub_datasets.operations import Asked
from hub_datasets.queries import pushes_of, target_of
from projects.queries import get_project

TEXTS = ("dataset", "configuration", "split", "revision", "token")


def look(request: HttpRequest, project_id: int) -> HttpResponse:
    """What a dataset holds, what is proposed, and the first tasks."""
    actor = actor_of(request)
    get_project(actor, project_id)
    said = dict_body(request)
    return json_response(operations.look(actor, asked_of(said), uses_of(said)).as_json())


def import_dataset(request: HttpRequest, project_id: int) -> HttpResponse:
    actor = actor_of(request)
    project = get_project(actor, project_id)
    said = dict_body(request)
    source, job = operations.import_dataset(actor, project, asked_of(said), uses=uses_of(said), take_config=said.get("take_config") is True)
    return json_response({"id": source.pk, "dataset": source.repo, "revision": source.revision, "job": job.pk}, status=201)


def target(request: HttpRequest, project_id: int) -> HttpResponse:
    """Where annotations are pushed to; PUT says it."""
    actor = actor_of(request)
    project = get_project(actor, project_id)
    if request.method == "PUT":
        return json_response(told(operations.set_target(actor, project, dict_body(request))))
    found = target_of(actor, project)
    if found is None:
        raise not_found()
    return json_response(told(found))


def push(request: HttpRequest, project_id: int) -> HttpResponse:
    actor = actor_of(request)
    project = get_project(actor, project_id)
    found = target_of(actor, project)
    if found is None:
        raise invalid(dataset="Say first which dataset the annotations go to.")
    return json_response({"job": operations.push(actor, found).pk}, status=201)


def told(target: HubTarget) -> dict[str, Any]:
    """Never the token."""
    return {
        "dataset": target.repo,
        "private": target.private,
        "hours": target.hours,
        "annotations": target.annotations,
        "pushed_at": target.pushed_at.isoformat() if target.pushed_at else None,
        "commit": target.commit,
        "tag": target.tag,
        "error": target.error,
        "job": target.job_id,
        "pushes": [
            {"commit": one.commit, "tag": one.tag, "rows": one.rows, "error": one.error, "at": one.created_at.isoformat(), "url": one.page}
            for one in pushes_of(target)
        ],
    }


def asked_of(said: dict[str, Any]) -> Asked:
    texts = {name: said.get(name) or "" for name in TEXTS}
    wrong = next((name for name, text in texts.items() if not isinstance(text, str) or len(text) > 500 or "\0" in text), None)
    if wrong is not None:
        raise invalid(**{wrong: "This must be a text of at most 500 characters."})
    return Asked(**texts)


def uses_of(said: dict[str, Any]) -> dict[str, str]:
    uses = said.get("uses") or {}
    if not isinstance(uses, dict) or not all(isinstance(use, str) for use in uses.values()):
        raise invalid(uses="This must be an object: column to data, prediction, annotation or leave.")
    return uses
