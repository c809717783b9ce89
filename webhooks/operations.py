"""What people do to webhooks: make, change, delete, send something again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.errors import Refused, invalid, not_found
from core.events.models import Event
from core.events.record import record
from core.outbound import checked_address
from core.rawjson import json_text
from core.secrets import encrypt, new_token
from projects.models import Project
from webhooks.headers import checked_headers
from webhooks.models import HEADERS_PURPOSE, SECRET_PURPOSE, Delivery, Webhook

KEEP_LOG = timedelta(days=30)
ROWS_PER_STEP = 5_000


def create_webhook(actor: Actor, fields: dict[str, Any]) -> Webhook:
    """Make a webhook from validated fields (`WebhookSerializer`); with no project it is the organization's.

    Raises 400 for an address that must not be asked, headers that are none, and a project the actor does not see.
    """
    if actor.organization_id is None:
        raise Refused(_("Join an organization first."), 403)
    project = _project(actor, fields.pop("project", None))
    columns = _columns({"secret": "", **fields})  # asks the name server: before the transaction
    with transaction.atomic():
        webhook = Webhook(organization_id=actor.organization_id, project=project, **columns)
        webhook.last_event = Event.objects.aggregate(last=Max("pk"))["last"] or 0
        webhook.save(force_insert=True)
        record("webhook.created", actor, project=webhook.project_id, ids=[webhook.pk])
    return webhook


def update_webhook(actor: Actor, webhook_id: int, fields: dict[str, Any]) -> Webhook:
    """Change a webhook; the project stays. `secret` replaces the one for signing (empty: by a new random one).

    A new address, new headers or switching it on end the pause after failures. Raises 404, and 400 as `create_webhook`.
    """
    fields = {name: value for name, value in fields.items() if name != "project"}
    columns = _columns(fields)
    with transaction.atomic():
        webhook = _locked(actor, webhook_id)
        for name, value in columns.items():
            setattr(webhook, name, value)
        if columns.keys() & {"url", "headers", "is_active"}:
            webhook.consecutive_failures, webhook.paused_until = 0, timezone.now()
        webhook.save(update_fields=[*columns, "consecutive_failures", "paused_until", "updated_at"])
        if columns:
            record("webhook.updated", actor, project=webhook.project_id, ids=[webhook.pk], fields=sorted(columns))
    return webhook


def delete_webhook(actor: Actor, webhook_id: int) -> None:
    """Delete a webhook and its log; what is waiting is not sent any more. Raises 404."""
    with transaction.atomic():
        webhook = _locked(actor, webhook_id)
        record("webhook.deleted", actor, project=webhook.project_id, ids=[webhook.pk])
        webhook.delete()


def replay_delivery(actor: Actor, webhook_id: int, delivery_id: int) -> Delivery:
    """Send a former delivery once more, as a new one. Raises 404, and 409 while it is still on its way or the webhook is switched off."""
    with transaction.atomic():
        webhook = _locked(actor, webhook_id)
        former = Delivery.objects.filter(webhook=webhook, pk=delivery_id).first()
        if former is None:
            raise not_found()
        if former.status == Delivery.Status.WAITING:
            raise Refused(_("This delivery is still on its way."), 409)
        if not webhook.is_active:
            raise Refused(_("Switch the webhook on first."), 409)
        now = timezone.now()
        again = Delivery.objects.create(
            webhook=webhook,
            event_id=former.event_id,
            action=former.action,
            project_id=former.project_id,
            task_id=former.task_id,
            replay_of_id=former.replay_of_id or former.pk,
            next_attempt_at=now,
            created_at=now,
        )
        record("webhook.replayed", actor, project=webhook.project_id, ids=[webhook.pk], delivery=former.pk)
    return again


def forget_old_deliveries() -> bool:
    """Delete what was delivered or given up more than 30 days ago, a few thousand at a time; returns whether there may be more."""
    old = Delivery.objects.filter(finished_at__lt=timezone.now() - KEEP_LOG).order_by("finished_at")
    named = list(old.values_list("pk", flat=True)[:ROWS_PER_STEP])
    if named:
        Delivery.objects.filter(pk__in=named).delete()
    return len(named) == ROWS_PER_STEP


def _columns(fields: dict[str, Any]) -> dict[str, Any]:
    columns = dict(fields)
    if "url" in columns:
        columns["url"] = columns["url"].strip()
        try:
            checked_address(columns["url"])
        except Refused as error:
            raise invalid(url=str(error)) from None
    if "headers" in columns:
        columns["headers"] = encrypt(json_text(checked_headers(columns["headers"])), HEADERS_PURPOSE)
    if "secret" in columns:
        columns["secret"] = encrypt(columns["secret"] or new_token(), SECRET_PURPOSE)
    if "actions" in columns:
        columns["actions"] = json_text(columns["actions"])
    return columns


def _project(actor: Actor, project_id: int | None) -> Project | None:
    if project_id is None:
        return None
    project = Project.objects.visible_to(actor).filter(pk=project_id).first()
    if project is None:
        raise invalid(project=_('Invalid pk "%(id)s" - object does not exist.') % {"id": project_id})
    return project


def _locked(actor: Actor, webhook_id: int) -> Webhook:
    visible = Webhook.objects.visible_to(actor).filter(pk=webhook_id).values("pk")
    webhook = Webhook.objects.select_for_update().filter(pk__in=visible).first()
    if webhook is None:
        raise not_found()
    return webhook
