from __future__ import annotations

from django.db import models

from projects.models import Project
from tasks.models import Task


class Pair(models.Model):
    """How far two people's annotations of a task agree: 0 … 1. Kept by what follows the events of annotations.

    `first_user` < `second_user`. No constraint of the database to the task: the rows of a deleted one go a moment later.
    """

    id = models.BigAutoField(primary_key=True)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+", db_index=False)
    task = models.ForeignKey(Task, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    first_user = models.BigIntegerField()
    second_user = models.BigIntegerField()
    first_truth = models.BooleanField(default=False)  # whether the annotation is a ground truth
    second_truth = models.BooleanField(default=False)
    score = models.FloatField()

    class Meta:
        indexes = [
            models.Index(fields=["project", "first_user", "second_user", "score"], name="pair_project"),
            models.Index(fields=["task", "score"], name="pair_task"),
        ]


class LabelPairs(models.Model):
    """Of the pairs of people who answered a task, how many gave it a label: `given` by at least one of the two, `agreed` by both.

    Kept along with the pairs; like them without a constraint of the database to the task.
    """

    id = models.BigAutoField(primary_key=True)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+", db_index=False)
    task = models.ForeignKey(Task, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    label = models.TextField()
    agreed = models.IntegerField()
    given = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["project", "label", "agreed", "given"], name="label_pairs_project")]
