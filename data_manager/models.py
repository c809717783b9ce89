from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.actor import Actor
from core.rawjson import RawJSONField
from projects.models import Project


class ViewQuerySet(models.QuerySet["View"]):
    def visible_to(self, actor: Actor) -> ViewQuerySet:
        """The views of projects that the actor sees: those shared and the actor's own."""
        return self.filter(Q(private=False) | Q(user_id=actor.user_id), project__in=Project.objects.visible_to(actor).values("pk"))


class View(models.Model):
    """A tab of the data page: what it shows, filters by and orders by. Shared with everybody who may browse the tasks unless it is private."""

    id = models.BigAutoField(primary_key=True)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="views", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    # As clients send it: title, filters, ordering, selectedItems, hiddenColumns, columnsWidth and whatever else they keep there.
    data = RawJSONField(default="{}")
    private = models.BooleanField(default=False)
    order = models.IntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ViewQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["project", "order", "id"], name="view_project")]
