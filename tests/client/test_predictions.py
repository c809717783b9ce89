"""Scenarios 31-33: predictions in every form, the versions of models, and the actions of the data manager, with the unmodified SDK and the legacy client."""

from __future__ import annotations

from typing import Any

import pytest
from label_studio_sdk import Client as LegacyClient

from tests.client.scenario import TOKEN, Server, refused
from tests.client.test_annotations import project_of
from tests.labelled import TEXT_CONFIG, choice

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("ignore")]

RATED = TEXT_CONFIG.replace("</View>", '<Rating name="stars" toName="text"/></View>')


def test_31_predictions(server: Server, clients: list[Any]) -> None:
    for client in clients:
        project = client.projects.create(title="Predictions", label_config=RATED).id
        (task,) = client.projects.import_tasks(id=project, request=[{"text": "x"}], return_task_ids=True).task_ids
        made = client.predictions.create(task=task, result=choice(), score=0.25, model_version="m1")
        assert (made.result, made.score, made.model_version, made.task, made.project) == (choice(), 0.25, "m1", task, project)
        for said, control, value in (
            ("Neutral", "sentiment", {"choices": ["Neutral"]}),
            ({"choices": ["Negative"]}, "sentiment", {"choices": ["Negative"]}),
            (4, "stars", {"rating": 4}),
        ):
            answer = server.http.post("/api/predictions/", json={"task": task, "result": said, "model_version": "short"})
            (row,) = answer.json()["result"]
            assert (answer.status_code, row["from_name"], row["value"]) == (201, control, value), said
        assert client.predictions.update(id=made.id, score=0.75).score == 0.75
        assert client.predictions.get(id=made.id).score == 0.75
        assert len(client.predictions.list(task=task)) == len(client.predictions.list(project=project)) == 4
        client.predictions.delete(id=made.id)
        refused(404, client.predictions.get, id=made.id)
        refused(400, client.predictions.create, task=10**12, result=choice())
        assert client.projects.get(id=project).total_predictions_number == 3


def test_32_model_versions(server: Server) -> None:
    client = server.sdk()
    project, tasks = project_of(client, 2)
    for version in ("m1", "m2"):
        rows = [{"task": task, "result": choice(), "score": 0.5, "model_version": version} for task in tasks]
        assert client.projects.import_predictions(id=project, request=rows).created == 2
    legacy = LegacyClient(server.url, api_key=TOKEN).get_project(project)
    assert legacy.get_model_versions() == {"m1": 2, "m2": 2}
    legacy.set_model_version("m1")
    assert client.projects.get(id=project).model_version == "m1"
    versions = server.http.get(f"/api/projects/{project}/model-versions/?extended=true").json()["static"]
    assert sorted((row["model_version"], row["count"]) for row in versions) == [("m1", 2), ("m2", 2)]
    gone = server.http.request("DELETE", f"/api/projects/{project}/model-versions/", json={"model_version": "m1"})
    assert (gone.status_code, gone.json()) == (200, {"deleted_predictions": 2})
    assert legacy.get_model_versions() == {"m2": 2}
    assert not client.projects.get(id=project).model_version, "the version that was shown is there no more"


def test_33_actions(server: Server, clients: list[Any]) -> None:
    everything = {"all": True, "excluded": []}
    for client in clients:
        project, tasks = project_of(client, 3)
        rows = [{"task": task, "result": choice("Negative"), "score": 0.5, "model_version": "m1"} for task in tasks]
        client.projects.import_predictions(id=project, request=rows)
        client.tasks.create(project=project, data={"text": "0"})
        offered = {row.id for row in client.actions.list(project=project)}
        assert {"retrieve_tasks_predictions", "predictions_to_annotations", "remove_duplicates", "delete_tasks"} <= offered
        client.actions.create(project=project, id="predictions_to_annotations", selected_items={"all": False, "included": tasks[:2]})
        counts = [task.total_annotations for task in client.tasks.list(project=project)]
        assert counts == [1, 1, 0, 0]
        client.actions.create(project=project, id="predictions_to_annotations", selected_items=everything)
        assert client.projects.get(id=project).total_annotations_number == 3, "what was made from a prediction is not made again"
        client.actions.create(project=project, id="remove_duplicates", selected_items=everything)
        assert [task.id for task in client.tasks.list(project=project)] == tasks
        refused(400, client.actions.create, project=project, id="retrieve_tasks_predictions", selected_items=everything)
        client.actions.create(project=project, id="delete_tasks_predictions", selected_items=everything)
        client.actions.create(project=project, id="delete_tasks_annotations", selected_items={"all": False, "included": tasks[:1]})
        numbers = client.projects.get(id=project)
        assert (numbers.total_predictions_number, numbers.total_annotations_number) == (0, 2)
        client.actions.create(project=project, id="delete_tasks", selected_items={"all": True, "excluded": tasks[1:]})
        assert [task.id for task in client.tasks.list(project=project)] == tasks[1:]


def test_33_the_legacy_client_makes_annotations_of_predictions(server: Server) -> None:
    client = server.sdk()
    project, tasks = project_of(client, 2)
    client.projects.import_predictions(id=project, request=[{"task": tasks[0], "result": choice(), "model_version": "m1"}])
    legacy = LegacyClient(server.url, api_key=TOKEN).get_project(project)
    legacy.create_annotations_from_predictions(model_versions=["m1"])
    assert [task.total_annotations for task in client.tasks.list(project=project)] == [1, 0]
