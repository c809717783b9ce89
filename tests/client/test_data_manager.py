"""Scenarios 23-26 and 34: tasks, their list with filters, orders and pages, and the views of the data manager, with the unmodified SDK."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from label_studio_sdk._legacy import Client as LegacyClient
from label_studio_sdk.data_manager import Column, Filters, Operator, Type

from tests.client.scenario import TOKEN, Server, refused
from tests.labelled import TEXT_CONFIG, choice

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("ignore")]

ROWS: list[dict[str, Any]] = [
    {"data": {"text": "alpha", "n": 1}, "annotations": [{"result": choice()}]},
    {"data": {"text": "beta", "n": 2}, "predictions": [{"result": choice("Negative"), "score": 0.25, "model_version": "v1"}]},
    {"data": {"text": "gamma", "n": 30}},
    {"data": {"text": "Delta", "n": 4}},
]


def project_of(client: Any, rows: list[dict[str, Any]] = ROWS) -> tuple[int, list[int]]:
    project = client.projects.create(title="Data manager", label_config=TEXT_CONFIG).id
    answer = client.projects.import_tasks(id=project, request=rows, return_task_ids=True)
    return project, list(answer.task_ids)


def numbers(client: Any, project: int, *items: Any, conjunction: str = Filters.AND, **query: Any) -> list[int]:
    asked = {"filters": Filters.create(conjunction, list(items)), **query}
    return [task.data["n"] for task in client.tasks.list(project=project, query=json.dumps(asked))]


def test_23_tasks(clients: list[Any]) -> None:
    for client in clients:
        project, ids = project_of(client)
        task = client.tasks.create(project=project, data={"text": "new", "n": 5}, meta={"source": "sdk"})
        assert client.tasks.get(id=str(task.id)).data == {"text": "new", "n": 5}
        assert client.tasks.update(id=str(task.id), data={"text": "newer", "n": 6}).data["text"] == "newer"
        assert [row.id for row in client.tasks.list(project=project)] == [*ids, task.id]
        client.tasks.delete(id=str(task.id))
        refused(404, client.tasks.get, id=str(task.id))
        client.tasks.delete_all_tasks(id=project)
        assert list(client.tasks.list(project=project)) == []


def test_24_filters(clients: list[Any]) -> None:
    now = datetime.now(UTC)
    asked: list[tuple[list[Any], list[int]]] = [
        ([(Column.data("text"), Operator.CONTAINS, Type.String, "A")], [1, 2, 30, 4]),
        ([(Column.data("text"), Operator.NOT_CONTAINS, Type.String, "et")], [1, 30, 4]),
        ([(Column.data("text"), Operator.REGEX, Type.String, "^(alpha|gamma)$")], [1, 30]),
        ([(Column.data("n"), Operator.GREATER, Type.Number, 3)], [30, 4]),
        ([(Column.data("n"), Operator.IN, Type.Number, Filters.value(2, 4))], [2, 4]),
        ([(Column.data("n"), Operator.NOT_IN_LIST, Type.Number, [1, 2])], [30, 4]),
        ([(Column.data("gone"), Operator.EMPTY, Type.String, True)], [1, 2, 30, 4]),
        ([(Column.total_annotations, Operator.GREATER_OR_EQUAL, Type.Number, 1)], [1]),
        ([(Column.total_predictions, Operator.EMPTY, Type.Number, False)], [2]),
        ([(Column.predictions_score, Operator.LESS, Type.Number, 0.5)], [2]),
        ([(Column.predictions_model_versions, Operator.CONTAINS, Type.List, ["v1"])], [2]),
        ([(Column.annotations_results, Operator.CONTAINS, Type.String, "Positive")], [1]),
        ([(Column.inner_id, Operator.IN_LIST, Type.Number, [2, 3])], [2, 30]),
        ([(Column.created_at, Operator.IN, Type.Datetime, Filters.value(now - timedelta(days=1), now + timedelta(days=1)))], [1, 2, 30, 4]),
        ([(Column.completed_at, Operator.EMPTY, Type.Datetime, True)], [2, 30, 4]),
        ([(Column.ground_truth, Operator.EQUAL, Type.Boolean, False)], [2, 30, 4]),
        ([(Column.reviewed, Operator.EQUAL, Type.Boolean, True)], []),
        ([(Column.comments, Operator.EQUAL, Type.Number, 0), (Column.data("n"), Operator.LESS, Type.Number, 3)], [1, 2]),
    ]
    for client in clients:
        project, _ids = project_of(client)
        for conditions, found in asked:
            assert numbers(client, project, *(Filters.item(*condition) for condition in conditions)) == found, conditions
        beta = Filters.item(Column.data("text"), Operator.EQUAL, Type.String, "beta")
        delta = Filters.item(Column.data("text"), Operator.EQUAL, Type.String, "Delta")
        assert numbers(client, project, beta, delta, conjunction=Filters.OR) == [2, 4]
        assert numbers(client, project, beta, delta) == []
        few = Filters.item(Column.data("n"), Operator.LESS, Type.Number, 3)
        assert numbers(client, project, {**few, "child_filter": beta}) == [2]
        body = refused(400, numbers, client=client, project=project, ordering=["tasks:nonsense"])
        assert body["validation_errors"]


def test_25_order_selection_view_and_ids_alone(server: Server, clients: list[Any]) -> None:
    for client in clients:
        project, ids = project_of(client)
        assert numbers(client, project, ordering=["-tasks:data.n"], columnsDisplayType={"tasks:data.n": "Number"}) == [30, 4, 2, 1]
        assert numbers(client, project, ordering=["-tasks:id"]) == [4, 30, 2, 1]
        assert numbers(client, project, selectedItems={"all": False, "included": ids[1:3]}) == [2, 30]
        assert numbers(client, project, selectedItems={"all": True, "excluded": ids[1:3]}) == [1, 4]
        assert numbers(client, project, selectedItems={"all": False, "included": []}) == []
        items = [Filters.item(Column.data("n"), Operator.GREATER, Type.Number, 1)]
        view = client.views.create(project=project, data={"filters": Filters.create(Filters.AND, items), "ordering": ["-tasks:data.text"]})
        assert [task.data["text"] for task in client.tasks.list(view=view.id)] == ["gamma", "beta", "Delta"]
        assert [task.id for task in client.tasks.list(project=project, include="id")] == ids
    legacy = LegacyClient(server.url, api_key=TOKEN).get_project(project)
    assert legacy.get_tasks_ids() == ids
    assert [task["data"]["n"] for task in legacy.get_tasks(view_id=view.id)] == [30, 2, 4]


def test_26_pages_come_to_an_end(server: Server, clients: list[Any]) -> None:
    for client in clients:
        project, ids = project_of(client, [{"data": {"text": str(n)}} for n in range(7)])
        for size in (1, 3, 7, 100):
            assert [task.id for task in client.tasks.list(project=project, page_size=size)] == ids
        past = server.http.get("/api/tasks/", params={"project": project, "page": 2})
        assert (past.status_code, past.json()["status_code"]) == (404, 404)


def test_34_views(server: Server, clients: list[Any]) -> None:
    for client in clients:
        project, _ids = project_of(client)
        first, second = (client.views.create(project=project, data={"title": title, "type": "list"}) for title in ("One", "Two"))
        assert (first.data["title"], first.project, first.order, second.order) == ("One", project, 0, 1)
        assert [view.id for view in client.views.list(project=project)] == [first.id, second.id]
        assert client.views.update(id=str(first.id), data={"title": "Uno"}).data["title"] == "Uno"
        assert client.views.get(id=str(first.id)).data == {"title": "Uno"}
        client.views.update_order(project=project, ids=[second.id, first.id])
        assert [view.id for view in client.views.list(project=project)] == [second.id, first.id]
        client.views.delete(id=str(first.id))
        refused(404, client.views.get, id=str(first.id))
        client.views.delete_all(project=project)
        assert list(client.views.list(project=project)) == []
    legacy = LegacyClient(server.url, api_key=TOKEN).get_project(project)
    legacy.create_view(Filters.create(Filters.OR, []), ordering=["tasks:id"], title="Legacy")
    assert [view["data"]["title"] for view in legacy.get_views()] == ["Legacy"]
