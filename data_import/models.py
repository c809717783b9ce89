from __future__ import annotations

from django.conf import settings
from django.db import models

from core.actor import Actor
from core.rawjson import RawJSONField
from projects.models import Project


class InProjectQuerySet(models.QuerySet):
    """Rows that belong to a project: visible to whoever may see the project."""

    def visible_to(self, actor: Actor) -> InProjectQuerySet:
        return self.filter(project__in=Project.objects.visible_to(actor).values("pk"))


class FileUpload(models.Model):
    """An uploaded file: stored under a random name, with its content's hash and the name it came with."""

    id = models.BigAutoField(primary_key=True)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="file_uploads", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    # `upload/<project>/<8 hex>-<name>`: what clients see, and the path below the media folder.
    file = models.CharField(max_length=400, unique=True)
    name = models.TextField()
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = InProjectQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["project", "id"], name="file_upload_project")]


class ProjectImport(models.Model):
    """One import into a project, as clients poll it. `job_id` is set when it runs in the background."""

    id = models.BigAutoField(primary_key=True)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="imports", db_index=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    job_id = models.BigIntegerField(null=True)
    status = models.CharField(max_length=16, default="created")  # created, in_progress, failed, completed
    parameters = RawJSONField(default="{}")
    answer = RawJSONField(default="{}")  # counts, found formats, columns, task ids when asked for
    error = models.TextField(default="")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    finished_at = models.DateTimeField(null=True)

    objects = InProjectQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["project", "-id"], name="project_import_project")]
