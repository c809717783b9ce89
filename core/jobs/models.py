from __future__ import annotations

from django.conf import settings
from django.db import models

from core.rawjson import RawJSONField


class Job(models.Model):
    """A long piece of work that survives the death of its worker.

    The task engine carries only this row's id. A worker claims the row by raising `attempt`; every write of progress names that attempt, so
    that a worker thought dead changes nothing when it returns.
    """

    class Status(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=48)
    organization_id = models.BigIntegerField(null=True)
    project_id = models.BigIntegerField(null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
    )
    title = models.CharField(max_length=200)
    parameters = RawJSONField(default="{}")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    attempt = models.PositiveIntegerField(default=0)
    worker = models.CharField(max_length=200, default="")  # host:pid of the process that runs it
    cursor = RawJSONField(default="null")  # where to go on; its shape belongs to the kind
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    result = RawJSONField(default="{}")
    error = models.TextField(default="")
    log = models.TextField(default="")  # its last lines, each with its time: `JobRun.log`
    heartbeat_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "core"
        indexes = [
            models.Index(fields=["organization_id", "-id"], name="job_organization"),
            models.Index(
                fields=["status", "heartbeat_at"],
                name="job_open",
                condition=models.Q(status__in=["waiting", "running"]),
            ),
        ]
