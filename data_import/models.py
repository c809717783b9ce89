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


class Content(models.Model):
    """The bytes of uploads, once for each organization however often they were sent. `path` is where they are in the store of media (core/media).

    A row is only deleted while no upload points to it, and a path is never used again: so nobody can come upon bytes that are being deleted.
    """

    id = models.BigAutoField(primary_key=True)
    organization = models.ForeignKey("organizations.Organization", on_delete=models.CASCADE, related_name="+", db_index=False)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    path = models.CharField(max_length=120, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "sha256"], name="content_once")]


class DiscardedContent(models.Model):
    """A path to be deleted from the store: of bytes that nothing points to, and of bytes on their way in, in case their writer is killed."""

    id = models.BigAutoField(primary_key=True)
    path = models.CharField(max_length=120, unique=True)
    due_at = models.DateTimeField(db_index=True)


class MediaUse(models.Model):
    """How many bytes an organization's contents have in all."""

    organization = models.OneToOneField("organizations.Organization", primary_key=True, on_delete=models.CASCADE, related_name="+")
    bytes = models.BigIntegerField(default=0)


class FileUpload(models.Model):
    """An uploaded file: its address, the name (with its folder) that it came with, and its content."""

    id = models.BigAutoField(primary_key=True)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="file_uploads", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    # `upload/<project>/<8 hex>-<name>`: what clients see.
    file = models.CharField(max_length=400, unique=True)
    name = models.TextField()
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.ForeignKey(Content, on_delete=models.PROTECT, related_name="uploads")
    # The uploaded archive that this file was unpacked from.
    archive_id = models.BigIntegerField(null=True)
    imported = models.BooleanField(default=False)  # false: sent, and nothing has come of it yet
    created_at = models.DateTimeField(auto_now_add=True)

    objects = InProjectQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["project", "id"], name="file_upload_project"),
            models.Index(fields=["archive_id", "id"], name="file_upload_archive", condition=models.Q(archive_id__isnull=False)),
        ]


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
    refused = models.BigIntegerField(default=0)  # rows that were not taken; the first of them are `RefusedRow`s
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    finished_at = models.DateTimeField(null=True)

    objects = InProjectQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["project", "-id"], name="project_import_project")]


class RefusedRow(models.Model):
    """A row that an import did not take, for its report: which one, where it stood, and why."""

    id = models.BigAutoField(primary_key=True)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+", db_index=False)
    import_id = models.BigIntegerField()
    number = models.BigIntegerField()  # from 1, over all files of the import
    file = models.TextField(default="")
    line = models.BigIntegerField(null=True)
    reason = models.TextField()

    objects = InProjectQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["import_id", "number"], name="refused_row_import"),
            models.Index(fields=["project"], name="refused_row_project"),
        ]


class PartialUpload(models.Model):
    """A file that arrives in pieces (tus). The first `offset` bytes of `incoming/<key>.part` are safely on disk; `upload_id` once all are."""

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=32, unique=True)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    name = models.TextField()
    metadata = models.TextField(default="")  # `Upload-Metadata` as the client sent it
    size = models.BigIntegerField()
    offset = models.BigIntegerField(default=0)
    upload_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(db_index=True)

    objects = InProjectQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["project"], name="partial_upload_project")]


class AdoptedDirectory(models.Model):
    """The directory of a Label Studio 0.x project that was made a project of ours: done once, also when the project is gone."""

    id = models.BigAutoField(primary_key=True)
    directory = models.TextField(unique=True)
    project_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)


class CopiedRow(models.Model):
    """Something of another server that is here now (`another_server`): its kind, what it is called there, and its number here."""

    id = models.BigAutoField(primary_key=True)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=12)  # project, task, annotation, prediction, view, file
    source = models.TextField()
    target = models.BigIntegerField()  # 0 where nobody asks for it

    objects = InProjectQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "kind", "source"], name="copied_row_once")]
        indexes = [models.Index(fields=["source"], name="copied_project", condition=models.Q(kind="project"))]
