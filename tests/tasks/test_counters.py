"""Whatever several people do to a project, in whatever order, every counter equals a recount."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from core.permissions import Role
from core.rawjson import json_text
from projects.models import Project, ResultCount
from tasks.models import Annotation, AnnotationVersion, Draft, Prediction, RecycleEntry, Task
from tasks.operations.bulk import NewAnnotation, NewDraft, NewPrediction, NewTask, add_tasks
from tasks.operations.bulk_predictions import add_predictions
from tests.conftest import FULL
from tests.people import Person, somebody
from tests.tasks.counting import assert_counters_right, counted, stored
from tests.tasks.work import mood, project_of, span

pytestmark = pytest.mark.django_db

PEOPLE = st.integers(0, 3)
PICK = st.integers(0, 1_000)
RESULTS = st.sampled_from([None, [], mood(), mood("Bad"), [*mood(), span()], [span("Place"), span("Person")], mood("Unknown"), [{"id": "x", "type": "relation", "from_id": "r1", "to_id": "r2"}]])  # fmt: skip


class Work(RuleBasedStateMachine):
    people: list[Person]
    project: Project

    @initialize(
        overlap=st.integers(1, 3),
        cohort=st.sampled_from([100, 50]),
        skips=st.sampled_from(["REQUEUE_FOR_ME", "REQUEUE_FOR_OTHERS", "IGNORE_SKIPPED"]),
    )
    def begin(self, overlap: int, cohort: int, skips: str) -> None:
        owner = somebody(Role.OWNER)
        self.people = [owner, *(somebody(role, owner.organization) for role in (Role.REVIEWER, Role.ANNOTATOR, Role.ANNOTATOR))]
        self.project = project_of(owner, 3, maximum_annotations=overlap, overlap_cohort_percentage=cohort, skip_queue=skips)

    def one(self, model: Any, pick: int) -> int:
        ids = list(model.objects.filter(project=self.project).order_by("pk").values_list("pk", flat=True))
        return ids[pick % len(ids)] if ids else 10**9

    def sent(self, answer: Any) -> None:
        assert answer.status_code < 500, answer.content

    @rule(truths=st.booleans(), result=RESULTS, score=st.sampled_from([None, 0.1, 0.9]), version=st.sampled_from(["", "v1", "v2"]))
    def imported(self, truths: bool, result: Any, score: float | None, version: str) -> None:
        people = [person.user.pk for person in self.people]
        task = NewTask(json_text({"text": "a", "extra": 1}))
        task.predictions = [NewPrediction(mood(), score, version, import_id=7)] * 2
        task.annotations = [
            NewAnnotation(result, people[0], ground_truth=truths, parent_prediction=7, import_id=1),
            NewAnnotation(result, people[1], was_cancelled=True, parent_annotation=1),
        ]
        task.drafts = [NewDraft(people[2], mood()), NewDraft(people[1], mood("Bad"), annotation=1)]
        add_tasks(self.people[0].actor, self.project, [task, NewTask(json_text({"text": "b"}))])

    @rule(who=PEOPLE, result=RESULTS, skip=st.booleans())
    def from_the_queue(self, who: int, result: Any, skip: bool) -> None:
        given = self.people[who].get(f"/api/projects/{self.project.pk}/next")
        self.sent(given)
        if given.status_code == 200:
            task = given.json()["id"]
            assert (
                self.people[who].post(f"/api/tasks/{task}/annotations/?next=1", {"result": result, "was_cancelled": skip}).status_code
                == 201
            )

    @rule(who=PEOPLE, task=PICK, result=RESULTS, skip=st.booleans(), truth=st.booleans(), key=st.sampled_from([None, "a", "b"]))
    def answered(self, who: int, task: int, result: Any, skip: bool, truth: bool, key: str | None) -> None:
        headers = {"Idempotency-Key": key} if key else {}
        body = {"result": result, "was_cancelled": skip, "ground_truth": truth}
        self.sent(self.people[who].post(f"/api/tasks/{self.one(Task, task)}/annotations/", body, headers=headers))

    @rule(
        who=PEOPLE, annotation=PICK, result=RESULTS, skip=st.sampled_from([None, True, False]), truth=st.sampled_from([None, True, False])
    )
    def changed(self, who: int, annotation: int, result: Any, skip: bool | None, truth: bool | None) -> None:
        body = {"result": result, **({} if skip is None else {"was_cancelled": skip}), **({} if truth is None else {"ground_truth": truth})}
        self.sent(self.people[who].patch(f"/api/annotations/{self.one(Annotation, annotation)}/", body))

    @rule(annotation=PICK, person=PEOPLE)
    def handed_over(self, annotation: int, person: int) -> None:
        self.sent(
            self.people[0].patch(f"/api/annotations/{self.one(Annotation, annotation)}/", {"completed_by": self.people[person].user.pk})
        )

    @rule(who=PEOPLE, annotation=PICK)
    def removed(self, who: int, annotation: int) -> None:
        self.sent(self.people[who].delete(f"/api/annotations/{self.one(Annotation, annotation)}/"))

    @rule(who=PEOPLE, version=PICK)
    def restored(self, who: int, version: int) -> None:
        former = AnnotationVersion.objects.filter(pk=self.one(AnnotationVersion, version)).first()
        if former is not None:
            self.sent(self.people[who].post(f"/api/annotations/{former.annotation_id}/versions/{former.version}/restore/"))

    @rule(who=PEOPLE, annotation=PICK)
    def taken_back(self, who: int, annotation: int) -> None:
        self.sent(self.people[who].post(f"/api/annotations/{self.one(Annotation, annotation)}/convert-to-draft/"))

    @rule(who=PEOPLE, task=PICK, annotation=PICK, result=RESULTS, postponed=st.booleans(), new=st.booleans())
    def drafted(self, who: int, task: int, annotation: int, result: Any, postponed: bool, new: bool) -> None:
        place = f"/api/tasks/{self.one(Task, task)}/drafts/"
        if not new:
            row = Annotation.objects.filter(pk=self.one(Annotation, annotation)).first()
            place = f"/api/tasks/{row.task_id if row else 1}/annotations/{row.pk if row else 1}/drafts/"
        self.sent(self.people[who].post(place, {"result": result, "was_postponed": postponed}))

    @rule(who=PEOPLE, draft=PICK, result=RESULTS, away=st.booleans())
    def draft_changed(self, who: int, draft: int, result: Any, away: bool) -> None:
        place = f"/api/drafts/{self.one(Draft, draft)}/"
        self.sent(self.people[who].delete(place) if away else self.people[who].patch(place, {"result": result}))

    @rule(
        task=PICK,
        result=st.sampled_from([mood(), "Good", {"choices": ["Bad"]}]),
        score=st.sampled_from([None, 0.2, 0.7]),
        version=st.sampled_from(["", "v1"]),
    )
    def predicted(self, task: int, result: Any, score: float | None, version: str) -> None:
        self.sent(
            self.people[0].post(
                "/api/predictions/", {"task": self.one(Task, task), "result": result, "score": score, "model_version": version}
            )
        )

    @rule(prediction=PICK, score=st.sampled_from([0.3, None]), away=st.booleans())
    def prediction_changed(self, prediction: int, score: float | None, away: bool) -> None:
        place = f"/api/predictions/{self.one(Prediction, prediction)}/"
        self.sent(self.people[0].delete(place) if away else self.people[0].patch(place, {"score": score, "model_version": "v2"}))

    @rule(
        tasks=st.lists(PICK, min_size=1, max_size=3),
        score=st.sampled_from([None, 0.05, 0.6]),
        version=st.sampled_from([None, "", "v1", "v3"]),
    )
    def predictions_imported(self, tasks: list[int], score: float | None, version: str | None) -> None:
        if Task.objects.filter(project=self.project).exists():
            self.project.refresh_from_db()
            add_predictions(
                self.people[0].actor, self.project, [(self.one(Task, task), NewPrediction(mood(), score, version)) for task in tasks]
            )

    @rule(version=st.sampled_from(["", "v1", "v3"]))
    def version_deleted(self, version: str) -> None:
        self.sent(self.people[0].delete(f"/api/projects/{self.project.pk}/model-versions/", {"model_version": version}))

    @rule(who=PEOPLE, first=PICK, second=PICK, result=RESULTS, truth=st.booleans())
    def answered_together(self, who: int, first: int, second: int, result: Any, truth: bool) -> None:
        tasks = [self.one(Task, first), self.one(Task, second)]
        self.sent(self.people[who].post("/api/annotations/bulk/", {"tasks": tasks, "result": result, "ground_truth": truth}))

    @rule(who=PEOPLE, first=PICK, second=PICK)
    def removed_together(self, who: int, first: int, second: int) -> None:
        named = [self.one(Annotation, first), self.one(Annotation, second)]
        self.sent(self.people[who].post("/api/annotations/bulk-delete/", {"ids": named, "project": self.project.pk}))

    @rule(keys=st.sampled_from([{"text": "x"}, {"text": "y", "more": [1]}, {"other": 1}]), overlap=st.sampled_from([None, 1, 2]))
    def task_added(self, keys: dict[str, Any], overlap: int | None) -> None:
        self.sent(self.people[0].post("/api/tasks/", {"project": self.project.pk, "data": keys, "overlap": overlap}))

    @rule(task=PICK, keys=st.sampled_from([None, {"text": "x", "k": 2}, {"text": "z"}]), overlap=st.sampled_from([None, 1, 2]))
    def task_changed(self, task: int, keys: dict[str, Any] | None, overlap: int | None) -> None:
        body = {**({"data": keys} if keys else {}), **({"overlap": overlap} if overlap else {})}
        self.sent(self.people[0].patch(f"/api/tasks/{self.one(Task, task)}/", body))

    @rule(task=PICK)
    def task_deleted(self, task: int) -> None:
        if Task.objects.filter(project=self.project).count() > 2:
            self.sent(self.people[0].delete(f"/api/tasks/{self.one(Task, task)}/"))

    @rule(entry=PICK)
    def undone(self, entry: int) -> None:
        if RecycleEntry.objects.filter(project=self.project).exists():
            self.sent(self.people[0].post(f"/api/projects/{self.project.pk}/recycle-bin/{self.one(RecycleEntry, entry)}/undo/"))

    @rule(
        fields=st.sampled_from(
            [{"maximum_annotations": 1}, {"maximum_annotations": 2}, {"overlap_cohort_percentage": 50}, {"overlap_cohort_percentage": 100},
             {"skip_queue": "IGNORE_SKIPPED"}, {"skip_queue": "REQUEUE_FOR_OTHERS"}, {"model_version": "v1"}, {"model_version": ""}]
        )
    )  # fmt: skip
    def project_changed(self, fields: dict[str, Any]) -> None:
        self.sent(self.people[0].patch(f"/api/projects/{self.project.pk}/", fields))

    @rule(really=st.integers(0, 9))
    def emptied(self, really: int) -> None:
        if really == 0:
            assert self.people[0].delete(f"/api/projects/{self.project.pk}/tasks/").status_code == 204

    @invariant()
    def counters_are_right(self) -> None:
        if hasattr(self, "project"):
            assert_counters_right(self.project)


def test_counters_equal_a_recount_after_any_sequence_of_operations() -> None:
    examples, steps = (300, 60) if FULL else (12, 30)
    phases = [Phase.generate, Phase.shrink] if FULL else [Phase.generate]  # making a failure smaller takes minutes
    checks = list(HealthCheck)
    run_state_machine_as_test(
        Work,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=checks, phases=phases, database=None
        ),
    )


def test_a_recount_finds_and_mends_what_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    owner = somebody()
    project = project_of(owner, 5)
    tasks = list(project.tasks.values_list("pk", flat=True))  # type: ignore[attr-defined]
    for task in tasks[:3]:
        owner.post(f"/api/tasks/{task}/annotations/", {"result": mood()})
    call_command("check_counters")
    assert "All counters are right." in capsys.readouterr().out
    wrong = random.Random(1)
    Task.objects.filter(pk=tasks[0]).update(total_annotations=9, is_labeled=False)
    Project.objects.filter(pk=project.pk).update(task_number=wrong.randint(10, 20), useful_annotation_number=0, data_columns='{"lost":1}')
    ResultCount.objects.filter(project=project).update(annotations=77)
    with pytest.raises(CommandError, match="wrong in 1 projects"):
        call_command("check_counters")
    assert stored(project.pk) != counted(project.pk)
    call_command("check_counters", "--fix", f"--project={project.pk}")
    assert_counters_right(project)
    call_command("check_counters")
