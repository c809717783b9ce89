from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.actor import Actor
from core.rawjson import RawJSONField
from projects.models import Project
from tasks.models import Annotation, Draft, Task


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible_to(self, actor: Actor) -> CommentQuerySet:
        """Comments of tasks that the actor sees. Who sees only their own annotations sees, of others' work, only what they wrote themselves."""
        found = self.filter(project__in=Project.objects.visible_to(actor).values("pk"), task__in=Task.objects.values("pk"))
        if actor.may("annotations.change_others"):
            return found
        mine = Annotation.objects.filter(completed_by_id=actor.user_id).values("pk")
        drafts = Draft.objects.filter(user_id=actor.user_id).values("pk")
        return found.filter(
            Q(annotation=None, draft=None) | Q(annotation__in=mine) | Q(draft__in=drafts) | Q(created_by_id=actor.user_id),
        )


class Comment(models.Model):
    """A remark about a task, an annotation or draft of it, or a region of one. Replies name the first comment of their thread (`parent`).

    No constraints of the database to tasks, annotations and drafts: a comment waits for what it is about to come back from the recycle bin.
    """

    id = models.BigAutoField(primary_key=True)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="comments", db_index=False)
    task = models.ForeignKey(Task, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    annotation = models.ForeignKey(
        Annotation, null=True, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    draft = models.ForeignKey(Draft, null=True, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    parent = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="replies", db_index=False)
    region_ref = RawJSONField(null=True)  # {"regionId": …, "controlName": …} as the editor has it
    classifications = RawJSONField(null=True)
    text = models.TextField(default="")
    is_resolved = models.BooleanField(default=False)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    task_deleted_at = models.DateTimeField(null=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["project", "id"], name="comment_project"),
            models.Index(fields=["task", "id"], name="comment_task"),
            models.Index(fields=["annotation"], name="comment_annotation", condition=Q(annotation__isnull=False)),
            models.Index(fields=["draft"], name="comment_draft", condition=Q(draft__isnull=False)),
            models.Index(fields=["parent"], name="comment_parent", condition=Q(parent__isnull=False)),
            models.Index(fields=["task_deleted_at"], name="comment_lost", condition=Q(task_deleted_at__isnull=False)),
        ]


class Notification(models.Model):
    """What a person is told about a comment: that it names them, answers them, or is about their annotation."""

    class Reason(models.TextChoices):
        MENTION = "mention"
        REPLY = "reply"
        ANNOTATION = "annotation"

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications", db_index=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+", db_index=False)
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="notifications", db_index=False)
    reason = models.CharField(max_length=10, choices=Reason.choices)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-id"], name="notification_user")]
        constraints = [models.UniqueConstraint(fields=["comment", "user"], name="notification_once")]
