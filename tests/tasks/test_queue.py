"""Who gets which task, and that nobody gets another person's slot (§2.1 and §2.2 of the API)."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from core.permissions import Role
from core.rawjson import json_text
from projects.models import Project
from tasks import candidates
from tasks.models import Annotation, Lease, Task
from tasks.operations import lease_next, release_lease, renew_lease, submit_annotation
from tasks.operations.bulk import NewAnnotation, NewPrediction, NewTask, add_tasks
from tests.people import Person, somebody
from tests.tasks.counting import assert_counters_right
from tests.tasks.work import mood, project_of, task_ids

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann() -> Person:
    return somebody(Role.MANAGER)


def colleague(person: Person) -> Person:
    return somebody(Role.ANNOTATOR, person.organization)


def next_id(person: Person, project: Project, **more: Any) -> int | None:
    task = lease_next(person.actor, project.pk, **more)
    return task["id"] if task else None


def answer(person: Person, task: int, **fields: Any) -> Any:
    return submit_annotation(person.actor, task, {"result": mood(), **fields})


def expire(**which: Any) -> None:
    Lease.objects.filter(**which).update(expires_at=timezone.now() - timedelta(seconds=1))


def test_sequential_sampling_goes_by_id_and_ends_with_404(ann: Person) -> None:
    project = project_of(ann, 3)
    given = []
    for _ in range(3):
        task = ann.get(f"/api/projects/{project.pk}/next").json()
        given.append(task["id"])
        assert ann.post(f"/api/tasks/{task['id']}/annotations/", {"result": mood()}).status_code == 201
    assert given == task_ids(project)
    end = ann.get(f"/api/projects/{project.pk}/next/")
    assert (end.status_code, end.json()["detail"]) == (404, f"There are no tasks for {ann.user.email}")


def test_what_the_next_task_looks_like(ann: Person) -> None:
    project = project_of(ann, 0)
    guesses = [NewPrediction(mood(), 0.5, "v1"), NewPrediction(mood("Bad"), 0.4, "v2")]
    add_tasks(
        ann.actor,
        project,
        [NewTask(json_text({"text": "a"}), predictions=guesses, annotations=[NewAnnotation(mood(), ann.user.pk, was_cancelled=True)])],
    )
    bob = colleague(ann)
    bob.post(f"/api/tasks/{task_ids(project)[0]}/drafts/", {"result": mood("Bad")})
    task = bob.get(f"/api/projects/{project.pk}/next").json()
    assert set(task) == {
        "id", "data", "meta", "created_at", "updated_at", "is_labeled", "overlap", "inner_id", "total_annotations", "cancelled_annotations",
        "total_predictions", "comment_count", "unresolved_comment_count", "last_comment_updated_at", "project", "updated_by", "file_upload",
        "comment_authors", "predictions", "annotations", "drafts", "unique_lock_id", "queue",
    }  # fmt: skip
    assert (task["annotations"], task["data"], task["queue"]) == ([], {"text": "a"}, "Sequence queue")
    assert [row["result"] for row in task["drafts"]] == [mood("Bad")]
    # The project took the version of the last prediction; only that version is shown.
    assert [(row["model_version"], row["score"]) for row in task["predictions"]] == [("v2", 0.4)]
    Project.objects.filter(pk=project.pk).update(show_collab_predictions=False)
    assert bob.get(f"/api/projects/{project.pk}/next").json()["predictions"] == []


def test_who_asks_again_gets_the_task_they_hold(ann: Person) -> None:
    project, bob = project_of(ann, 3), colleague(ann)
    first = next_id(ann, project)
    assert [next_id(bob, project), next_id(ann, project), next_id(bob, project)] == [task_ids(project)[1], first, task_ids(project)[1]]
    ahead = next_id(ann, project, after=first)
    assert ahead == task_ids(project)[2]
    assert next_id(ann, project, after=first) == ahead
    assert next_id(ann, project) == first
    assert next_id(bob, project, after=task_ids(project)[1]) is None


def test_an_expired_lease_frees_the_task_and_a_late_answer_counts(ann: Person) -> None:
    project, bob = project_of(ann, 1), colleague(ann)
    task = task_ids(project)[0]
    assert next_id(ann, project) == task
    assert next_id(bob, project) is None
    expire()
    assert next_id(bob, project) == task
    assert next_id(ann, project) is None
    answer(bob, task)
    answer(ann, task)
    row = Task.objects.get(pk=task)
    assert (row.total_annotations, row.is_labeled) == (2, True)


def test_leases_are_renewed_released_and_lost(ann: Person) -> None:
    project, bob = project_of(ann, 1), colleague(ann)
    task = next_id(ann, project)
    held = Lease.objects.get()
    assert held.expires_at - held.created_at == timedelta(seconds=settings.TASK_LOCK_TTL)
    renewed = ann.post(f"/api/tasks/{task}/lease/")
    assert renewed.status_code == 200
    rest = Lease.objects.get().expires_at - timezone.now()
    assert timedelta(seconds=settings.LEASE_SECONDS - 5) < rest <= timedelta(seconds=settings.LEASE_SECONDS)
    assert bob.post(f"/api/tasks/{task}/lease/").status_code == 409
    assert ann.delete(f"/api/tasks/{task}/lease/").status_code == 204
    assert next_id(bob, project) == task
    assert ann.post(f"/api/tasks/{task}/lease/").status_code == 409
    answer(bob, int(task or 0))
    assert bob.post(f"/api/tasks/{task}/lease/").json()["expires_at"] is None
    stranger = somebody(Role.OWNER)
    assert stranger.post(f"/api/tasks/{task}/lease/").status_code == 404
    assert stranger.delete(f"/api/tasks/{task}/lease/").status_code == 404


def test_overlap_hands_a_task_to_that_many_and_begun_tasks_first(ann: Person) -> None:
    project = project_of(ann, 4, maximum_annotations=2)
    ids = task_ids(project)
    bob, eve = colleague(ann), colleague(ann)
    answer(ann, ids[2])
    assert next_id(bob, project) == ids[2]
    assert next_id(eve, project) == ids[0]
    answer(bob, ids[2])
    assert Task.objects.get(pk=ids[2]).is_labeled
    answer(eve, ids[0])
    assert next_id(ann, project) == ids[0]
    assert next_id(bob, project) == ids[1]
    assert next_id(eve, project) == ids[1]
    project.refresh_from_db()
    assert project.finished_task_number == 1


def test_uniform_sampling_gives_every_task_once_in_no_order(ann: Person) -> None:
    project = project_of(ann, 60, sampling=Project.Sampling.UNIFORM)
    given = []
    for _ in range(60):
        task = next_id(ann, project)
        assert task is not None
        given.append(task)
        answer(ann, task)
    assert sorted(given) == task_ids(project)
    assert given != sorted(given)
    assert next_id(ann, project) is None


def test_uncertainty_sampling_begins_with_the_lowest_score(ann: Person) -> None:
    project = project_of(ann, 0, sampling=Project.Sampling.UNCERTAINTY)
    scores = [0.9, 0.1, None, 0.5]
    add_tasks(ann.actor, project, [NewTask(json_text({"text": "a"}), predictions=[NewPrediction(mood(), score, "v1")]) for score in scores])
    ids = task_ids(project)
    given = []
    for _ in scores:
        given.append(next_id(ann, project))
        answer(ann, given[-1])
    assert given == [ids[1], ids[3], ids[0], ids[2]]


def test_uncertainty_follows_the_models_version(ann: Person) -> None:
    project = project_of(ann, 0, sampling=Project.Sampling.UNCERTAINTY)
    both = (
        [NewPrediction(mood(), 0.2, "v1"), NewPrediction(mood(), 0.9, "v2")],
        [NewPrediction(mood(), 0.8, "v1"), NewPrediction(mood(), 0.1, "v2")],
    )
    add_tasks(ann.actor, project, [NewTask(json_text({"text": "a"}), predictions=list(guesses)) for guesses in both])
    first, second = task_ids(project)
    assert ann.patch(f"/api/projects/{project.pk}/", {"model_version": "v1"}).status_code == 200
    assert next_id(ann, project) == first
    expire()
    assert ann.patch(f"/api/projects/{project.pk}/", {"model_version": "v2"}).status_code == 200
    assert next_id(ann, project) == second


def test_overlap_first_and_ground_truth_first(ann: Person) -> None:
    project = project_of(ann, 6, show_overlap_first=True)
    ids = task_ids(project)
    Task.objects.filter(pk__in=ids[3:5]).update(overlap=2)
    bob = colleague(ann)
    assert [next_id(bob, project), next_id(bob, project, after=ids[3])] == [ids[3], ids[4]]
    Project.objects.filter(pk=project.pk).update(annotator_evaluation_enabled=True)
    answer(ann, ids[4], ground_truth=True)
    eve = colleague(ann)
    assert next_id(eve, project) == ids[4]


@pytest.mark.parametrize(
    ("mode", "mine", "others"), [("REQUEUE_FOR_ME", True, False), ("REQUEUE_FOR_OTHERS", False, True), ("IGNORE_SKIPPED", False, False)]
)
def test_a_skipped_task_comes_back_to_whom_the_project_says(ann: Person, mode: str, mine: bool, others: bool) -> None:
    project, bob = project_of(ann, 2, skip_queue=mode), colleague(ann)
    first, second = task_ids(project)
    assert next_id(ann, project) == first
    answer(ann, first, was_cancelled=True)
    assert next_id(ann, project) == second
    answer(ann, second)
    assert next_id(bob, project) == (first if others else None)
    expire(user=bob.user)
    assert next_id(ann, project) == (first if mine else None)
    assert Task.objects.get(pk=first).is_labeled == (mode == "IGNORE_SKIPPED")
    if mine:
        answer(ann, first)
        assert next_id(ann, project) is None


def test_postponed_drafts_come_last(ann: Person) -> None:
    project = project_of(ann, 3)
    ids = task_ids(project)
    assert next_id(ann, project) == ids[0]
    assert ann.post(f"/api/tasks/{ids[0]}/drafts/", {"result": mood(), "was_postponed": True}).status_code == 201
    for expected in ids[1:]:
        assert next_id(ann, project) == expected
        answer(ann, expected)
    again = lease_next(ann.actor, project.pk)
    assert again is not None
    assert (again["id"], again["allow_postpone"], again["queue"]) == (ids[0], False, "Postponed draft queue")
    answer(ann, ids[0])
    assert next_id(ann, project) is None


def test_two_answers_of_one_person_are_one_slot(ann: Person) -> None:
    project, bob = project_of(ann, 1, maximum_annotations=2), colleague(ann)
    task = task_ids(project)[0]
    answer(ann, task)
    answer(ann, task)
    assert not Task.objects.get(pk=task).is_labeled
    assert next_id(bob, project) == task


def test_the_history_of_the_label_stream(ann: Person) -> None:
    project = project_of(ann, 3)
    made = []
    for _ in range(2):
        task = next_id(ann, project)
        made.append({"taskId": task, "annotationId": answer(ann, int(task or 0))["id"]})
    last = next_id(ann, project)
    path = f"/api/projects/{project.pk}/label-stream-history"
    assert ann.get(path).json() == [*made, {"taskId": last, "annotationId": None}]
    assert colleague(ann).get(path).json() == []
    assert ann.delete(f"/api/annotations/{made[0]['annotationId']}/").status_code == 204
    assert ann.get(path).json()[0] == {"taskId": made[0]["taskId"], "annotationId": None}


def test_other_organizations_and_unknown_projects_are_404(ann: Person) -> None:
    project = project_of(ann, 1)
    stranger = somebody(Role.OWNER)
    for path in (f"/api/projects/{project.pk}/next", f"/api/projects/{project.pk}/label-stream-history", "/api/projects/987654321/next"):
        assert stranger.get(path).status_code == 404
    assert not Lease.objects.exists()


def test_the_next_task_comes_with_the_answer(ann: Person) -> None:
    project = project_of(ann, 2)
    first, second = task_ids(project)
    one = ann.post(f"/api/tasks/{first}/annotations/?next=1", {"result": mood()}).json()
    assert one["next_task"]["id"] == second
    two = ann.post(f"/api/tasks/{second}/annotations/", {"result": mood(), "next": True}).json()
    assert two["next_task"] is None
    assert "next_task" not in ann.post(f"/api/tasks/{first}/annotations/", {"result": mood()}).json()


@pytest.mark.parametrize("sampling", list(Project.Sampling))
def test_half_of_a_project_done_costs_no_look_at_it(ann: Person, sampling: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With overlap, what I have answered stays open for others; the walks must find what is new to me behind it."""
    monkeypatch.setattr(candidates, "remaining", _never)
    done = candidates.WINDOW * 4
    project = project_of(ann, 0, maximum_annotations=2, sampling=sampling)
    items = [NewTask(json_text({"text": "a"}), predictions=[NewPrediction([], number / 10_000, "v1")]) for number in range(done * 2)]
    for item in items[:done]:
        item.annotations = [NewAnnotation(mood(), ann.user.pk)]
    add_tasks(ann.actor, project, items)
    task = next_id(ann, project)
    assert task is not None
    assert task in task_ids(project)[done:]


def _never(*_: Any) -> tuple[str, list[Any]]:
    raise AssertionError("looked at every open task")


def test_what_no_walk_reaches_is_found_all_the_same(ann: Person) -> None:
    """Hundreds of tasks held by others before the one that is free, and nothing answered yet."""
    project = project_of(ann, candidates.WINDOW * 3)
    ids = task_ids(project)
    bob = colleague(ann)
    for task in ids[:-1]:
        renew_lease(bob.actor, task)
    assert next_id(ann, project) == ids[-1]
    release_lease(ann.actor, ids[-1])


def test_asking_takes_three_statements(ann: Person, statements: Callable[[], Any]) -> None:
    """Label Studio's fault 6: its queue loads all candidates and asks three times for each."""
    for tasks in (10, 2_000):
        project = project_of(ann, tasks)
        with statements() as counted:
            task = lease_next(ann.actor, project.pk)
        assert task is not None
        assert len(counted) == 3, counted
        with statements() as counted:
            lease_next(ann.actor, project.pk)
        assert len(counted) == 3, counted


def in_threads(work: list[Callable[[], None]]) -> None:
    """Run all at once, each with its own connection; raises the first failure."""
    failures: list[BaseException] = []
    gate = threading.Barrier(len(work))

    def run(one: Callable[[], None]) -> None:
        try:
            gate.wait(30)
            one()
        except BaseException as error:  # noqa: BLE001 - told to the test below
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(one,)) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("sampling", [Project.Sampling.SEQUENTIAL, Project.Sampling.UNIFORM])
@pytest.mark.parametrize("overlap", [1, 2])
def test_many_at_once_never_get_the_same_slot(overlap: int, sampling: str) -> None:
    ann = somebody(Role.MANAGER)
    people = [ann, *(colleague(ann) for _ in range(5))]
    project = project_of(ann, 30, maximum_annotations=overlap, sampling=sampling)
    given: defaultdict[int, list[int]] = defaultdict(list)

    def label(person: Person) -> None:
        while (task := next_id(person, project)) is not None:
            given[task].append(person.user.pk)
            answer(person, task)

    in_threads([lambda person=person: label(person) for person in people])
    assert {task: len(who) for task, who in given.items()} == dict.fromkeys(task_ids(project), overlap)
    assert all(len(set(who)) == overlap for who in given.values())
    assert Counter(Annotation.objects.values_list("task_id", flat=True)) == Counter(dict.fromkeys(task_ids(project), overlap))
    assert_counters_right(project)


@pytest.mark.django_db(transaction=True)
def test_all_ask_for_the_last_task_at_once() -> None:
    ann = somebody(Role.MANAGER)
    people = [ann, *(colleague(ann) for _ in range(7))]
    project = project_of(ann, 3)
    got: list[int | None] = []
    in_threads([lambda person=person: got.append(next_id(person, project)) for person in people])
    assert sorted(task for task in got if task) == task_ids(project)
