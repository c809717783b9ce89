"""`/api/dm/views/…` and what asks by a view."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.permissions import Role
from tests.labelled import import_tasks, make_project
from tests.people import Person, somebody

pytestmark = pytest.mark.django_db

FILTERS = {
    "conjunction": "and",
    "items": [{"filter": "filter:tasks:data.text", "operator": "contains", "type": "String", "value": "b"}],
}


@pytest.fixture
def ann() -> Person:
    return somebody(Role.MANAGER)


@pytest.fixture
def project(ann: Person) -> int:
    made = make_project(ann)
    import_tasks(ann, made, [{"text": text} for text in ("a", "b", "ab", "c")])
    return made


def make(person: Person, project: int, **data: Any) -> dict[str, Any]:
    answer = person.post("/api/dm/views/", {"project": project, "data": data})
    assert answer.status_code == 201, answer.content
    made: dict[str, Any] = answer.json()
    return made


def titles(person: Person, **query: Any) -> list[str]:
    return [view["data"]["title"] for view in person.get("/api/dm/views/", **query).json()]


def texts(person: Person, **query: Any) -> list[str]:
    answer = person.get("/api/tasks/", **query)
    assert answer.status_code == 200, answer.content
    return [task["data"]["text"] for task in answer.json()["tasks"]]


def test_a_view_keeps_what_clients_put_into_it(ann: Person, project: int) -> None:
    data = {
        "title": "Mine",
        "type": "list",
        "filters": FILTERS,
        "ordering": ["-tasks:id"],
        "hiddenColumns": {"explore": ["tasks:id"], "labeling": []},
        "gridWidth": 4,
        "own": {"x": 1},
    }
    made = make(ann, project, **data)
    assert made == {"id": made["id"], "data": data, "order": 0, "user": ann.user.pk, "project": project}
    assert ann.get(f"/api/dm/views/{made['id']}").json() == made
    assert ann.get("/api/dm/views", project=project).json() == [made]
    assert ann.get("/api/dm/views/").json() == [made]


def test_a_change_keeps_the_filters_that_it_does_not_name(ann: Person, project: int) -> None:
    view = make(ann, project, title="Mine", filters=FILTERS, ordering=["-tasks:id"])["id"]
    answer = ann.patch(f"/api/dm/views/{view}/", {"data": {"title": "Ours", "ordering": []}})
    assert answer.json()["data"] == {"filters": FILTERS, "ordering": [], "title": "Ours"}
    assert ann.put(f"/api/dm/views/{view}/", {"data": {"title": "X", "filters": {}}}).json()["data"]["filters"] == {}
    assert ann.delete(f"/api/dm/views/{view}/").status_code == 204
    assert ann.get(f"/api/dm/views/{view}/").status_code == 404


def test_views_are_put_in_order_and_reset(ann: Person, project: int) -> None:
    a, b, c = (make(ann, project, title=title)["id"] for title in "abc")
    answer = ann.post("/api/dm/views/order/", {"project": project, "ids": [c, a]})
    assert (answer.status_code, titles(ann, project=project)) == (200, ["c", "a", "b"])
    assert [view["order"] for view in ann.get("/api/dm/views/", project=project).json()] == [0, 1, 2]
    assert ann.post("/api/dm/views/order/", {"project": project, "ids": [b, 10**12]}).status_code == 400
    assert ann.delete("/api/dm/views/reset/", {"project": project}).status_code == 204
    assert titles(ann, project=project) == []
    make(ann, project, title="again")
    assert ann.client.delete(f"/api/dm/views/reset/?project={project}").status_code == 204
    assert titles(ann) == []


def test_a_private_view_is_its_makers_alone(ann: Person, project: int) -> None:
    rob = somebody(Role.REVIEWER, ann.organization)
    own, shared = make(ann, project, title="own", private=True)["id"], make(ann, project, title="shared")["id"]
    assert titles(ann) == ["own", "shared"]
    assert titles(rob) == ["shared"]
    assert rob.get(f"/api/dm/views/{own}/").status_code == 404
    assert rob.get("/api/tasks/", view=own).status_code == 404
    assert rob.patch(f"/api/dm/views/{shared}/", {"data": {"title": "x", "private": True}}).status_code == 403
    assert rob.delete("/api/dm/views/reset/", {"project": project}).status_code == 204
    assert titles(ann) == ["own"]
    ann.patch(f"/api/dm/views/{own}/", {"data": {"title": "shown", "private": False}})
    assert titles(rob) == ["shown"]
    stranger = somebody(Role.OWNER)
    assert (titles(stranger), stranger.get("/api/tasks/", view=own).status_code) == ([], 404)
    assert stranger.post("/api/dm/views/", {"project": project, "data": {}}).status_code == 400


def test_tasks_by_a_view(ann: Person, project: int) -> None:
    view = make(ann, project, title="Mine", filters=FILTERS, ordering=["-tasks:id"])["id"]
    assert texts(ann, view=view) == ["ab", "b"]
    assert texts(ann, view=view, project=project, fields="all") == ["ab", "b"]
    assert texts(ann, view=view, query=json.dumps({"filters": {}})) == ["ab", "b"]
    other = make_project(ann)
    assert ann.get("/api/tasks/", view=view, project=other).status_code == 400
    assert ann.get("/api/tasks/", view=10**12).status_code == 404
    ids = [task["id"] for task in ann.get("/api/tasks", project=project).json()["tasks"]]
    chosen = ann.post(
        "/api/dm/views/", {"project": project, "data": {"title": "s"}, "selected_items": {"all": False, "included": ids[:1]}}
    ).json()
    assert chosen["data"]["selectedItems"] == {"all": False, "included": ids[:1]}
    assert texts(ann, view=chosen["id"]) == ["a"]


@pytest.mark.parametrize(
    "data",
    [
        {"filters": {"conjunction": "and", "items": [{"filter": "filter:tasks:nonsense", "operator": "equal", "value": 1}]}},
        {"filters": {"conjunction": "and", "items": [{"filter": "filter:tasks:project__title", "operator": "equal", "value": 1}]}},
        {"filters": 5}, {"ordering": ["tasks:nonsense"]}, {"selectedItems": 5}, {"title": 5},
    ],
)  # fmt: skip
def test_a_view_that_asks_for_what_cannot_be_asked_is_a_400(ann: Person, project: int, data: dict[str, Any]) -> None:
    answer = ann.post("/api/dm/views/", {"project": project, "data": data})
    assert answer.status_code == 400
    assert all(sentence for sentences in answer.json()["validation_errors"].values() for sentence in sentences)
    view = make(ann, project, title="fine")["id"]
    assert ann.patch(f"/api/dm/views/{view}/", {"data": data}).status_code == 400
    assert ann.post("/api/dm/views/", {"project": project, "data": [1]}).status_code == 400
    assert ann.post("/api/dm/views/", {"data": {}}).status_code == 400


def test_who_may_change_views(ann: Person, project: int) -> None:
    view = make(ann, project, title="fine")["id"]
    bob = somebody(Role.ANNOTATOR, ann.organization)
    assert bob.get("/api/dm/views/", project=project).status_code == 403
    assert bob.patch(f"/api/dm/views/{view}/", {"data": {}}).status_code == 403


def test_the_project_as_the_data_page_reads_it(ann: Person, project: int) -> None:
    body = ann.get("/api/dm/project/", project=project).json()
    expected = {"id": project, "task_count": 4, "annotation_count": 0, "can_delete_tasks": True, "source_syncing": False}
    assert {key: body[key] for key in expected} == expected
    rob = somebody(Role.REVIEWER, ann.organization)
    assert rob.get("/api/dm/project", project=project).json()["can_delete_tasks"] is False
