from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.actor import Actor
from core.rawjson import RawJSONField, read_json
from core.secrets import decrypt
from io_storages import server_bucket
from organizations.models import Organization
from projects.models import Project

SECRETS_PURPOSE = "storage secrets"


class StorageQuerySet(models.QuerySet["Storage"]):
    def visible_to(self, actor: Actor) -> StorageQuerySet:
        return self.filter(project__in=Project.objects.visible_to(actor).values("pk")).select_related("connection")


class ConnectionQuerySet(models.QuerySet["Connection"]):
    def visible_to(self, actor: Actor) -> ConnectionQuerySet:
        return self.filter(organization_id=actor.organization_id)


class Connection(models.Model):
    """A bucket, container or folder that an administrator has connected once, for all projects of the organization. Its keys are shown to nobody."""

    id = models.BigAutoField(primary_key=True)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16)
    title = models.CharField(max_length=256, default="")
    fields = RawJSONField(default="{}")
    secrets = models.TextField(default="")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ConnectionQuerySet.as_manager()

    def values(self) -> dict[str, Any]:
        """The settings with the secrets. Raises `SecretUnreadable`."""
        return _values(self.fields, self.secrets)


class Storage(models.Model):
    """A bucket, container or folder that a project reads tasks from (`source`) or writes annotations to (`target`).

    One table for all kinds: what differs lies in `fields` (io_storages/kinds.py says which there are) and, encrypted, in `secrets`.
    """

    class Direction(models.TextChoices):
        SOURCE = "source"
        TARGET = "target"

    class Status(models.TextChoices):
        INITIALIZED = "initialized"
        QUEUED = "queued"
        IN_PROGRESS = "in_progress"
        FAILED = "failed"
        COMPLETED = "completed"
        COMPLETED_WITH_ERRORS = "completed_with_errors"

    id = models.BigAutoField(primary_key=True)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="storages")
    direction = models.CharField(max_length=6, choices=Direction.choices)
    kind = models.CharField(max_length=16)
    # Where it is and its keys, when those are not its own: a connection of the organization, or the bucket that the environment names.
    connection = models.ForeignKey(Connection, null=True, on_delete=models.RESTRICT, related_name="storages")
    of_server = models.BooleanField(default=False)
    title = models.CharField(max_length=256, default="")
    description = models.TextField(default="")
    fields = RawJSONField(default="{}")
    secrets = models.TextField(default="")
    synchronizable = models.BooleanField(default=True)
    status = models.CharField(max_length=24, choices=Status.choices, default=Status.INITIALIZED)
    traceback = models.TextField(default="")
    meta = RawJSONField(default="{}")
    last_sync = models.DateTimeField(null=True)
    last_sync_count = models.BigIntegerField(null=True)
    last_sync_job = models.BigIntegerField(null=True)
    # Grows with every whole listing: what a listing did not see is gone.
    generation = models.PositiveIntegerField(default=0)
    # Of the address that clouds tell of changes (`io_storages/notifications.py`); "" when there is none.
    notified_digest = models.CharField(max_length=64, default="")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    # Of a target that does not answer.
    failures = models.PositiveIntegerField(default=0)
    paused_until = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)

    objects = StorageQuerySet.as_manager()

    @property
    def connected(self) -> bool:
        """Whether place and keys are not its own."""
        return self.of_server or self.connection_id is not None

    def own_values(self) -> dict[str, Any]:
        """What was said of this storage alone."""
        return _values(self.fields, self.secrets)

    def values(self) -> dict[str, Any]:
        """The settings with the secrets. Raises `SecretUnreadable` when they were stored under another SECRET_KEY."""
        own = self.own_values()
        if not self.connected:
            return own
        place = self.connection.values() if self.connection else server_bucket.values()
        folders = (str(folder or "").strip("/") for folder in (place.get("prefix"), own.get("prefix")))
        return {**own, **place, "prefix": "/".join(filter(None, folders))}


def _values(fields: str, secrets: str) -> dict[str, Any]:
    hidden = read_json(decrypt(secrets, SECRETS_PURPOSE)) if secrets else {}
    return {**read_json(fields), **hidden}


class StorageLink(models.Model):
    """Which object of a source became which task. `row` is the place in an object that holds several tasks, -1 for the object as a whole.

    A link outlives its task (which may come back from the recycle bin); an object whose task is gone is read anew.
    """

    id = models.BigAutoField(primary_key=True)
    storage = models.ForeignKey(Storage, on_delete=models.CASCADE, related_name="links", db_index=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+", db_index=False)
    task = models.ForeignKey("tasks.Task", on_delete=models.DO_NOTHING, db_constraint=False, related_name="storage_links")
    key = models.TextField()
    row = models.IntegerField(default=-1)
    etag = models.CharField(max_length=128, default="")
    size = models.BigIntegerField(default=0)
    generation = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["storage", "key", "row"], name="storage_link_once")]


class ObjectChange(models.Model):
    """A change of a source's object that its cloud has told of, and that the next synchronization looks at."""

    id = models.BigAutoField(primary_key=True)
    storage = models.ForeignKey(Storage, on_delete=models.CASCADE, related_name="changes")
    key = models.TextField()


class TargetWrite(models.Model):
    """What a target storage still has to be told: the newest state of an annotation (or task), or that it is gone.

    One row per object however often it changes: the sender writes what is true when it sends. `number` rises with each change, so that a
    change during the sending is not taken for sent.
    """

    id = models.BigAutoField(primary_key=True)
    storage = models.ForeignKey(Storage, on_delete=models.CASCADE, related_name="writes", db_index=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+", db_index=False)
    object_id = models.BigIntegerField()
    number = models.PositiveIntegerField(default=1)
    waiting = models.BooleanField(default=True)
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    key = models.TextField(default="")  # where it lies in the bucket; "" before the first write
    error = models.TextField(default="")
    written_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["storage", "object_id"], name="target_write_once")]
        indexes = [models.Index(fields=["storage", "next_attempt_at"], name="target_write_due", condition=Q(waiting=True))]
