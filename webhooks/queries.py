"""What reads webhooks and their log."""

from __future__ import annotations

from django.db.models import QuerySet

from core.actor import Actor
from core.errors import not_found
from webhooks.models import Delivery, Webhook


def list_webhooks(actor: Actor, project: int | None = None, *, organization_only: bool = False) -> QuerySet[Webhook]:
    """Of the whole organization, of one project, or those that belong to no project; oldest first."""
    found = Webhook.objects.visible_to(actor).order_by("pk")
    if organization_only:
        return found.filter(project=None)
    return found if project is None else found.filter(project_id=project)


def get_webhook(actor: Actor, webhook_id: int) -> Webhook:
    """Raises 404 for a webhook that is not there or not the actor's to see."""
    webhook = Webhook.objects.visible_to(actor).filter(pk=webhook_id).first()
    if webhook is None:
        raise not_found()
    return webhook


def deliveries_of(actor: Actor, webhook_id: int) -> QuerySet[Delivery]:
    """The log of a webhook, newest first. Raises 404."""
    return Delivery.objects.filter(webhook=get_webhook(actor, webhook_id)).order_by("-pk")
