from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from core.actor import Actor
from core.rawjson import RawJSONField, read_json
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

    @property
    def title(self) -> str:
        """As the tab says it."""
        title = (read_json(self.data) or {}).get("title")
        return title if isinstance(title, str) and title else _("View {n}").format(n=self.pk)


class Facet(models.Model):
    """A task has an annotation that gives a label (`label:Car`) or is a person's (`by:17`): what filters by label and annotator walk along."""

    id = models.BigAutoField(primary_key=True)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+", db_index=False)
    name = models.TextField()
    task_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "name", "task_id"], name="facet_once")]
        indexes = [models.Index(fields=["task_id"], name="facet_task")]


class IndexedProject(models.Model):
    """A project whose tasks the search index holds: since somebody searched it for the first time. Others cost nothing."""

    project = models.OneToOneField(Project, primary_key=True, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField(auto_now_add=True)


class IndexWork(models.Model):
    """Tasks of a project, from one id to another, that the search index does not hold as they are now.

    `parked` ones never will be (their text is too long): they are looked at one by one in every search.
    """

    id = models.BigAutoField(primary_key=True)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+", db_index=False)
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    parked = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["project"], name="index_work_project")]


class KeptTotals(models.Model):
    """What a query of a large project adds up to, and an id at every so many tasks, so that any page begins near one."""

    id = models.BigAutoField(primary_key=True)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+", db_index=False)
    digest = models.CharField(max_length=64)
    version = models.BigIntegerField()  # the last event that had happened
    seconds = models.FloatField()  # what counting cost
    tasks = models.BigIntegerField()
    annotations = models.BigIntegerField()
    predictions = models.BigIntegerField()
    marks = RawJSONField(default="[]")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "digest"], name="kept_totals_once")]
        indexes = [models.Index(fields=["made_at"], name="kept_totals_age")]
