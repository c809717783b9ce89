"""Many people at the same project at the same time: nobody waits for ever, nothing fails, the counters are right."""

from __future__ import annotations

import random

import pytest
from django.db import connection

from core.permissions import Role
from core.rawjson import json_text
from projects.models import Project
from tasks.models import Annotation, Draft, Task
from tasks.operations.bulk import NewAnnotation, NewPrediction, NewTask, add_tasks
from tests.conftest import FULL
from tests.people import Person, somebody
from tests.tasks.counting import assert_counters_right
from tests.tasks.test_queue import in_threads
from tests.tasks.work import mood, project_of, span

STEPS = 300 if FULL else 25
LABELS = [mood(), mood("Bad"), [*mood(), span()], [span("Place"), *mood("Bad")], []]


class Labelling:
    def __init__(self, person: Person, project: Project, seed: int) -> None:
        self.person, self.project, self.chance = person, project, random.Random(seed)

    def label(self) -> None:
        for _ in range(STEPS):
            given = self.person.get(f"/api/projects/{self.project.pk}/next")
            assert given.status_code in (200, 404), given.content
            if given.status_code == 200:
                answer = self.person.post(f"/api/tasks/{given.json()['id']}/annotations/?next=1", {"result": self.chance.choice(LABELS)})
                assert answer.status_code in (201, 404), answer.content  # 404: the task was deleted meanwhile

    def change(self) -> None:
        for _ in range(STEPS):
            annotation = Annotation.objects.filter(project=self.project).order_by("?").values_list("pk", flat=True).first() or 1
            task = Task.objects.filter(project=self.project).order_by("?").values_list("pk", flat=True).first() or 1
            body = {
                "result": self.chance.choice(LABELS),
                "ground_truth": self.chance.random() < 0.3,
                "was_cancelled": self.chance.random() < 0.2,
            }
            method, path, sent = self.chance.choice(
                [
                    ("PATCH", f"/api/annotations/{annotation}/", body),
                    ("DELETE", f"/api/annotations/{annotation}/", None),
                    ("POST", f"/api/tasks/{task}/annotations/", body),
                    ("POST", f"/api/tasks/{task}/drafts/", {"result": body["result"]}),
                    ("POST", "/api/predictions/", {"task": task, "result": "Good", "score": 0.5}),
                    ("POST", "/api/annotations/bulk/", {"tasks": [task], "result": body["result"]}),
                ]
            )
            answer = self.person.client.send(method, path, sent)
            assert answer.status_code < 500, answer.content

    def manage(self) -> None:
        for number in range(max(3, STEPS // 5)):
            items = [
                NewTask(
                    json_text({"text": "x"}),
                    annotations=[NewAnnotation(mood(), self.person.user.pk)],
                    predictions=[NewPrediction(mood(), 0.1, "v1")],
                )
            ] * 5
            add_tasks(self.person.actor, self.project, items)
            changed = self.person.patch(f"/api/projects/{self.project.pk}/", {"maximum_annotations": 1 + number % 3})
            assert changed.status_code == 200, changed.content
            task = Task.objects.filter(project=self.project).values_list("pk", flat=True).last()
            assert self.person.delete(f"/api/tasks/{task}/").status_code < 500


@pytest.mark.django_db(transaction=True)
def test_labelling_changing_importing_and_managing_at_once() -> None:
    ann = somebody(Role.MANAGER)
    project = project_of(ann, 40, maximum_annotations=2)
    labellers = [Labelling(somebody(Role.ANNOTATOR, ann.organization), project, seed) for seed in range(4)]
    reviewers = [Labelling(somebody(Role.MANAGER, ann.organization), project, 10 + seed) for seed in range(3)]
    in_threads([*(one.label for one in labellers), *(one.change for one in reviewers), Labelling(ann, project, 99).manage])
    assert Annotation.objects.filter(project=project).count() > STEPS
    assert Draft.objects.filter(project=project).exists()
    assert_counters_right(project)
    connection.close()
