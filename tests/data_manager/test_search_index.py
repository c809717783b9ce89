"""The search index: answers are the same however far it is, and pages and totals of large projects are right."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.events.consumers import consumers
from core.events.delivery import deliver_next
from core.jobs.models import Job
from core.jobs.run import run_job
from core.permissions import Role
from data_manager import queries, totals
from data_manager.models import IndexWork, KeptTotals
from data_manager.search import candidates, consumer, index, tables
from tasks.models import Annotation, Task
from tests.labelled import choice, import_tasks, make_project
from tests.people import Person, somebody

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every project counts as a large one."""
    monkeypatch.setattr(candidates, "LARGE", 0)
    monkeypatch.setattr(queries, "SMALL", 0)
    monkeypatch.setattr(totals, "DEAR", 0)
    monkeypatch.setattr(totals, "PATIENCE", 0)
    monkeypatch.setattr(totals, "STRIDE", 3)
    monkeypatch.setattr(queries, "STRIDE", 3)


@pytest.fixture
def ann() -> Person:
    return somebody(Role.MANAGER)


def catch_up() -> None:
    """What the worker does again and again."""
    mine = next(each for each in consumers() if each.name == consumer.CONSUMER)
    while deliver_next(mine):
        pass
    while index.index_next():
        pass
    assert not IndexWork.objects.filter(parked=False).exists()


def item(column: str, operator: str, value: Any, kind: str = "String") -> dict[str, Any]:
    return {"filter": f"filter:tasks:{column}", "operator": operator, "type": kind, "value": value}


def found(person: Person, project: int, *items: Any, conjunction: str = "and", **query: Any) -> list[int]:
    asked = json.dumps({"filters": {"conjunction": conjunction, "items": items}, **query})
    answer = person.get("/api/tasks", project=project, query=asked, include="id,inner_id")
    assert answer.status_code == 200, answer.content
    rows = answer.json()["tasks"]
    assert answer.json()["total"] == len(rows)
    return [row["inner_id"] for row in rows]


def task_id(project: int, inner_id: int) -> int:
    return Task.objects.get(project_id=project, inner_id=inner_id).pk


def test_answers_are_the_same_before_while_and_after_indexing(ann: Person) -> None:
    bob = somebody(Role.ANNOTATOR, ann.organization)
    project = make_project(ann, maximum_annotations=3)
    texts = ["The quick fox", "a QUICK one", "qui ck", "ünquick ÜBER", "slow", 'say "quick"', "100%_sure", "über"]
    import_tasks(
        ann,
        project,
        [
            {
                "data": {"text": text, "other": {"deep": "quick"} if text == "slow" else n},
                "annotations": [{"result": choice("Negative" if n % 2 else "Positive"), "completed_by": bob.user.pk}] if n < 4 else [],
            }
            for n, text in enumerate(texts)
        ],
    )
    asked: list[tuple[list[Any], dict[str, Any]]] = [
        ([item("data.text", "contains", "quick")], {}), ([item("data.text", "contains", 'y "qui')], {}), ([item("data.text", "contains", "%_s")], {}),
        ([item("data.text", "contains", "qu")], {}), ([item("data.text", "contains", "über")], {}), ([item("data", "contains", "quick")], {}),
        ([item("data.other.deep", "contains", "quick")], {}), ([item("data.text", "not_contains", "quick")], {}),
        ([item("data.text", "contains", "quick"), item("data", "contains", "fox")], {}), ([item("data.text", "contains", "fox"), item("data", "contains", "slow")], {"conjunction": "or"}),
        ([item("labels", "contains", "Positive", "List")], {}), ([item("labels", "contains", ["Positive", "Negative"], "List")], {}), ([item("labels", "not_contains", "Positive", "List")], {}),
        ([item("annotators", "contains", bob.user.pk, "List")], {}), ([item("annotators", "contains", ann.user.pk, "List")], {}),
        ([item("labels", "contains", "Negative", "List"), item("annotators", "contains", bob.user.pk, "List"), item("data.text", "contains", "quick")], {}),
        ([{"conjunction": "and", "items": [item("data.text", "contains", "quick"), item("total_annotations", "greater", 0, "Number")]}], {}),
        ([item("data.text", "contains", "quick")], {"ordering": ["-tasks:id"]}), ([item("data.text", "contains", "quick")], {"ordering": ["-tasks:data.text"]}),
    ]  # fmt: skip

    def answers() -> list[list[int]]:
        return [found(ann, project, *items, **more) for items, more in asked]

    before = answers()
    assert before[:6] == [[1, 2, 4, 6], [6], [7], [1, 2, 3, 4, 6], [8] if connection_folds_ascii() else [4, 8], [1, 2, 4, 5, 6]]
    assert before[10:14] == [[1, 3], [1, 2, 3, 4], [2, 4, 5, 6, 7, 8], [1, 2, 3, 4]]
    catch_up()
    assert answers() == before
    # Changes that the index has not heard of yet.
    ann.patch(f"/api/tasks/{task_id(project, 5)}/", {"data": {"text": "now quick", "other": 1}})
    ann.patch(f"/api/tasks/{task_id(project, 1)}/", {"data": {"text": "now lazy", "other": 1}})
    ann.post(f"/api/tasks/{task_id(project, 8)}/annotations/", {"result": choice("Positive")})
    ann.delete(f"/api/annotations/{Annotation.objects.get(task__inner_id=3, project_id=project).pk}/")
    ann.delete(f"/api/tasks/{task_id(project, 6)}/")
    import_tasks(ann, project, [{"text": "a quick addition"}])
    changed = answers()
    assert changed[0] == [2, 4, 5, 9]
    assert changed[10] == [1, 8]
    assert changed[13:15] == [[1, 2, 4], [8]]
    catch_up()
    assert answers() == changed


def connection_folds_ascii() -> bool:
    """SQLite's LIKE knows the case of ASCII letters only."""
    from django.db import connection

    return connection.vendor == "sqlite"


def test_the_index_is_used(ann: Person) -> None:
    project = make_project(ann)
    import_tasks(ann, project, [{"data": {"text": "word"}, "annotations": [{"result": choice()}]}] * 5)
    catch_up()
    assert not index.Facet.objects.exists()  # nobody has searched yet: an import costs nothing more
    assert found(ann, project, item("labels", "contains", "Positive", "List")) == [1, 2, 3, 4, 5]
    catch_up()
    # Something that only the index could know.
    index.Facet.objects.filter(task_id=task_id(project, 2)).delete()
    KeptTotals.objects.all().delete()
    assert found(ann, project, item("labels", "contains", "Positive", "List")) == [1, 3, 4, 5]
    if tables.has_texts():
        from data_manager.models import Project
        from data_manager.query import read_query

        asked = {"filters": {"conjunction": "and", "items": [item("data.text", "contains", "word")]}}
        assert read_query(Project.objects.get(pk=project), asked).ids is not None


def test_very_long_texts_are_found_though_they_are_not_indexed(ann: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "LONGEST_TEXT", 100)
    project = make_project(ann)
    import_tasks(ann, project, [{"text": "x" * 200 + "needle"}, {"text": "needle"}, {"text": "other"}])
    assert found(ann, project, item("data.text", "contains", "needle")) == [1, 2]
    catch_up()
    assert found(ann, project, item("data.text", "contains", "needle")) == [1, 2]
    ann.patch(f"/api/tasks/{task_id(project, 1)}/", {"data": {"text": "short"}})
    catch_up()
    assert found(ann, project, item("data.text", "contains", "needle")) == [2]
    assert not IndexWork.objects.filter(parked=True, project_id=project).exists()


def test_every_page_of_a_filter_follows_the_one_before(ann: Person) -> None:
    project = make_project(ann)
    import_tasks(ann, project, [{"text": f"{'even' if n % 2 == 0 else 'odd'} {n % 5}"} for n in range(25)])
    catch_up()

    def page(ordering: list[str], **query: Any) -> Any:
        asked = {"filters": {"conjunction": "and", "items": [item("data.text", "contains", "even")]}, "ordering": ordering}
        return ann.get("/api/tasks", project=project, query=json.dumps(asked), include="id", **query)

    for ordering in ([], ["-tasks:id"], ["tasks:updated_at"], ["-tasks:total_annotations"], ["tasks:data.text"]):
        whole = page(ordering, page_size=100).json()["tasks"]
        assert len(whole) == 13
        for size, late in ((2, ""), (4, "late"), (5, ""), (13, "late")):
            paged: list[Any] = []
            for number in range(1, 13 // size + 3):
                answer = page(ordering, page=number, page_size=size, totals=late)
                paged += answer.json()["tasks"] if answer.status_code == 200 else []
            assert (paged, answer.status_code) == (whole, 404)


def test_totals_that_are_dear_come_late(ann: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    project = make_project(ann)
    import_tasks(ann, project, [{"data": {"text": f"even {n}"}, "annotations": [{"result": choice()}]} for n in range(30)])
    asked = json.dumps({"filters": {"conjunction": "and", "items": [item("data.text", "contains", "even")]}})
    exact = {"total": 30, "total_annotations": 30, "total_predictions": 0}

    def never(*_: Any, **__: Any) -> Any:
        raise queries.TookTooLong

    with monkeypatch.context() as patch:
        patch.setattr(queries, "totals_of", never)
        body = ann.get("/api/tasks", project=project, query=asked, page=2, page_size=10, totals="late").json()
        assert (len(body["tasks"]), body["total"], body["totals"]) == (10, 21, "late")
        body = ann.get("/api/tasks", project=project, query=asked, page=4, page_size=9, totals="late").json()
        assert (len(body["tasks"]), body["total"], body["totals"]) == (3, 30, "exact")
        body = ann.get("/api/tasks", project=project, query=asked, page_size=10).json()
        assert (len(body["tasks"]), body["total"], body["totals"]) == (10, 30, "late")
        ann.get("/api/tasks", project=project, query=asked, page_size=10)
    (job,) = Job.objects.filter(kind="data_manager.count")  # asked for twice, counted once
    run_job.call(job.pk)
    job.refresh_from_db()
    assert (job.status, job.result) == ("done", '{"tasks":30}')
    assert (KeptTotals.objects.get(project_id=project).tasks, job.organization_id) == (30, None)
    KeptTotals.objects.all().delete()
    counted = ann.get("/api/dm/totals", project=project, query=asked).json()
    assert counted == {**exact, "index_lag": 30 if tables.has_texts() else 0}
    assert KeptTotals.objects.filter(project_id=project).count() == 1
    body = ann.get("/api/tasks", project=project, query=asked, page_size=5, totals="late").json()
    assert {key: body[key] for key in exact} == exact
    assert "totals" not in ann.get("/api/tasks", project=project, query=asked, page_size=5).json()
    ann.delete(f"/api/tasks/{task_id(project, 3)}/")
    catch_up()
    after = ann.get("/api/dm/totals", project=project, query=asked).json()
    assert (after["total"], after["index_lag"]) == (29, 0)


def test_a_statement_is_ended_when_its_time_is_over() -> None:
    from data_manager.bounded import TookTooLong, at_most
    from tasks.sets import rows

    slow = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000000) SELECT COUNT(*) FROM n"
    with pytest.raises(TookTooLong), at_most(0.05):
        rows(slow)
    with at_most(5):
        assert rows("SELECT 1") == [(1,)]
    assert rows("SELECT 2") == [(2,)]
