from __future__ import annotations

from django.conf import settings
from django.db import models

from core.rawjson import RawJSONField


class Event(models.Model):
    """Something an operation did, written in its own transaction: the audit log, and the outbox that consumers read in order.

    `ids` holds the objects' ids (a JSON list, or `[first, last]` with `meta.range` for imports); `meta` what a reader needs besides.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=48)
    organization_id = models.BigIntegerField(null=True)
    project_id = models.BigIntegerField(null=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
    )
    ids = RawJSONField(default="[]")
    meta = RawJSONField(default="{}")
    created_at = models.DateTimeField()

    class Meta:
        app_label = "core"
        indexes = [models.Index(fields=["organization_id", "-id"], name="event_organization")]


class EventCursor(models.Model):
    """How far a consumer of events has come: everything up to `position` is done. After a failure it rests until `retry_at`."""

    name = models.CharField(max_length=64, primary_key=True)
    position = models.BigIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)  # in a row
    error = models.TextField(default="")
    retry_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "core"
