"""Connecting a model, as Label Studio's clients do it: §1.14 of its API."""

from __future__ import annotations

from typing import Any

import pytest

from core.permissions import Role
from ml.models import MLBackend
from projects.models import Project
from tests.ml.conftest import Answer, Model, connect, work
from tests.people import Person, somebody
from tests.tasks.work import mood, project_of, task_ids

pytestmark = pytest.mark.django_db


def test_a_model_is_asked_for_a_sign_of_life_and_set_up(ann: Person, model: Model) -> None:
    project = project_of(ann)
    made = connect(ann, project, model, extra_params={"depth": 3})
    assert [(request.method, request.path) for request in model.requests] == [("GET", "/health"), ("POST", "/setup")]
    [sent] = model.asked("/setup")
    assert sent["project"] == f"{project.pk}.{int(project.created_at.timestamp())}"
    assert (sent["schema"], sent["hostname"], sent["extra_params"]) == (project.label_config, "http://testserver", {"depth": 3})
    assert sent["access_token"].startswith("lsml_")
    assert {
        name: made[name] for name in ("state", "readable_state", "model_version", "title", "timeout", "auto_update", "project", "url")
    } == {
        "state": "CO",
        "readable_state": "Connected",
        "model_version": "",
        "title": "Guesser",
        "timeout": 100.0,
        "auto_update": True,
        "project": project.pk,
        "url": model.url,
    }
    assert ann.get(f"/api/ml/{made['id']}").json()["model_version"] == "m1"
    assert ann.get(f"/api/projects/{project.pk}/").json()["model_version"] == "Guesser"
    assert [row["url"] for row in ann.get("/api/webhooks/", project=project.pk).json()] == [f"{model.url}/webhook"]


def test_every_request_is_signed(ann: Person, model: Model) -> None:
    project = project_of(ann, tasks=1)
    made = connect(ann, project, model)
    ann.post(f"/api/ml/{made['id']}/predict/test")
    ann.post(f"/api/ml/{made['id']}/train")
    work()
    assert {request.path for request in model.requests} == {"/health", "/setup", "/predict", "/webhook"}
    assert [request.path for request in model.requests if not request.is_signed_with(made["secret"])] == []
    assert "secret" not in ann.get(f"/api/ml/{made['id']}").json()
    mine = "a secret of our own"
    assert ann.patch(f"/api/ml/{made['id']}", {"secret": mine}).json()["secret"] == mine
    ann.post(f"/api/ml/{made['id']}/predict/test")
    assert model.requests[-1].is_signed_with(mine)
    assert ann.patch(f"/api/ml/{made['id']}", {"secret": "short"}).status_code == 400


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/health", Answer({}, 500)),
        ("/setup", Answer({"error": "no such label"}, 500)),
        ("/setup", Answer(b"<html>", 200)),
        ("/health", Answer({}, 200, after=2.5)),
        ("/health", Answer({}, 302, headers={"Location": "http://169.254.169.254/"})),
        ("/setup", Answer({}, 307, headers={"Location": "http://10.0.0.1/"})),
    ],
)
def test_what_does_not_answer_as_a_model_is_refused(ann: Person, model: Model, path: str, answer: Answer) -> None:
    project = project_of(ann)
    model.answers[path] = lambda request: answer
    refused = ann.post("/api/ml/", {"url": model.url, "project": project.pk})
    assert refused.status_code == 400
    assert "could not be connected" in refused.json()["validation_errors"]["url"][0]
    assert ann.get("/api/ml/", project=project.pk).json() == []


@pytest.mark.parametrize("url", ["http://127.0.0.1:9090", "http://10.0.0.8:9090", "ftp://1.1.1.1/", "http://user:pw@1.1.1.1/", "x"])
def test_addresses_that_must_not_be_asked(ann: Person, url: str) -> None:
    assert ann.post("/api/ml/", {"url": url, "project": project_of(ann).pk}).status_code == 400


def test_lists_never_go_over_the_network_and_the_worker_keeps_the_state(ann: Person, model: Model) -> None:
    made = connect(ann, project_of(ann), model)
    model.requests.clear()
    model.dead = True
    for _time in range(3):
        assert ann.get("/api/ml/", project=made["project"]).json()[0]["state"] == "CO"
        assert ann.get(f"/api/ml/{made['id']}/").json()["state"] == "CO"
    assert model.requests == []
    the_minute_is_over()
    seen = ann.get(f"/api/ml/{made['id']}").json()
    assert (seen["state"], seen["readable_state"]) == ("DI", "Disconnected")
    assert "did not answer" in seen["error_message"]
    model.dead, model.version = False, "m2"
    the_minute_is_over()
    seen = ann.get(f"/api/ml/{made['id']}").json()
    assert (seen["state"], seen["error_message"], seen["model_version"]) == ("CO", None, "m2")


def the_minute_is_over() -> None:
    from django.utils import timezone

    MLBackend.objects.update(next_check_at=timezone.now())
    work()


def test_a_password_is_sent_to_the_model_and_to_nobody_else(ann: Person, model: Model) -> None:
    model.password = ("robot", "s3cret pass")
    project = project_of(ann)
    assert ann.post("/api/ml/", {"url": model.url, "project": project.pk}).status_code == 400
    fields = {"auth_method": "BASIC_AUTH", "basic_auth_user": "robot"}
    assert ann.post("/api/ml/", {"url": model.url, "project": project.pk, **fields}).status_code == 400
    made = connect(ann, project, model, **fields, basic_auth_pass="s3cret pass")
    assert (made["basic_auth_user"], made["basic_auth_pass_is_set"]) == ("robot", True)
    ann.post(f"/api/ml/{made['id']}/train", {})
    work()
    assert [body["action"] for body in model.asked("/webhook")] == ["START_TRAINING"]
    said = [ann.get(path).content.decode() for path in (f"/api/ml/{made['id']}", "/api/ml/", "/api/webhooks/", "/api/jobs/")]
    assert not any("s3cret" in text or "cm9ib3Q" in text for text in said)
    assert "s3cret" not in MLBackend.objects.get(pk=made["id"]).basic_auth_pass
    # Who may change the address does not get the password sent elsewhere.
    moved = ann.patch(f"/api/ml/{made['id']}", {"url": model.url + "/elsewhere"})
    assert (moved.status_code, list(moved.json()["validation_errors"])) == (400, ["basic_auth_pass"])
    open_again = ann.patch(f"/api/ml/{made['id']}", {"auth_method": "NONE"})
    assert open_again.status_code == 400  # the model asks for a password
    model.password = None
    assert ann.patch(f"/api/ml/{made['id']}", {"auth_method": "NONE"}).json()["basic_auth_pass_is_set"] is False


def test_renaming_follows_in_the_projects_choice_and_disconnecting_blanks_it(ann: Person, model: Model) -> None:
    project = project_of(ann)
    made = connect(ann, project, model)

    def chosen() -> Any:
        return ann.get(f"/api/projects/{project.pk}/").json()["model_version"]

    assert ann.patch(f"/api/ml/{made['id']}/", {"title": "Better"}).json()["title"] == "Better"
    assert chosen() == "Better"
    assert ann.patch(f"/api/projects/{project.pk}/", {"model_version": "nobody"}).status_code == 400
    assert ann.patch(f"/api/projects/{project.pk}/", {"model_version": ""}).status_code == 200
    assert chosen() == ""
    assert ann.patch(f"/api/projects/{project.pk}/", {"model_version": "Better"}).json()["model_version"] == "Better"
    model.dead = True
    assert ann.patch(f"/api/ml/{made['id']}/", {"title": "Best", "description": "While it sleeps"}).status_code == 200
    assert chosen() == "Best"
    assert ann.patch(f"/api/ml/{made['id']}/", {"url": model.url + "/"}).status_code == 400
    assert ann.delete(f"/api/ml/{made['id']}/").status_code == 204
    assert chosen() == ""
    assert ann.get("/api/ml/").json() == ann.get("/api/webhooks/").json() == []


def test_a_dead_models_choice_of_version_and_what_it_offers(ann: Person, model: Model) -> None:
    made = connect(ann, project_of(ann), model)
    assert ann.get(f"/api/ml/{made['id']}/versions").json() == {"versions": ["m0", "m1"]}
    model.version = "m0"
    assert ann.patch(f"/api/ml/{made['id']}", {"auto_update": False, "model_version": "m0"}).json()["model_version"] == "m0"
    assert model.asked("/setup")[-1]["model_version"] == "m0"
    model.answers["/versions"] = lambda request: Answer({}, 405) if request.method == "GET" else {"versions": [7]}
    assert ann.get(f"/api/ml/{made['id']}/versions").json() == {"versions": ["7"]}
    model.dead = True
    answer = ann.get(f"/api/ml/{made['id']}/versions").json()
    assert answer["versions"] == []
    assert "did not answer" in answer["message"]


def test_a_version_that_is_not_followed_is_not_noted(ann: Person, model: Model) -> None:
    made = connect(ann, project_of(ann), model, auto_update=False)
    assert ann.get(f"/api/ml/{made['id']}").json()["model_version"] == ""


# --- the token that the model gets ---


class Robot:
    """A program that holds only the token that the model was given."""

    def __init__(self, model: Model) -> None:
        from tests.people import JSONClient

        self.client = JSONClient(HTTP_AUTHORIZATION=f"Token {model.asked('/setup')[-1]['access_token']}")

    def send(self, method: str, path: str, body: Any = None) -> Any:
        return self.client.send(method, path, body)


def test_a_models_token_reads_its_project_and_writes_predictions_and_nothing_else(ann: Person, model: Model) -> None:
    project, other = project_of(ann, tasks=2), project_of(ann, tasks=1)
    first, second = task_ids(project)
    annotator = somebody(Role.ANNOTATOR, ann.organization)
    made = annotator.post(f"/api/tasks/{first}/annotations", {"result": mood()}).json()
    connect(ann, project, model)
    robot = Robot(model)

    for path in (
        f"/api/projects/{project.pk}/",
        f"/api/tasks/?project={project.pk}",
        f"/api/tasks/{first}/",
        f"/api/predictions/?project={project.pk}",
        f"/api/projects/{project.pk}/export?exportType=JSON",
    ):
        answer = robot.send("GET", path)
        assert answer.status_code == 200, (path, answer.content)
    assert [row["id"] for row in robot.send("GET", f"/api/tasks/{first}/").json()["annotations"]] == [made["id"]]
    assert [row["id"] for row in robot.send("GET", "/api/projects/").json()["results"]] == [project.pk]

    posted = robot.send("POST", "/api/predictions/", {"task": second, "result": mood(), "model_version": "own", "score": 0.7})
    assert posted.status_code == 201
    assert robot.send("PATCH", f"/api/predictions/{posted.json()['id']}/", {"score": 0.8}).json()["score"] == 0.8
    assert robot.send("POST", f"/api/projects/{project.pk}/import/predictions", [{"task": second, "result": mood()}]).status_code == 201

    foreign = task_ids(other)[0]
    assert robot.send("GET", f"/api/projects/{other.pk}/").status_code == 404
    assert robot.send("GET", f"/api/tasks/{foreign}/").status_code == 404
    assert robot.send("POST", "/api/predictions/", {"task": foreign, "result": mood()}).status_code == 400
    for method, path, body in (
        ("DELETE", f"/api/predictions/{posted.json()['id']}/", None),
        ("POST", f"/api/tasks/{first}/annotations", {"result": mood()}),
        ("PATCH", f"/api/annotations/{made['id']}/", {"result": []}),
        ("PATCH", f"/api/tasks/{first}/", {"data": {}}),
        ("DELETE", f"/api/tasks/{first}/", None),
        ("PATCH", f"/api/projects/{project.pk}/", {"title": "Mine now"}),
        ("POST", "/api/projects/", {"title": "Another"}),
        ("GET", "/api/ml/", None),
        ("GET", "/api/webhooks/", None),
        ("GET", "/api/organizations/", None),
        ("GET", "/api/users/", None),
        ("GET", "/api/current-user/whoami", None),
        ("POST", "/api/token/", {}),
        ("GET", "/", None),
    ):
        answer = robot.send(method, path, body)
        assert answer.status_code == 403, (method, path, answer.status_code, answer.content[:200])


def test_a_models_token_ends_with_its_day_with_the_model_and_with_the_project(ann: Person, model: Model) -> None:
    from datetime import timedelta

    from django.db.models import F

    from ml.models import MLToken

    project = project_of(ann, tasks=1)
    made = connect(ann, project, model)
    robot = Robot(model)
    path = f"/api/tasks/?project={project.pk}"
    assert robot.send("GET", path).status_code == 200
    MLToken.objects.update(expires_at=F("expires_at") - timedelta(hours=13))
    the_minute_is_over()  # half of its life is over: the model is given a new one in good time
    fresh = Robot(model)
    assert fresh.client.defaults["HTTP_AUTHORIZATION"] != robot.client.defaults["HTTP_AUTHORIZATION"]
    assert (robot.send("GET", path).status_code, fresh.send("GET", path).status_code) == (200, 200)
    MLToken.objects.order_by("pk").first().delete()
    MLToken.objects.update(expires_at=F("expires_at") - timedelta(hours=25))
    assert fresh.send("GET", path).status_code == 401
    the_minute_is_over()
    last = Robot(model)
    assert last.send("GET", path).status_code == 200
    ann.delete(f"/api/ml/{made['id']}/")
    assert last.send("GET", path).status_code == 401


# --- training ---


def submit(person: Person, project: Project) -> None:
    task = person.get(f"/api/projects/{project.pk}/next").json()
    assert person.post(f"/api/tasks/{task['id']}/annotations", {"result": mood()}).status_code == 201


def test_training_starts_after_every_so_many_annotations(ann: Person, model: Model) -> None:
    project = project_of(ann, tasks=7, min_annotations_to_start_training=3)
    connect(ann, project, model)

    def trainings() -> int:
        return [body["action"] for body in model.asked("/webhook")].count("START_TRAINING")

    seen = []
    for _number in range(7):
        submit(ann, project)
        work()
        seen.append(trainings())
    assert seen == [0, 0, 1, 1, 1, 2, 2]
    actions = [body["action"] for body in model.asked("/webhook")]
    assert actions.count("ANNOTATION_CREATED") == 7
    started = next(body for body in model.asked("/webhook") if body["action"] == "START_TRAINING")
    assert (started["project"]["id"], started["project"]["label_config"]) == (project.pk, project.label_config)


def test_training_by_hand(ann: Person, model: Model) -> None:
    made = connect(ann, project_of(ann), model)
    answer = ann.post(f"/api/ml/{made['id']}/train", {"use_ground_truth": True})
    assert (answer.status_code, answer.json()["state"]) == (200, "TR")
    work()
    assert [body["action"] for body in model.asked("/webhook")] == ["START_TRAINING"]
    model.version = "m2"
    the_minute_is_over()
    assert (ann.get(f"/api/ml/{made['id']}").json()["state"], ann.get("/api/ml").json()[0]["model_version"]) == ("CO", "m2")
    webhook = ann.get("/api/webhooks/").json()[0]
    assert ann.delete(f"/api/webhooks/{webhook['id']}/").status_code == 204
    ann.post(f"/api/ml/{made['id']}/train")
    work()
    assert len(model.asked("/webhook")) == 2


def test_a_model_that_is_down_is_told_later(ann: Person, model: Model) -> None:
    from tests.webhooks.conftest import pass_time

    made = connect(ann, project_of(ann), model)
    model.answers["/webhook"] = lambda request: Answer({}, 503)
    ann.post(f"/api/ml/{made['id']}/train")
    work()
    assert len(model.asked("/webhook")) == 1
    model.answers.clear()
    pass_time(minutes=1)
    work()
    assert len(model.asked("/webhook")) == 2
