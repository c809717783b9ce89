"""The pages of webhooks: a project's own, and the organization's, which hear of all projects. Each with its log and a button to send again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError

from core.actor import Actor
from core.errors import Refused, not_found
from core.rawjson import read_json
from core.requests import integer
from core.routing import actor_of
from projects.queries import get_project
from web.accounts.organization import organization_page
from web.project_fields import field_errors
from web.views.settings import render_settings
from webhooks import operations, queries
from webhooks.actions import ACTIONS
from webhooks.models import Webhook
from webhooks.serializers import WebhookSerializer

SHOWN = 50


def of_project(request: HttpRequest, project_id: int) -> HttpResponse:
    """A project's webhooks, and the form for a new one."""
    return _list(request, project_id)


def of_organization(request: HttpRequest) -> HttpResponse:
    """The webhooks that hear of all projects, and the form for a new one."""
    return _list(request, None)


def one_of_project(request: HttpRequest, project_id: int, webhook_id: int) -> HttpResponse:
    return _one(request, project_id, webhook_id)


def one_of_organization(request: HttpRequest, webhook_id: int) -> HttpResponse:
    return _one(request, None, webhook_id)


def _list(request: HttpRequest, project_id: int | None) -> HttpResponse:
    actor = actor_of(request)
    values, errors = _values(None), {}
    if request.method == "POST":
        values = _sent(request)
        try:
            made = operations.create_webhook(actor, {**_checked(values), "project": project_id, "secret": ""})
        except Refused as refused:
            errors = field_errors(refused)
        else:
            messages.success(request, _("The webhook is ready. Its requests are signed with the secret shown here."))
            request.session["webhook_secret"] = [made.pk, made.signing_secret()]
            return redirect(_address(project_id, made.pk))
    rows = queries.list_webhooks(actor, project_id, organization_only=project_id is None)
    shown = [{"row": row, "url": _address(project_id, row.pk)} for row in rows]
    return _render(request, actor, project_id, "list", status=400 if errors else 200, rows=shown, values=values, errors=errors)


def _one(request: HttpRequest, project_id: int | None, webhook_id: int) -> HttpResponse:
    """Its settings and its log."""
    actor = actor_of(request)
    row = queries.get_webhook(actor, webhook_id)
    if row.project_id != project_id:
        raise not_found()
    values, errors = _values(row), {}
    if request.method == "POST":
        act = request.POST.get("do", "save")
        try:
            if act == "delete":
                operations.delete_webhook(actor, row.pk)
                messages.success(request, _("The webhook is deleted."))
                return redirect(_address(project_id))
            if act == "replay":
                operations.replay_delivery(actor, row.pk, integer(request.POST.get("delivery"), "delivery", least=1) or 0)
                messages.success(request, _("It is on its way again."))
            elif act == "secret":
                changed = operations.update_webhook(actor, row.pk, {"secret": ""})
                request.session["webhook_secret"] = [changed.pk, changed.signing_secret()]
            else:
                values = _sent(request)
                operations.update_webhook(actor, row.pk, _checked(values))
                messages.success(request, _("Saved."))
            return redirect(_address(project_id, row.pk))
        except Refused as refused:
            if refused.status == 404:
                raise
            errors = field_errors(refused)
    kept = request.session.get("webhook_secret")
    secret = ""
    if kept and kept[0] == row.pk:
        secret = request.session.pop("webhook_secret")[1]
    deliveries = [
        {"row": found, "name": ACTIONS[found.action].name if found.action in ACTIONS else found.action}
        for found in queries.deliveries_of(actor, row.pk)[:SHOWN]
    ]
    return _render(
        request,
        actor,
        project_id,
        "one",
        status=400 if errors else 200,
        webhook=row,
        values=values,
        errors=errors,
        secret=secret,
        deliveries=deliveries,
        back=_address(project_id),
    )


def _values(row: Webhook | None) -> dict[str, Any]:
    """What the form shows."""
    if row is None:
        return {"url": "", "every": True, "actions": [], "headers": "", "send_payload": True, "is_active": True}
    return {
        "url": row.url,
        "every": row.send_for_all_actions,
        "actions": read_json(row.actions),
        "headers": "\n".join(f"{name}: {value}" for name, value in row.shown_headers().items()),
        "send_payload": row.send_payload,
        "is_active": row.is_active,
    }


def _sent(request: HttpRequest) -> dict[str, Any]:
    post = request.POST
    return {
        "url": post.get("url", "").strip(),
        "every": post.get("every", "all") == "all",
        "actions": post.getlist("actions"),
        "headers": post.get("headers", ""),
        "send_payload": "send_payload" in post,
        "is_active": "is_active" in post,
    }


def _checked(values: dict[str, Any]) -> dict[str, Any]:
    """The form's values as `webhooks.operations` takes them. Raises 400."""
    headers: dict[str, str] = {}
    for line in values["headers"].splitlines():
        name, colon, value = line.partition(":")
        if line.strip() and not colon:
            raise Refused("Validation error", 400, fields={"headers": [_("Write a header on each line, as Name: value.")]})
        if line.strip():
            headers[name.strip()] = value.strip()
    serializer = WebhookSerializer(
        data={
            "url": values["url"],
            "send_for_all_actions": values["every"],
            "actions": values["actions"],
            "headers": headers,
            "send_payload": values["send_payload"],
            "is_active": values["is_active"],
        }
    )
    try:
        serializer.is_valid(raise_exception=True)
    except ValidationError:
        raise Refused("Validation error", 400, fields=dict(serializer.errors)) from None
    return dict(serializer.validated_data)


def _address(project_id: int | None, webhook_id: int | None = None) -> str:
    where = {} if project_id is None else {"project_id": project_id}
    which = {} if webhook_id is None else {"webhook_id": webhook_id}
    names = {
        (True, True): "organization-webhooks",
        (True, False): "organization-webhook",
        (False, True): "settings-webhooks",
        (False, False): "settings-webhook",
    }
    return reverse(names[project_id is None, webhook_id is None], kwargs={**where, **which})


def _render(request: HttpRequest, actor: Actor, project_id: int | None, page: str, status: int, **context: Any) -> HttpResponse:
    known = [
        (name, action.name, action.description) for name, action in ACTIONS.items() if project_id is None or not action.organization_only
    ]
    context |= {"known": known, "of_organization": project_id is None, "may_change": actor.may("webhooks.change")}
    if project_id is None:
        return organization_page(request, "organization-webhooks", status=status, template=f"webhooks-{page}", **context)
    return render_settings(request, get_project(actor, project_id), "webhooks", status, template=f"webhooks-{page}", **context)
