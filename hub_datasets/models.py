from __future__ import annotations

from django.conf import settings
from django.db import models

from core.actor import Actor
from core.rawjson import RawJSONField
from core.secrets import decrypt, encrypt
from projects.models import Project

PURPOSE = "hub token"


class OfProjectQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> OfProjectQuerySet:
        return self.filter(project__in=Project.objects.visible_to(actor).values("pk"))


class WithToken(models.Model):
    """`token` is the person's own, encrypted; without one the Hub is asked with the server's when `server_token`, else as anybody."""

    token = models.TextField(default="")
    server_token = models.BooleanField(default=False)

    class Meta:
        abstract = True

    def set_token(self, token: str) -> None:
        self.token = encrypt(token, PURPOSE) if token else ""

    def plain_token(self) -> str:
        """Raises SecretUnreadable."""
        if self.token:
            return decrypt(self.token, PURPOSE)
        return settings.ENVIRONMENT.hf_token if self.server_token else ""


class HubSource(WithToken):
    """A dataset whose rows became tasks of a project: these files at this commit, so that a row's medium stays what it was.

    `files` are the paths of its Parquet files; `uses` says what becomes of each column.
    """

    id = models.BigAutoField(primary_key=True)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="hub_sources")
    repo = models.CharField(max_length=200)
    revision = models.CharField(max_length=64)
    files = RawJSONField(default="[]")
    uses = RawJSONField(default="{}")
    job_id = models.BigIntegerField(null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OfProjectQuerySet.as_manager()


class HubTarget(WithToken):
    """The dataset that a project's annotations are pushed to: by hand, every `hours`, or every so many `annotations`; 0 is never.

    `counted`: the annotations that the project had when it was last pushed. `commit` and `tag` are that push's.
    """

    id = models.BigAutoField(primary_key=True)
    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="hub_target")
    repo = models.CharField(max_length=200)
    private = models.BooleanField(default=True)
    hours = models.PositiveIntegerField(default=0)
    annotations = models.PositiveIntegerField(default=0)
    counted = models.BigIntegerField(default=0)
    pushed_at = models.DateTimeField(null=True)
    commit = models.CharField(max_length=64, default="")
    tag = models.CharField(max_length=64, default="")
    error = models.TextField(default="")
    job_id = models.BigIntegerField(null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)

    objects = OfProjectQuerySet.as_manager()


class HubPush(models.Model):
    """A push that arrived, or (`error`) did not."""

    id = models.BigAutoField(primary_key=True)
    target = models.ForeignKey(HubTarget, on_delete=models.CASCADE, related_name="pushes")
    repo = models.CharField(max_length=200)
    commit = models.CharField(max_length=64, default="")
    tag = models.CharField(max_length=64, default="")
    rows = models.BigIntegerField(default=0)
    error = models.TextField(default="")
    created_at = models.DateTimeField(auto_now_add=True)

    @property
    def page(self) -> str:
        """Where its files are looked at."""
        return f"{hub_address()}/datasets/{self.repo}/tree/{self.tag}"


def hub_address() -> str:
    return (settings.ENVIRONMENT.hf_endpoint or "https://huggingface.co").rstrip("/")
