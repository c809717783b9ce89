from __future__ import annotations

from django.conf import settings
from django.db import models

from core.actor import Actor
from core.rawjson import RawJSONField
from projects.models import Project


class LabelQuerySet(models.QuerySet["Label"]):
    def visible_to(self, actor: Actor) -> LabelQuerySet:
        if actor.organization_id is None:
            return self.none()
        return self.filter(organization_id=actor.organization_id)


class Label(models.Model):
    """A label that people added to a taxonomy while they worked. `value` is its path: `["Animal", "Cat"]`."""

    id = models.BigAutoField(primary_key=True)
    organization = models.ForeignKey("organizations.Organization", on_delete=models.CASCADE, related_name="labels", db_index=False)
    title = models.CharField(max_length=2048)
    # A unique index of PostgreSQL takes short keys only.
    title_digest = models.CharField(max_length=64)
    value = RawJSONField()
    description = models.TextField(null=True)
    approved = models.BooleanField(default=False)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = LabelQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "title_digest"], name="label_once")]


class LabelLinkQuerySet(models.QuerySet["LabelLink"]):
    def visible_to(self, actor: Actor) -> LabelLinkQuerySet:
        return self.filter(project__in=Project.objects.visible_to(actor).values("pk"))


class LabelLink(models.Model):
    """That a label is offered by a control (`from_name`) of a project."""

    id = models.BigAutoField(primary_key=True)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="label_links", db_index=False)
    label = models.ForeignKey(Label, on_delete=models.CASCADE, related_name="links")
    from_name = models.CharField(max_length=2048)

    objects = LabelLinkQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "label"], name="label_link_once")]
