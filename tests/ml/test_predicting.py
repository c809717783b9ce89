"""Predictions of a connected model: for many tasks by a job, for one that somebody opens, and what annotators are shown."""

from __future__ import annotations

import time
from typing import Any

import pytest

from core.permissions import Role
from ml import jobs
from projects.models import Project
from tests.ml.conftest import Answer, Model, Request, connect, guess, work, work_jobs
from tests.people import Person, somebody
from tests.tasks.work import mood, project_of, span, task_ids

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "WAITS", (0.01, 0.01))


def predict_all(person: Person, made: dict[str, Any], **query: Any) -> dict[str, Any]:
    """Ask about all tasks, let the worker do it, and return the job."""
    suffix = "&".join(f"{name}={value}" for name, value in query.items())
    answer = person.post(f"/api/ml/{made['id']}/predict?{suffix}")
    assert answer.status_code == 200, answer.content
    work_jobs()
    return job(person, answer.json()["job"])


def job(person: Person, number: int) -> dict[str, Any]:
    found: dict[str, Any] = person.get(f"/api/jobs/{number}/").json()
    return found


def predictions(person: Person, project: Project) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = person.get("/api/predictions/", project=project.pk).json()
    return found


def test_all_tasks_in_batches(ann: Person, model: Model) -> None:
    project = project_of(ann, tasks=7)
    made = connect(ann, project, model)
    ended = predict_all(ann, made, batch_size=3)
    assert (ended["status"], ended["done"], ended["total"], ended["result"]) == (
        "done",
        7,
        7,
        {"predicted": 7, "failed": 0, "failures": []},
    )
    asked = model.asked("/predict")
    assert [len(body["tasks"]) for body in asked] == [3, 3, 1]
    assert [task["id"] for body in asked for task in body["tasks"]] == task_ids(project)
    assert asked[0]["tasks"][0]["data"] == {"text": "text 0"}
    assert asked[0]["project"] == f"{project.pk}.{int(project.created_at.timestamp())}"
    assert (asked[0]["label_config"], asked[0]["params"]) == (project.label_config, {"login": None, "password": None, "context": None})
    rows = predictions(ann, project)
    assert {(row["score"], row["model_version"], row["model"]) for row in rows} == {(0.5, "m1", made["id"])}
    assert ann.get(f"/api/projects/{project.pk}/").json()["total_predictions_number"] == 7
    # Asking again replaces what the same version has said; another version stands beside it.
    predict_all(ann, made)
    assert [row["id"] for row in predictions(ann, project)] == [row["id"] for row in rows]
    model.answers["/predict"] = lambda request: {"results": [{"result": mood("Bad")} for _ in request.body["tasks"]], "model_version": "m2"}
    predict_all(ann, made)
    assert ann.get(f"/api/projects/{project.pk}/model-versions/").json() == {"m2": 7, "m1": 7}


def test_the_selected_tasks_of_the_data_page(ann: Person, model: Model) -> None:
    project = project_of(ann, tasks=5)
    path = f"/api/dm/actions/?id=retrieve_tasks_predictions&project={project.pk}"
    wanted = task_ids(project)[1:3]
    selected = {"selectedItems": {"all": False, "included": wanted}}
    assert ann.post(path, selected).status_code == 400  # no model is connected
    connect(ann, project, model)
    answer = ann.post(path, selected).json()
    assert answer["processed_items"] == 2
    work_jobs()
    assert job(ann, answer["job"])["result"]["predicted"] == 2
    assert sorted(row["task"] for row in predictions(ann, project)) == wanted
    assert ann.post(path, {"selectedItems": {"all": False, "included": []}}).json()["processed_items"] == 0
    reviewer = somebody(Role.REVIEWER, ann.organization)
    assert reviewer.post(path, selected).status_code == 403
    foreign = connect(ann, project_of(ann), model)
    assert ann.post(path, {**selected, "model": foreign["id"]}).status_code == 400


def answers_by_text(bad: dict[str, Any]) -> Any:
    """A model that answers about each task by its text; a batch with a bad one fails as a whole when its answer is an `Answer`."""

    def answer(request: Request) -> Any:
        said = [bad.get(task["data"]["text"], {"result": mood(), "score": 0.5}) for task in request.body["tasks"]]
        return next((item for item in said if isinstance(item, Answer)), {"results": said})

    return answer


def test_what_cannot_be_used_is_reported_task_by_task(ann: Person, model: Model) -> None:
    project = project_of(ann, tasks=8)
    made = connect(ann, project, model)
    wrong = {"from_name": "spans", "to_name": "text", "type": "labels", "value": {"start": "x", "end": 1, "labels": ["Person"]}}
    model.answers["/predict"] = answers_by_text(
        {
            "text 1": Answer({"error": "cannot read this"}, 500),
            "text 2": {"score": 1.0},
            "text 3": {"result": [wrong]},
            "text 4": {"result": mood(), "score": "high"},
            "text 5": {"result": ["x"]},
            "text 6": [span()],  # the rows alone
        }
    )
    ended = predict_all(ann, made)
    ids = task_ids(project)
    assert ended["status"] == "done"
    assert (ended["result"]["predicted"], ended["result"]["failed"]) == (3, 5)
    why = {row["task"]: row["error"] for row in ended["result"]["failures"]}
    assert list(why) == ids[1:6]
    assert "cannot read this" in why[ids[1]]
    assert "no result" in why[ids[2]]
    assert "does not fit" in why[ids[3]]
    assert "score" in why[ids[4]]
    assert sorted(row["task"] for row in predictions(ann, project)) == [ids[0], ids[6], ids[7]]


@pytest.mark.parametrize(
    "garbage",
    [b"<html>502</html>", b'{"results": NaN}', {"results": "many"}, [], {"results": []}, {"results": [{}] * 99}, b"\xff\xfe", None],
)
def test_garbage_is_a_report_and_never_a_crash(ann: Person, model: Model, garbage: Any) -> None:
    project = project_of(ann, tasks=3)
    made = connect(ann, project, model)
    model.answers["/predict"] = lambda request: Answer(garbage)
    ended = predict_all(ann, made)
    assert (ended["status"], ended["result"]["predicted"], ended["result"]["failed"]) == ("done", 0, 3)
    assert all(row["error"] for row in ended["result"]["failures"])
    assert predictions(ann, project) == []


def test_a_model_that_answers_about_one_task_only_is_asked_one_by_one(ann: Person, model: Model) -> None:
    project = project_of(ann, tasks=3)
    made = connect(ann, project, model)
    model.answers["/predict"] = lambda request: {"results": guess(request)["results"][:1]}
    assert predict_all(ann, made)["result"]["predicted"] == 3


def test_a_model_that_dies_amid_the_work_costs_nothing_that_was_done(ann: Person, model: Model) -> None:
    project = project_of(ann, tasks=9)
    made = connect(ann, project, model)

    def dies(request: Request) -> Any:
        if len(model.asked("/predict")) == 3:
            model.dead = True
        return guess(request)

    model.answers["/predict"] = dies
    ended = predict_all(ann, made, batch_size=2)
    assert ended["status"] == "failed"
    assert "stopped answering" in ended["error"]
    assert (ended["done"], len(predictions(ann, project))) == (6, 6)
    model.dead = False
    model.answers.clear()
    model.requests.clear()
    assert ann.post(f"/api/jobs/{ended['id']}/retry").status_code == 200
    work_jobs()
    again = job(ann, ended["id"])
    assert (again["status"], again["result"]["predicted"], len(predictions(ann, project))) == ("done", 9, 9)
    assert [task["id"] for body in model.asked("/predict") for task in body["tasks"]] == task_ids(project)[6:]


def test_a_model_that_hiccups_is_asked_again(ann: Person, model: Model) -> None:
    project = project_of(ann, tasks=2)
    made = connect(ann, project, model)
    down = iter([True, False, True, False, False])

    def answers(request: Request) -> Any:
        return Answer({}, 503) if next(down) else (guess(request) if request.path == "/predict" else {})

    model.answers |= {"/predict": answers, "/health": lambda request: Answer({}, 503) if len(model.asked("/predict")) < 2 else {}}
    ended = predict_all(ann, made)
    assert (ended["status"], ended["result"]["predicted"]) == ("done", 2)


def test_a_slow_batch_is_asked_one_by_one(ann: Person, model: Model) -> None:
    project = project_of(ann, tasks=3)
    made = connect(ann, project, model, timeout=0.3)
    slow = task_ids(project)[1]
    model.answers["/predict"] = lambda request: Answer(
        guess(request), after=0.8 if slow in [task["id"] for task in request.body["tasks"]] else 0.0
    )
    ended = predict_all(ann, made)
    assert (ended["result"]["predicted"], [row["task"] for row in ended["result"]["failures"]]) == (2, [slow])


def test_a_cancelled_job_stops(ann: Person, model: Model) -> None:
    project = project_of(ann, tasks=6)
    made = connect(ann, project, model)
    number = ann.post(f"/api/ml/{made['id']}/predict?batch_size=2").json()["job"]

    def cancels(request: Request) -> Any:
        if len(model.asked("/predict")) == 2:
            from core.jobs.models import Job

            Job.objects.filter(pk=number).update(status=Job.Status.CANCELLED)
        return guess(request)

    model.answers["/predict"] = cancels
    work_jobs()
    assert len(model.asked("/predict")) == 2
    assert len(predictions(ann, project)) == 2


def test_a_redirect_is_not_followed(ann: Person, model: Model) -> None:
    project = project_of(ann, tasks=1)
    made = connect(ann, project, model)
    model.answers["/predict"] = lambda request: Answer({}, 307, headers={"Location": "http://169.254.169.254/latest/meta-data"})
    ended = predict_all(ann, made)
    assert "307" in ended["result"]["failures"][0]["error"]


# --- opening tasks ---


def test_the_next_task_comes_with_fresh_predictions(ann: Person, model: Model) -> None:
    project = project_of(ann, tasks=2)
    connect(ann, project, model)
    person = somebody(Role.ANNOTATOR, ann.organization)
    task = person.get(f"/api/projects/{project.pk}/next").json()
    assert [(row["model_version"], row["result"]) for row in task["predictions"]] == [("m1", mood())]
    assert "predictions_pending" not in task
    person.get(f"/api/projects/{project.pk}/next")
    assert len(model.asked("/predict")) == 1  # now they are stored
    made = person.post(f"/api/tasks/{task['id']}/annotations", {"result": mood(), "parent_prediction": task["predictions"][0]["id"]}).json()
    assert made["parent_prediction"] == task["predictions"][0]["id"]


def test_a_slow_model_keeps_nobody_waiting_and_its_answer_is_there_later(ann: Person, model: Model) -> None:
    project = project_of(ann, tasks=3)
    connect(ann, project, model)
    model.answers["/predict"] = lambda request: Answer(guess(request), after=1.6)
    begun = time.monotonic()
    task = ann.get(f"/api/projects/{project.pk}/next").json()
    assert time.monotonic() - begun < 1.5
    assert (task["predictions"], task["predictions_pending"]) == ([], True)
    begun = time.monotonic()
    assert ann.get(f"/api/tasks/{task_ids(project)[2]}/").json()["predictions_pending"] is True
    assert time.monotonic() - begun < 0.5  # it was slow a moment ago: nobody waits for it at all
    work()
    assert [row["model_version"] for row in ann.get(f"/api/tasks/{task['id']}/").json()["predictions"]] == ["m1"]
    assert {row["task"] for row in predictions(ann, project)} == {task_ids(project)[0], task_ids(project)[2]}


def test_a_dead_model_keeps_nobody_from_labeling(ann: Person, model: Model) -> None:
    project = project_of(ann, tasks=1)
    connect(ann, project, model)
    model.dead = True
    task = ann.get(f"/api/projects/{project.pk}/next").json()
    assert ann.post(f"/api/tasks/{task['id']}/annotations", {"result": mood()}).status_code == 201
    work()
    assert predictions(ann, project) == []


def test_a_project_without_a_model_asks_nobody_and_shows_what_it_has(ann: Person, model: Model) -> None:
    project = project_of(ann, tasks=1)
    connect(ann, project, model)
    ann.post("/api/predictions/", {"task": task_ids(project)[0], "result": mood("Bad"), "model_version": "old"})
    ann.patch(f"/api/projects/{project.pk}/", {"model_version": "old"})
    task = ann.get(f"/api/projects/{project.pk}/next").json()
    assert [row["model_version"] for row in task["predictions"]] == ["old"]
    ann.patch(f"/api/projects/{project.pk}/", {"show_collab_predictions": False})
    assert ann.get(f"/api/projects/{project.pk}/next").json()["predictions"] == []
    assert model.asked("/predict") == []


def test_predictions_are_asked_for_on_opening_when_the_project_says_so(ann: Person, model: Model) -> None:
    project = project_of(ann, tasks=1, show_collab_predictions=False)
    connect(ann, project, model)
    path = f"/api/tasks/{task_ids(project)[0]}/"
    assert ann.get(path).json()["predictions"] == []
    ann.patch(f"/api/projects/{project.pk}/", {"evaluate_predictions_automatically": True})
    opened = ann.get(path).json()
    assert [row["result"] for row in opened["predictions"]] == [mood()]
    assert opened["total_predictions"] == 1


def test_a_new_version_is_what_annotators_are_shown_from_then_on(ann: Person, model: Model) -> None:
    project = project_of(ann, tasks=1)
    made = connect(ann, project, model)
    assert ann.get(f"/api/projects/{project.pk}/next").json()["predictions"][0]["model_version"] == "m1"
    model.version = "m2"
    model.answers["/predict"] = lambda request: {"results": [{"result": mood("Bad")} for _ in request.body["tasks"]]}
    assert ann.patch(f"/api/ml/{made['id']}/", {"auto_update": True, "extra_params": {}}).json()["model_version"] == "m2"
    shown = ann.get(f"/api/projects/{project.pk}/next").json()["predictions"]
    assert [(row["model_version"], row["result"]) for row in shown] == [("m2", mood("Bad"))]
    assert ann.get(f"/api/projects/{project.pk}/").json()["model_version"] == "Guesser"


# --- while somebody waits ---


def test_what_is_drawn_goes_to_the_model_and_its_answer_comes_back(ann: Person, model: Model) -> None:
    project = project_of(ann, tasks=1)
    made = connect(ann, project, model, is_interactive=True)
    [task] = task_ids(project)
    annotator = somebody(Role.ANNOTATOR, ann.organization)
    model.answers["/predict"] = lambda request: {"results": [{"result": request.body["params"]["context"]["result"], "score": 0.9}]}
    context = {"result": [span()]}
    path = f"/api/ml/{made['id']}/interactive-annotating"
    answer = annotator.post(path, {"task": task, "context": context})
    assert (answer.status_code, answer.json()) == (200, {"data": {"result": [span()], "score": 0.9, "model_version": "m1"}})
    assert [item["id"] for item in model.asked("/predict")[0]["tasks"]] == [task]
    assert predictions(ann, project) == []
    model.answers["/predict"] = lambda request: Answer({"detail": "no memory"}, 500)
    answer = annotator.post(path, {"task": task, "context": context})
    assert answer.status_code == 200
    assert "no memory" in answer.json()["errors"][0]
    foreign = task_ids(project_of(ann, tasks=1))[0]
    assert annotator.post(path, {"task": foreign, "context": context}).status_code == 404
    assert annotator.post(path, {"context": context}).status_code == 400


def test_a_model_can_be_tried(ann: Person, model: Model) -> None:
    project = project_of(ann)
    made = connect(ann, project, model)
    path = f"/api/ml/{made['id']}/predict/test"
    assert ann.post(f"{path}?random=false").status_code == 400
    assert ann.post(f"{path}?random=true").status_code == 400
    from tests.tasks.work import NewTask, add_tasks, json_text

    add_tasks(ann.actor, project, [NewTask(json_text({"text": "one"}))])
    tried = ann.post(f"{path}?random=true").json()
    (task,) = task_ids(project)
    assert (tried["task"], tried["data"]["result"]) == (task, mood())
    assert [ann.post(path, body).json()["task"] for body in (None, {"task": task})] == [task, task]
    assert ann.post(path, {"task": 10**9}).status_code == 404
    assert predictions(ann, project) == []
