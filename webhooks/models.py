from __future__ import annotations

import logging

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.actor import Actor
from core.rawjson import RawJSONField, read_json
from core.secrets import SecretUnreadable, decrypt
from projects.models import Project

logger = logging.getLogger("labelspace.webhooks")
HEADERS_PURPOSE = "webhook headers"
SECRET_PURPOSE = "webhook secret"  # noqa: S105 (says what it is for)


class WebhookQuerySet(models.QuerySet["Webhook"]):
    def visible_to(self, actor: Actor) -> WebhookQuerySet:
        """The webhooks of the actor's organization and of its projects (who may see webhooks at all sees every project)."""
        if actor.organization_id is None:
            return self.none()
        return self.filter(organization_id=actor.organization_id).of_present_projects()

    def of_present_projects(self) -> WebhookQuerySet:
        return self.filter(Q(project=None) | Q(project__deleted_at=None))


class Webhook(models.Model):
    """An address that is told what happens: in one project, or in all of an organization when `project` is empty."""

    id = models.BigAutoField(primary_key=True)
    organization = models.ForeignKey("organizations.Organization", on_delete=models.CASCADE, related_name="webhooks")
    project = models.ForeignKey(Project, null=True, on_delete=models.CASCADE, related_name="webhooks")
    url = models.URLField(max_length=2048)
    send_payload = models.BooleanField(default=True)
    send_for_all_actions = models.BooleanField(default=True)
    actions = RawJSONField(default="[]")  # names of webhooks.actions.ACTIONS, for when not all are sent
    headers = models.TextField(default="")  # a JSON object, encrypted
    secret = models.TextField(default="")  # what requests are signed with, encrypted
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    last_event = models.BigIntegerField(default=0)  # the newest event when the webhook was made: it hears of what comes after
    consecutive_failures = models.PositiveIntegerField(default=0)  # of the receiver; a success sets it back
    paused_until = models.DateTimeField(default=timezone.now)  # a receiver in trouble is left alone for a while
    leased_until = models.DateTimeField(default=timezone.now)  # one thread at a time sends for a webhook

    objects = WebhookQuerySet.as_manager()

    def readable_headers(self) -> dict[str, str]:
        """Raises `SecretUnreadable` when they were stored under another SECRET_KEY."""
        found: dict[str, str] = read_json(decrypt(self.headers, HEADERS_PURPOSE)) if self.headers else {}
        return found

    def signing_secret(self) -> str:
        """Raises `SecretUnreadable` when it was stored under another SECRET_KEY."""
        return decrypt(self.secret, SECRET_PURPOSE)

    def shown_headers(self) -> dict[str, str]:
        """As `readable_headers`, but empty when they cannot be read: they have to be given again."""
        try:
            return self.readable_headers()
        except SecretUnreadable as error:
            logger.warning("headers of webhook %s: %s", self.pk, error)
            return {}


class Delivery(models.Model):
    """One event on its way to one webhook. The body is made from the event when it is sent, so that waiting costs no space.

    An event about very many objects takes several requests; `sent` is how far they have come (webhooks/payloads.py).
    """

    class Status(models.TextChoices):
        WAITING = "waiting"
        DELIVERED = "delivered"
        FAILED = "failed"

    id = models.BigAutoField(primary_key=True)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries", db_index=False)
    event_id = models.BigIntegerField()
    action = models.CharField(max_length=32)
    # What the event is about: deliveries about one task, or about a project as a whole (task empty), keep their order.
    project_id = models.BigIntegerField(null=True)
    task_id = models.BigIntegerField(null=True)
    replay_of_id = models.BigIntegerField(null=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    sent = models.BigIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)  # of the present request
    status_code = models.PositiveSmallIntegerField(null=True)
    error = models.TextField(default="")
    duration = models.FloatField(null=True)  # seconds, of the last request
    next_attempt_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["webhook", "-id"], name="delivery_log"),
            models.Index(fields=["webhook", "id"], name="delivery_waiting", condition=Q(status="waiting")),
            models.Index(fields=["finished_at"], name="delivery_old", condition=Q(finished_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.event_id}"
