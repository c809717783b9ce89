"""Annotations of a task, one annotation, its versions."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse

from core.actor import Actor
from core.errors import Refused, invalid
from core.requests import boolean, dict_body, json_response, moment
from core.routing import actor_of
from tasks import queries
from tasks.answers import annotation_fields, idempotency_key
from tasks.opening import opened
from tasks.operations import leases
from tasks.operations.delete import delete_annotation
from tasks.operations.settle import LockedAnnotation
from tasks.operations.submit import submit_annotation
from tasks.operations.update import update_annotation

logger = logging.getLogger("labelspace.tasks")


def of_task(request: HttpRequest, task_id: int) -> HttpResponse:
    """GET lists, POST submits. `?next=1` (or `next` in the body) brings the next task of the queue in the same answer, as `next_task`."""
    actor = actor_of(request)
    if request.method != "POST":
        return json_response(queries.list_annotations(actor, task_id, request.GET.get("ordering") or ""))
    body = dict_body(request)
    fields = annotation_fields(body)
    if (skipped := request.GET.get("was_cancelled")) is not None:
        fields["was_cancelled"] = boolean(skipped, "was_cancelled") or fields.get("was_cancelled")
    annotation = submit_annotation(actor, task_id, fields, key=idempotency_key(request.headers.get("Idempotency-Key")))
    if boolean(request.GET.get("next", body.get("next")), "next"):
        annotation |= _next(actor, annotation["project"])
    return json_response(annotation, 201, headers=_tag(annotation))


def _next(actor: Actor, project_id: int) -> dict[str, Any]:
    """The annotation is stored already: when the next task cannot be had at the moment, the answer lacks it and the client asks again."""
    try:
        task = leases.lease_next(actor, project_id)
        return {"next_task": task and opened(actor, task)}
    except (OperationalError, Refused) as error:
        logger.warning("no next task beside the answer: %s", error)
        return {}


def one(request: HttpRequest, annotation_id: int) -> HttpResponse:
    actor = actor_of(request)
    if request.method == "DELETE":
        delete_annotation(actor, annotation_id)
        return HttpResponse(status=204)
    if request.method in ("PATCH", "PUT"):
        annotation = update_annotation(actor, annotation_id, annotation_fields(dict_body(request)), expected=_expected(request))
    else:
        annotation = queries.get_annotation(actor, annotation_id)
    return json_response(annotation, headers=_tag(annotation))


def _tag(annotation: dict[str, Any]) -> dict[str, str]:
    """An annotation's ETag is when it was last changed, which every form of it shows as `updated_at`."""
    changed = annotation["updated_at"]
    text = changed if isinstance(changed, str) else changed.isoformat().replace("+00:00", "Z")
    return {"ETag": f'"{text}"'}


def _expected(request: HttpRequest) -> Callable[[LockedAnnotation], bool] | None:
    """What `If-Match: "<updated_at>"` asks for; None without the header (or with `*`)."""
    header = request.headers.get("If-Match")
    if header is None or header.strip() == "*":
        return None
    tags = [tag.strip().removeprefix("W/").strip('"') for tag in header.split(",")]
    try:
        moments = {moment(tag, "If-Match") for tag in tags}
    except Refused:
        raise invalid(
            **{"If-Match": 'Send the updated_at of the annotation that was changed, like "2026-11-21T10:30:00.123456Z".'}
        ) from None
    return lambda stored: moment(stored.updated_at, "updated_at") in moments
