from __future__ import annotations

from django.conf import settings
from django.db import models

from core.actor import Actor
from core.rawjson import RawJSONField
from projects.models import Project


class ExportQuerySet(models.QuerySet["Export"]):
    def visible_to(self, actor: Actor) -> ExportQuerySet:
        """The snapshots of the projects that the actor may see."""
        return self.filter(project__in=Project.objects.visible_to(actor).values("pk"))


class Export(models.Model):
    """A snapshot: a project's tasks as they were, in a file of JSON that stays until it is deleted or `expires_at` comes.

    Whether it is under way, failed or done is told by its job and by `file` (`queries.status_of`): nothing else to keep true.
    """

    id = models.BigAutoField(primary_key=True)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="exports", db_index=False)
    title = models.CharField(max_length=2048, blank=True, default="")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    options = RawJSONField(default="{}")  # as clients send them: task_filter_options, annotation_filter_options, serialization_options
    job_id = models.BigIntegerField(null=True)
    file = models.CharField(max_length=400, default="")  # its name in the storage, "" until it is whole
    size = models.BigIntegerField(default=0)
    md5 = models.CharField(max_length=32, blank=True, default="")
    task_number = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["project", "-id"], name="export_project"),
            models.Index(fields=["expires_at"], name="export_expires", condition=models.Q(expires_at__isnull=False)),
        ]


class ConvertedFormat(models.Model):
    """A snapshot in another format."""

    id = models.BigAutoField(primary_key=True)
    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="converted_formats", db_index=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+", db_index=False)
    export_type = models.CharField(max_length=64)
    job_id = models.BigIntegerField(null=True)
    file = models.CharField(max_length=400, default="")
    size = models.BigIntegerField(default=0)
    md5 = models.CharField(max_length=32, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["export", "export_type"], name="converted_format_once")]
        indexes = [models.Index(fields=["project"], name="converted_format_project")]
