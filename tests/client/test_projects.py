"""Scenarios 7-14: projects and labeling set-ups, with the unmodified SDK."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.client.scenario import EMAIL, TOKEN, Server, refused
from tests.labelled import TEXT_CONFIG, choice

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("ignore")]

DEFAULTS = {
    "title": "", "description": "", "label_config": "<View></View>", "expert_instruction": "", "show_instruction": False,
    "show_skip_button": True, "enable_empty_annotation": True, "show_annotation_history": False, "color": "#FFFFFF", "maximum_annotations": 1,
    "is_published": False, "model_version": "", "is_draft": False, "min_annotations_to_start_training": 0,
    "start_training_on_annotation_update": False, "show_collab_predictions": True, "num_tasks_with_annotations": None, "task_number": None,
    "useful_annotation_number": None, "ground_truth_number": None, "skipped_annotations_number": None, "total_annotations_number": None,
    "total_predictions_number": None, "finished_task_number": None, "sampling": "Sequential sampling", "show_ground_truth_first": False,
    "annotator_evaluation_enabled": False, "show_overlap_first": False, "overlap_cohort_percentage": 100, "task_data_login": None,
    "task_data_password": None, "control_weights": {}, "parsed_label_config": {}, "evaluate_predictions_automatically": False,
    "config_has_control_tags": False, "skip_queue": "REQUEUE_FOR_OTHERS", "reveal_preannotations_interactively": False, "pinned_at": None,
    "queue_total": 0, "queue_done": 0, "config_suitable_for_bulk_annotation": False, "state": None,
}  # fmt: skip
WRITABLE = {
    "title": "Birds", "description": "Of the north", "label_config": TEXT_CONFIG, "expert_instruction": "<b>Look</b> twice",
    "show_instruction": True, "show_skip_button": False, "enable_empty_annotation": False, "show_annotation_history": True,
    "color": "#5B4FE9", "maximum_annotations": 3, "is_published": True, "is_draft": True, "min_annotations_to_start_training": 10,
    "sampling": "Uniform sampling", "show_ground_truth_first": True, "annotator_evaluation_enabled": True, "show_overlap_first": True,
    "overlap_cohort_percentage": 50, "control_weights": {"sentiment": {"overall": 0.5, "type": "Choices", "labels": {"Positive": 1.0}}},
    "evaluate_predictions_automatically": True, "skip_queue": "IGNORE_SKIPPED", "reveal_preannotations_interactively": True,
    "pinned_at": "2026-01-02T03:04:05Z",
}  # fmt: skip


def config(labels: str, name: str = "sentiment") -> str:
    choices = "".join(f'<Choice value="{label}"/>' for label in labels.split())
    return f'<View><Text name="text" value="$text"/><Choices name="{name}" toName="text">{choices}</Choices></View>'


def test_07_defaults(server: Server, clients: list[Any]) -> None:
    for client in clients:
        made = client.projects.create()
        raw = server.http.get(f"/api/projects/{made.id}/").json()
        created = server.http.post("/api/projects", content=b"").json()
        assert {name: created.get(name, "absent") for name in DEFAULTS} == DEFAULTS
        assert created["created_by"]["email"] == EMAIL
        assert (raw["task_number"], raw["organization"]) == (0, server.organization)
        assert raw["parsed_label_config"] == {}


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"label_config": "<View>"}, "label_config"),
        ({"label_config": '<View><Choices name="a" toName="nothing"><Choice value="x"/></Choices></View>'}, "label_config"),
        ({"label_config": '<!DOCTYPE x [<!ENTITY a "b">]><View>&a;</View>'}, "label_config"),
        ({"title": "ab"}, "title"),
        ({"title": "a" * 51}, "title"),
        ({"color": "blue"}, "color"),
        ({"maximum_annotations": 0}, "maximum_annotations"),
    ],
)
def test_08_bad_projects_are_bad_requests_that_name_the_field(clients: list[Any], fields: dict[str, Any], field: str) -> None:
    for client in clients:
        body = refused(400, client.projects.create, **fields)
        assert list(body["validation_errors"]) == [field]


def test_09_listing_and_paging(server: Server, clients: list[Any]) -> None:
    ids = [server.http.post("/api/projects/", json={"title": f"Project {n}"}).json()["id"] for n in range(35)]
    server.http.patch(f"/api/projects/{ids[0]}/", json={"pinned_at": "2026-01-01T00:00:00Z"})
    for client in clients:
        assert [row.id for row in client.projects.list(page_size=10)] == [ids[0], *reversed(ids[1:])]
        assert {row.id for row in client.projects.list(ids=f"{ids[3]},{ids[4]}")} == {ids[3], ids[4]}
        assert {row.title for row in client.projects.list(title="ject 3")} == {"Project 3", *(f"Project {n}" for n in range(30, 35))}
        assert [row.id for row in client.projects.list(filter="pinned_only")] == [ids[0]]
        assert len(list(client.projects.list(filter="exclude_pinned"))) == 34
        assert [row.id for row in client.projects.list(ordering="id", page_size=10)] == ids
        assert {row.id for row in client.projects.list_counts(page_size=100).results} == set(ids)
    assert set(server.http.get("/api/projects/?include=id,title").json()["results"][0]) == {"id", "title"}
    assert server.http.get("/api/projects/?page=9").status_code == 404


def test_10_every_writable_field_is_kept(server: Server, clients: list[Any]) -> None:
    for client in clients:
        project = client.projects.create(title="New")
        client.projects.update(id=project.id, **WRITABLE)
        raw = server.http.get(f"/api/projects/{project.id}/").json()
        assert {name: raw[name] for name in WRITABLE} == WRITABLE
        assert raw["start_training_on_annotation_update"] is True
        assert raw["config_has_control_tags"] is True
        form = httpx.patch(
            f"{server.url}/api/projects/{project.id}",
            headers={"Authorization": f"Token {TOKEN}"},
            data={"is_published": "False", "title": "By form"},
        ).json()
        assert (form["is_published"], form["title"]) == (False, "By form")
        body = refused(400, client.projects.update, id=project.id, model_version="nobody's")
        assert "model_version" in body["validation_errors"]


@pytest.mark.parametrize("imported", [False, True], ids=["submitted", "imported"])
def test_11_what_may_change_in_a_labeling_set_up(clients: list[Any], imported: bool) -> None:
    """Label Studio never counts imported annotations, and lets their control be renamed."""
    for client in clients:
        project = client.projects.create(title="Changes", label_config=config("Positive Negative"))
        task: dict[str, Any] = {"data": {"text": "x"}}
        if imported:
            task["annotations"] = [{"result": choice("Positive")}]
        (pk,) = client.projects.import_tasks(id=project.id, request=[task], return_task_ids=True).task_ids
        if not imported:
            client.annotations.create(id=pk, result=choice("Positive"))
        renamed = config("Positive Negative", name="mood")
        assert "label_config" in refused(400, client.projects.update, id=project.id, label_config=renamed)["validation_errors"]
        fewer = config("Negative")
        refused(400, client.projects.validate_label_config, id=project.id, label_config=fewer)
        more = config("Positive Negative Neutral")
        assert client.projects.validate_label_config(id=project.id, label_config=more).config_essential_data_has_changed is True
        assert client.projects.update(id=project.id, label_config=more).label_config == more


def test_12_validating_a_set_up(server: Server, clients: list[Any]) -> None:
    for client in clients:
        project = client.projects.create(title="Checks", label_config=TEXT_CONFIG)
        assert client.projects.validate_label_config(id=project.id, label_config=TEXT_CONFIG).config_essential_data_has_changed is None
        assert (
            "label_config" in refused(400, client.projects.validate_label_config, id=project.id, label_config="<View")["validation_errors"]
        )
    good, bad = (httpx.post(f"{server.url}/api/projects/validate/", json={"label_config": text}) for text in (TEXT_CONFIG, "<View"))
    assert (good.status_code, good.content) == (204, b"")
    assert (bad.status_code, list(bad.json())) == (400, ["label_config"])


def test_13_the_label_interface_goes_round(server: Server) -> None:
    client = server.sdk()
    project = client.projects.create(title="Interface", label_config=TEXT_CONFIG)
    interface = client.projects.get(id=project.id).get_label_interface()
    assert interface.get_control("sentiment").labels == ["Positive", "Negative", "Neutral"]
    assert interface.validate_task({"data": {"text": "x"}})
    task = client.tasks.create(project=project.id, data={"text": "x"})
    made = client.annotations.create(id=task.id, result=interface.get_control("sentiment").label("Positive").regions if False else choice())
    assert interface.validate_annotation({"result": made.result})


def test_14_deleting_a_project_takes_everything_with_it(server: Server, clients: list[Any]) -> None:
    for client in clients:
        project = client.projects.create(title="Short-lived", label_config=TEXT_CONFIG)
        task = client.tasks.create(project=project.id, data={"text": "x"})
        annotation = client.annotations.create(id=task.id, result=choice())
        client.predictions.create(task=task.id, result=choice())
        client.projects.delete(id=project.id)
        for path in (f"projects/{project.id}", f"tasks/{task.id}", f"annotations/{annotation.id}", f"projects/{project.id}/summary"):
            assert server.http.get(f"/api/{path}/").status_code == 404
        assert client.predictions.list(task=task.id) == []
        again = client.tasks.create(project=client.projects.create(title="Next", label_config=TEXT_CONFIG).id, data={"text": "y"})
        assert again.id > task.id, "ids are never given twice"


def test_a_copy_of_a_project(server: Server, clients: list[Any]) -> None:
    bob = server.person()
    for client in clients:
        source = client.projects.create(title="Original", label_config=TEXT_CONFIG, maximum_annotations=2)
        client.projects.members.add(id=source.id, user=bob.id)
        client.projects.import_tasks(id=source.id, request=[{"text": str(n)} for n in range(5)])
        plain = client.projects.duplicate(id=source.id, mode="settings", title="Settings", workspace=0)
        whole = client.projects.duplicate(id=source.id, mode="settings,data", title="Whole", workspace=0, include_members=True)
        copies = [client.projects.get(id=copy.id) for copy in (plain, whole)]
        assert [(copy.title, copy.maximum_annotations, copy.task_number) for copy in copies] == [("Settings", 2, 0), ("Whole", 2, 5)]
        assert [task.data["text"] for task in client.tasks.list(project=whole.id)] == list("01234")
        assert [row["id"] for row in server.http.get(f"/api/projects/{whole.id}/members/").json()] == [bob.id]


def test_members_and_roles_of_a_project(server: Server, clients: list[Any]) -> None:
    bob = server.person()
    for client in clients:
        project = client.projects.create(title="Members", label_config=TEXT_CONFIG)
        assert client.projects.members.bulk.post(id=project.id, all_=False, included=[bob.id, 10**9]).assignments == 1
        (role,) = client.projects.roles.get(id=project.id)
        assert (role.user, role.role) == (bob.id, "AN")
        page = client.projects.members.paginated.list(id=project.id, implicit=False)
        rows = page if isinstance(page, list) else list(page)
        assert [row.id for row in rows] == [bob.id]
        refused(400, client.projects.roles.add, project=project.id, role="MA", user=bob.id)
        client.projects.roles.remove(id=role.id)
        assert client.projects.roles.list(ids=[project.id]) == []
