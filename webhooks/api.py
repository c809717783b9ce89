"""`/api/webhooks…`, as Label Studio's clients use it, and the log of deliveries."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from rest_framework.exceptions import ValidationError

from core.errors import invalid
from core.rawjson import JSONRefused, fragment, read_json
from core.requests import boolean, dict_body, integer, json_response, page_of
from core.routing import actor_of
from webhooks import operations, queries
from webhooks.actions import ACTIONS
from webhooks.models import Delivery, Webhook
from webhooks.serializers import WebhookSerializer

BODY_LIMIT = 1 << 20


def webhooks(request: HttpRequest) -> HttpResponse:
    """A plain list; `?project=` narrows it to a project, `?project=null` to the organization's own."""
    actor = actor_of(request)
    if request.method == "POST":
        webhook = operations.create_webhook(actor, _validated(request))
        return json_response(webhook_json(webhook, secret=True), 201)
    wanted = request.GET.get("project")
    own = wanted == "null"
    project = None if own else integer(wanted, "project")
    return json_response([webhook_json(row) for row in queries.list_webhooks(actor, project, organization_only=own)])


def webhook(request: HttpRequest, webhook_id: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.get_webhook(actor, webhook_id)  # a foreign webhook is 404 before its body is judged
    if request.method == "DELETE":
        operations.delete_webhook(actor, webhook_id)
        return HttpResponse(status=204)
    if request.method in ("PATCH", "PUT"):
        fields = _validated(request, partial=request.method == "PATCH")
        return json_response(webhook_json(operations.update_webhook(actor, webhook_id, fields), secret="secret" in fields))
    return json_response(webhook_json(found))


def info(request: HttpRequest) -> HttpResponse:
    """What webhooks can tell about; `?organization-only=true|false` narrows."""
    wanted = boolean(request.GET.get("organization-only"), "organization-only")
    return json_response(
        {
            name: {
                "name": str(action.name),
                "description": str(action.description),
                "key": action.key,
                "organization-only": action.organization_only,
            }
            for name, action in ACTIONS.items()
            if wanted is None or action.organization_only == wanted
        }
    )


def deliveries(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Newest first, 30 a page."""
    rows = queries.deliveries_of(actor_of(request), webhook_id)
    page, size = page_of(request, size=30, most=100)
    found = list(rows[(page - 1) * size : page * size + 1])
    return json_response({"results": [delivery_json(row) for row in found[:size]], "next": page + 1 if len(found) > size else None})


def replay(request: HttpRequest, webhook_id: int, delivery_id: int) -> HttpResponse:
    return json_response(delivery_json(operations.replay_delivery(actor_of(request), webhook_id, delivery_id)), 201)


def webhook_json(row: Webhook, *, secret: bool = False) -> dict[str, Any]:
    """`secret` is shown only in the answer to the request that set it."""
    return {
        "id": row.pk,
        "organization": row.organization_id,
        "project": row.project_id,
        "url": row.url,
        "send_payload": row.send_payload,
        "send_for_all_actions": row.send_for_all_actions,
        "headers": row.shown_headers(),
        "is_active": row.is_active,
        "actions": fragment(row.actions),
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "consecutive_failures": row.consecutive_failures,
        **({"secret": row.signing_secret()} if secret else {}),
    }


def delivery_json(row: Delivery) -> dict[str, Any]:
    return {
        "id": row.pk,
        "webhook": row.webhook_id,
        "event": row.event_id,
        "action": row.action,
        "project": row.project_id,
        "task": row.task_id,
        "replay_of": row.replay_of_id,
        "status": row.status,
        "status_code": row.status_code,
        "attempts": row.attempts,
        "error": row.error,
        "duration": row.duration,
        "created_at": row.created_at,
        "next_attempt_at": row.next_attempt_at,
        "finished_at": row.finished_at,
    }


def _validated(request: HttpRequest, *, partial: bool = False) -> dict[str, Any]:
    body = dict_body(request, limit=BODY_LIMIT)
    for name in ("headers", "actions"):  # forms carry them as JSON text
        if isinstance(body.get(name), str) and body[name]:
            try:
                body[name] = read_json(body[name])
            except JSONRefused as error:
                raise invalid(**{name: str(error)}) from None
    serializer = WebhookSerializer(data=body, partial=partial)
    if not serializer.is_valid():
        raise ValidationError(serializer.errors)
    return dict(serializer.validated_data)
