from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from organizations.models import Organization
from projects.models import Project


class RunQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> RunQuerySet:
        """Runs of visible projects; those without a project (of a `tasks.csv`) are their organization's."""
        of_project = Q(project__in=Project.objects.visible_to(actor).values("pk"))
        return self.filter(of_project | Q(project__isnull=True, organization=actor.organization_id))

    def open(self) -> RunQuerySet:
        return self.filter(state__in=TrainingRun.OPEN)


class TrainingRun(models.Model):
    """A model is trained on a snapshot of a project's annotations, once, somewhere.

    `version` counts its changes: whoever changes a run names the version it has seen, here and in the queue on the Hub (`queue`, "" for runs on
    this machine), so that two never both go on with it. `holds_hardware`: this Space's hardware was asked for and is not yet given back.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        STARTING = "starting", _("Starting")
        RUNNING = "running", _("Running")
        SUCCEEDED = "succeeded", _("Succeeded")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    class Executor(models.TextChoices):
        LOCAL = "local", _("On this machine")
        JOBS = "jobs", _("Hugging Face Jobs")
        SPACE = "space", _("On this Space, with other hardware for as long as it takes")

    OPEN = (State.QUEUED, State.STARTING, State.RUNNING)
    # What the queue on the Hub keeps of a run.
    TOLD = (
        "state", "version", "executor", "script", "image", "hardware", "minutes", "attempts", "base_model", "dataset", "revision", "hub_job",
        "reason", "model_version", "holds_hardware",
    )  # fmt: skip

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=40, unique=True)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    project = models.ForeignKey(Project, null=True, on_delete=models.CASCADE, related_name="training_runs")
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    version = models.PositiveIntegerField(default=0)
    queue = models.CharField(max_length=200, default="")
    executor = models.CharField(max_length=10, choices=Executor.choices)
    script = models.TextField()
    image = models.CharField(max_length=200, default="")
    hardware = models.CharField(max_length=40, default="")
    minutes = models.PositiveIntegerField()
    attempts = models.PositiveIntegerField(default=0)
    base_model = models.CharField(max_length=200, default="")
    dataset = models.CharField(max_length=500, default="")
    revision = models.CharField(max_length=64, default="")
    hub_job = models.CharField(max_length=64, default="")
    reason = models.TextField(default="")
    log = models.TextField(default="")
    model_version = models.CharField(max_length=128, default="")
    holds_hardware = models.BooleanField(default=False)
    cost = models.FloatField(default=0)  # at most, in dollars; as it was shown
    deadline = models.DateTimeField(null=True)
    job_id = models.BigIntegerField(null=True)  # of the snapshot, then of the results
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["id"], name="training_open", condition=Q(state__in=["queued", "starting", "running"]) | Q(holds_hardware=True)
            )
        ]

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    def told(self) -> dict[str, Any]:
        """The run as its file in the queue says it."""
        found: dict[str, Any] = {name: getattr(self, name) for name in self.TOLD}
        return {**found, "key": self.key, "project": self.project_id, "deadline": _iso(self.deadline)}


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
