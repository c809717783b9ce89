from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.actor import Actor
from core.permissions import MANAGERS
from core.rawjson import RawJSONField


class ProjectQuerySet(models.QuerySet["Project"]):
    def visible_to(self, actor: Actor) -> ProjectQuerySet:
        """The projects of the actor's organization that are open to all of it, or that the actor is a member of; managers see all."""
        if actor.organization_id is None:
            return self.none()
        mine = self.filter(organization_id=actor.organization_id, deleted_at=None)
        if actor.project_id is not None:
            return mine.filter(pk=actor.project_id)
        if actor.role in MANAGERS:
            return mine
        return mine.filter(Q(members_only=False) | Q(members__user_id=actor.user_id))


class Project(models.Model):
    """A labeling set-up with its tasks. The counters are kept by the operations of `tasks`, in the transaction of each change."""

    class Sampling(models.TextChoices):
        SEQUENTIAL = "Sequential sampling"
        UNIFORM = "Uniform sampling"
        UNCERTAINTY = "Uncertainty sampling"

    class SkipQueue(models.TextChoices):
        REQUEUE_FOR_ME = "REQUEUE_FOR_ME"
        REQUEUE_FOR_OTHERS = "REQUEUE_FOR_OTHERS"
        IGNORE_SKIPPED = "IGNORE_SKIPPED"

    id = models.BigAutoField(primary_key=True)
    organization = models.ForeignKey(
        "organizations.Organization",
        on_delete=models.CASCADE,
        related_name="projects",
        db_index=False,
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    deleted_at = models.DateTimeField(null=True)
    pinned_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)

    title = models.CharField(max_length=50, blank=True, default="")
    description = models.TextField(blank=True, default="")
    color = models.CharField(max_length=16, blank=True, default="#FFFFFF")
    members_only = models.BooleanField(default=False)
    is_draft = models.BooleanField(default=False)
    is_published = models.BooleanField(default=False)

    label_config = models.TextField(blank=True, default="<View></View>")
    config_version = models.PositiveIntegerField(default=1)
    parsed_label_config = RawJSONField(default="{}")
    control_weights = RawJSONField(default="{}")
    expert_instruction = models.TextField(blank=True, default="")
    show_instruction = models.BooleanField(default=False)
    show_skip_button = models.BooleanField(default=True)
    enable_empty_annotation = models.BooleanField(default=True)
    show_annotation_history = models.BooleanField(default=False)
    reveal_preannotations_interactively = models.BooleanField(default=False)

    maximum_annotations = models.PositiveIntegerField(default=1)
    overlap_cohort_percentage = models.PositiveSmallIntegerField(default=100)
    show_overlap_first = models.BooleanField(default=False)
    sampling = models.CharField(max_length=24, choices=Sampling.choices, default=Sampling.SEQUENTIAL)
    skip_queue = models.CharField(max_length=20, choices=SkipQueue.choices, default=SkipQueue.REQUEUE_FOR_OTHERS)
    show_ground_truth_first = models.BooleanField(default=False)
    annotator_evaluation_enabled = models.BooleanField(default=False)

    # The version of stored predictions that is shown; for a connected model (`live_model` is its title) the one it answers with now.
    model_version = models.TextField(blank=True, default="", null=True)
    live_model = models.TextField(blank=True, default="")
    show_collab_predictions = models.BooleanField(default=True)
    evaluate_predictions_automatically = models.BooleanField(default=False)
    min_annotations_to_start_training = models.PositiveIntegerField(default=0)

    # Counters (§2.8 of the API): exact after every operation, checked against a recount by a property test.
    task_number = models.BigIntegerField(default=0)
    finished_task_number = models.BigIntegerField(default=0)
    total_annotations_number = models.BigIntegerField(default=0)
    useful_annotation_number = models.BigIntegerField(default=0)
    num_tasks_with_annotations = models.BigIntegerField(default=0)
    ground_truth_number = models.BigIntegerField(default=0)
    skipped_annotations_number = models.BigIntegerField(default=0)
    total_predictions_number = models.BigIntegerField(default=0)
    last_inner_id = models.BigIntegerField(default=0)
    # Tasks that have each data key: {"text": 1000}; kept by task operations, read by the summary and the data page's columns.
    data_columns = RawJSONField(default="{}")

    objects = ProjectQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["organization", "-created_at"], name="project_organization")]

    def __str__(self) -> str:
        return self.title

    @property
    def chosen_version(self) -> str | None:
        """What people chose to be shown, as Label Studio's `model_version`: a connected model's title, or a version of stored predictions."""
        return self.live_model or self.model_version


class ProjectMember(models.Model):
    """Who may see a project that is for its members only."""

    id = models.BigAutoField(primary_key=True)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="members", db_index=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="project_members",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "user"], name="project_member_once")]


class ShareLink(models.Model):
    """The link by which a guest lets others into one project: encrypted because it is shown again, and its digest to find it by."""

    id = models.BigAutoField(primary_key=True)
    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="share_link")
    token = models.TextField()
    token_digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)


class LabelConfigVersion(models.Model):
    """A former labeling set-up of a project; it can be looked at and taken back."""

    id = models.BigAutoField(primary_key=True)
    project = models.ForeignKey(
        Project,
        on_delete=models.CASCADE,
        related_name="config_versions",
        db_index=False,
    )
    version = models.PositiveIntegerField()
    label_config = models.TextField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "version"], name="config_version_once")]


class ResultCount(models.Model):
    """How often results occur in a project, kept per change: rows with `label` "" count (from_name, to_name, type); the others count labels.

    From it come `created_annotations`, `created_labels` and `created_labels_drafts` of the summary, and the check of a new labeling set-up.
    """

    id = models.BigAutoField(primary_key=True)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="result_counts", db_index=False)
    from_name = models.CharField(max_length=512)
    to_name = models.CharField(max_length=512)
    type = models.CharField(max_length=64)
    label = models.TextField(default="")
    annotations = models.BigIntegerField(default=0)
    drafts = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "from_name", "to_name", "type", "label"],
                name="result_count_once",
            )
        ]
