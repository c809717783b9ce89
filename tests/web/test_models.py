"""The settings page "Models"."""

from typing import Any
from urllib.parse import urlencode

import pytest

from core.permissions import Role
from projects.models import Project
from tests.ml.conftest import Model, model, work  # noqa: F401 - the fixture
from tests.people import Person, somebody
from tests.tasks.work import mood, project_of, task_ids
from tests.web.reading import elements, text

pytestmark = pytest.mark.django_db


def send(person: Person, project: Project, **fields: Any) -> Any:
    return person.client.generic("POST", f"/projects/{project.pk}/settings/models", urlencode(fields), "application/x-www-form-urlencoded")


def page(person: Person, project: Project) -> Any:
    return person.get(f"/projects/{project.pk}/settings/models")


def test_connect_try_train_rename_and_disconnect(model: Model) -> None:  # noqa: F811
    ann = somebody(Role.MANAGER)
    project = project_of(ann, tasks=1)
    assert "Any Label Studio ML backend works" in text(page(ann, project), "body")
    form = {"do": "connect", "title": "Guesser", "url": model.url, "auto_update": "on"}
    assert send(ann, project, **form).status_code == 302
    shown = text(page(ann, project), "body")
    assert "Guesser" in shown
    assert "Connected" in shown
    number = ann.get("/api/ml/").json()[0]["id"]
    assert '"choices":["Good"]' in text(send(ann, project, do="try", model=number), "body")
    assert send(ann, project, do="train", model=number).status_code == 302
    work()
    assert [body["action"] for body in model.asked("/webhook")] == ["START_TRAINING"]
    assert "m0" in text(send(ann, project, do="versions", model=number), "body")
    assert send(ann, project, do="use", model=number, version="m0").status_code == 302
    assert ann.get("/api/ml/").json()[0]["auto_update"] is False
    assert send(ann, project, do="change", model=number, title="Better", url=model.url).status_code == 302
    assert ann.get(f"/api/projects/{project.pk}/").json()["model_version"] == "Better"
    assert send(ann, project, do="predict", model=number).status_code == 302
    assert ann.get("/api/jobs/").json()["results"][0]["title"] == "Predictions of Better"
    assert send(ann, project, do="disconnect", model=number).status_code == 302
    assert ann.get("/api/ml/").json() == []


def test_what_does_not_answer_is_told_in_the_form(model: Model) -> None:  # noqa: F811
    ann = somebody(Role.MANAGER)
    project = project_of(ann)
    model.dead = True
    answer = send(ann, project, do="connect", title="Guesser", url=model.url)
    assert answer.status_code == 400
    assert "could not be connected" in text(answer, "body")
    assert elements(answer, "input", id="url-new")[0].attributes["value"] == model.url


def test_which_predictions_annotators_see_and_deleting_a_version(model: Model) -> None:  # noqa: F811
    ann = somebody(Role.MANAGER)
    project = project_of(ann, tasks=1)
    ann.post("/api/predictions/", {"task": task_ids(project)[0], "result": mood(), "model_version": "v7"})
    assert "1 prediction, the latest just now" in text(page(ann, project), "body")
    fields = {"do": "show", "model_version": "v7", "show_collab_predictions": "on", "min_annotations_to_start_training": 5}
    assert send(ann, project, **fields).status_code == 302
    project.refresh_from_db()
    assert (project.model_version, project.min_annotations_to_start_training) == ("v7", 5)
    assert send(ann, project, **{**fields, "model_version": "nobody"}).status_code == 400
    assert send(ann, project, do="delete-version", version="v7").status_code == 302
    assert ann.get("/api/predictions/", project=project.pk).json() == []
    other = somebody(Role.MANAGER)
    assert send(other, project, do="delete-version", version="v7").status_code == 404
    assert page(somebody(Role.ANNOTATOR, ann.organization), project).status_code == 403
