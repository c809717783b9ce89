from __future__ import annotations

import random
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.actor import Actor
from core.rawjson import RawJSONField
from projects.models import Project
from tasks.recycled import RecycleChange, RecycleEntry, hangs_on_tasks, mirror_of

__all__ = [
    "Annotation", "AnnotationVersion", "Assignment", "Draft", "Lease", "Prediction", "RecycleChange", "RecycleEntry", "Task",
]  # fmt: skip


def sampling_key() -> float:
    return random.random()


class InProjectQuerySet(models.QuerySet):
    """Rows that belong to a project: visible to whoever may see the project."""

    def visible_to(self, actor: Actor) -> InProjectQuerySet:
        return self.filter(project__in=Project.objects.visible_to(actor).values("pk"))


class Task(models.Model):
    id = models.BigAutoField(primary_key=True)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="tasks", db_index=False)
    data = RawJSONField()
    meta = RawJSONField(default="{}")
    inner_id = models.BigIntegerField(default=0)
    overlap = models.PositiveIntegerField(default=1)
    is_labeled = models.BooleanField(default=False)
    allow_skip = models.BooleanField(default=True)
    total_annotations = models.PositiveIntegerField(default=0)
    cancelled_annotations = models.PositiveIntegerField(default=0)
    total_predictions = models.PositiveIntegerField(default=0)
    # Kept by the operations of `comments`; defaults of the database, so that bulk inserts need not name them.
    comment_count = models.PositiveIntegerField(db_default=0)
    unresolved_comment_count = models.PositiveIntegerField(db_default=0)
    last_comment_updated_at = models.DateTimeField(null=True)
    comment_authors = RawJSONField(db_default="[]")  # their ids
    # Uniform sampling walks an index over this instead of ORDER BY random().
    sampling_key = models.FloatField(default=sampling_key)
    # Lowest prediction score of the project's model version; uncertainty sampling hands out the lowest first.
    uncertainty = models.FloatField(null=True)
    # Whether there is an `Assignment`: then the queue keeps it from everybody else.
    is_assigned = models.BooleanField(default=False)
    file_upload = models.ForeignKey("data_import.FileUpload", null=True, on_delete=models.SET_NULL, related_name="tasks", db_index=False)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = InProjectQuerySet.as_manager()

    class Meta:
        # Every index slows imports. task_project: pages and counts. The next three: what people sort large projects by. task_open and task_open_sampled: the queue in order and at random, however
        # much is done already or given to particular people. The other three hold no row of a plain project: tasks that others began, that
        # several people answer, that a model has scored.
        indexes = [
            models.Index(fields=["project", "id"], name="task_project"),
            models.Index(fields=["project", "inner_id", "id"], name="task_inner"),
            models.Index(fields=["project", "updated_at", "id"], name="task_updated"),
            models.Index(fields=["project", "total_annotations", "id"], name="task_answered"),
            # Deleting an upload asks which tasks came from it.
            models.Index(fields=["file_upload"], name="task_file_upload", condition=Q(file_upload__isnull=False)),
            models.Index(fields=["project", "id"], name="task_open", condition=Q(is_labeled=False, is_assigned=False)),
            models.Index(fields=["project", "sampling_key"], name="task_open_sampled", condition=Q(is_labeled=False, is_assigned=False)),
            models.Index(
                fields=["project", "-total_annotations", "id"],
                name="task_begun",
                condition=Q(is_labeled=False, is_assigned=False, total_annotations__gt=0),
            ),
            models.Index(fields=["project", "id"], name="task_shared", condition=Q(is_labeled=False, is_assigned=False, overlap__gt=1)),
            models.Index(
                fields=["project", "uncertainty"],
                name="task_uncertain",
                condition=Q(is_labeled=False, is_assigned=False, uncertainty__isnull=False),
            ),
        ]


class Annotation(models.Model):
    """One person's answer to a task. Every update keeps the former state in `AnnotationVersion`."""

    id = models.BigAutoField(primary_key=True)
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="annotations", db_index=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="annotations", db_index=False)
    completed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="annotations", db_index=False
    )
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    result = RawJSONField(null=True)
    result_count = models.PositiveIntegerField(default=0)
    was_cancelled = models.BooleanField(default=False)
    ground_truth = models.BooleanField(default=False)
    lead_time = models.FloatField(null=True)
    unique_id = models.UUIDField(default=uuid.uuid4, unique=True)
    idempotency_key = models.CharField(max_length=100, null=True)
    import_id = models.BigIntegerField(null=True)
    last_action = models.CharField(max_length=32, null=True)
    bulk_created = models.BooleanField(default=False)
    # Snapshot of the prediction that was shown, as Label Studio keeps it; `{}` when there was none.
    prediction = RawJSONField(default="{}")
    parent_prediction = models.ForeignKey("tasks.Prediction", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    parent_annotation = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    draft_created_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = InProjectQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["task", "completed_by"], name="annotation_task"),
            models.Index(fields=["project", "completed_by", "id"], name="annotation_project"),
            # Tasks with a known answer come first while annotators are being evaluated.
            models.Index(fields=["project", "task"], name="annotation_truth", condition=Q(ground_truth=True)),
            # Without these, deleting a prediction or an annotation would read the whole table for what refers to it.
            models.Index(fields=["parent_prediction"], name="annotation_prediction", condition=Q(parent_prediction__isnull=False)),
            models.Index(fields=["parent_annotation"], name="annotation_parent", condition=Q(parent_annotation__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["completed_by", "idempotency_key"], name="annotation_once", condition=Q(idempotency_key__isnull=False)
            ),
        ]


class AnnotationVersion(models.Model):
    """A former state of an annotation, also of a deleted one (then `annotation_id` points to nothing)."""

    id = models.BigAutoField(primary_key=True)
    annotation_id = models.BigIntegerField()
    version = models.PositiveIntegerField()
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+", db_index=False)
    task_id = models.BigIntegerField()
    result = RawJSONField(null=True)
    was_cancelled = models.BooleanField(default=False)
    ground_truth = models.BooleanField(default=False)
    lead_time = models.FloatField(null=True)
    completed_by_id = models.BigIntegerField(null=True)
    written_by_id = models.BigIntegerField(null=True)  # who made this state
    replaced_by_id = models.BigIntegerField(null=True)  # who changed it
    reason = models.CharField(max_length=16, default="updated")  # what ended this state: updated, deleted, restored
    provenance = RawJSONField(default="{}")  # the columns that no update changes, so that a deleted annotation comes back whole
    written_at = models.DateTimeField()
    replaced_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["annotation_id", "version"], name="annotation_version_once")]
        indexes = [models.Index(fields=["project", "task_id"], name="annotation_version_task")]


class Draft(models.Model):
    """Work under way: of a new annotation (`annotation` null) or of a change to one. One per user and annotation."""

    id = models.BigAutoField(primary_key=True)
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="drafts", db_index=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="drafts", db_index=False)
    annotation = models.ForeignKey(Annotation, null=True, on_delete=models.CASCADE, related_name="drafts", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts", db_index=False)
    result = RawJSONField(default="[]")
    lead_time = models.FloatField(null=True)
    was_postponed = models.BooleanField(default=False)
    import_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = InProjectQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["task", "user"], name="draft_task"),
            models.Index(fields=["project", "user"], name="draft_project"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["task", "user"], name="draft_new_once", condition=Q(annotation__isnull=True)),
            models.UniqueConstraint(fields=["annotation", "user"], name="draft_change_once", condition=Q(annotation__isnull=False)),
        ]


class Prediction(models.Model):
    id = models.BigAutoField(primary_key=True)
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="predictions", db_index=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="predictions", db_index=False)
    result = RawJSONField()
    score = models.FloatField(null=True)
    model_version = models.TextField(blank=True, default="", null=True)
    cluster = models.IntegerField(null=True)
    neighbors = RawJSONField(null=True)
    mislabeling = models.FloatField(default=0.0)
    model_id = models.BigIntegerField(null=True)  # the connected model (`ml.MLBackend`) that made it, also when that is gone
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = InProjectQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["task"], name="prediction_task"),
            models.Index(fields=["project", "model_version"], name="prediction_version"),
        ]


class Lease(models.Model):
    """A task handed to a person. It holds one slot of the task's overlap while it is live: not answered and not expired.

    Once answered, `annotation_id` is set and the row stays: it is the person's label-stream history.
    """

    id = models.BigAutoField(primary_key=True)
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="leases", db_index=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="leases", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="leases", db_index=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    annotation_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "user"], name="lease_once")]
        indexes = [
            models.Index(fields=["project", "user", "-created_at"], name="lease_history"),
            models.Index(fields=["project", "user"], name="lease_open", condition=Q(annotation_id__isnull=True)),
        ]


class Assignment(models.Model):
    """A task given to a person: the queue offers it to those it was given to, before anything else, and to nobody besides."""

    id = models.BigAutoField(primary_key=True)
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="assignments", db_index=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="assignments", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="assignments")
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    created_at = models.DateTimeField()

    objects = InProjectQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "user"], name="assignment_once")]
        indexes = [models.Index(fields=["project", "user", "task"], name="assignment_queue")]


for _model in (Task, Prediction, Annotation, AnnotationVersion, Draft, Lease, Assignment):
    hangs_on_tasks(_model, mirror_of(_model))
