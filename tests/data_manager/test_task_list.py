"""`GET /api/tasks`: pages, rows, filters and ordering as Label Studio's clients send them."""

from __future__ import annotations

import itertools
import json
from typing import Any
from urllib.parse import quote

import orjson
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.errors import Refused
from core.permissions import Role
from data_manager import bounded
from data_manager.operators import MATCHES
from data_manager.query import TaskQuery
from data_manager.sql import Sql
from tasks.models import Annotation, Draft, Prediction, Task
from tasks.sets import rows
from tests.labelled import choice, import_tasks, make_project
from tests.people import Person, somebody

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann() -> Person:
    return somebody(Role.MANAGER)


@pytest.fixture
def bob(ann: Person) -> Person:
    return somebody(Role.ANNOTATOR, ann.organization)


@pytest.fixture
def project(ann: Person, bob: Person) -> int:
    """Six tasks: a (answered by both), b (skipped by bob), c (predicted), d (untouched), e (only other keys), f (predicted and answered)."""
    project = make_project(ann, maximum_annotations=1)
    import_tasks(
        ann,
        project,
        [
            {
                "data": {"text": "Alpha one", "n": 5, "tag": "x", "when": "2024-02-28", "ok": True}, "created_at": "2021-01-01T00:00:00Z",
                "annotations": [
                    {"result": choice(), "completed_by": bob.user.pk, "lead_time": 4, "created_at": "2022-01-01T10:00:00Z"},
                    {"result": choice("Negative"), "completed_by": ann.user.pk, "lead_time": 8, "created_at": "2022-01-02T10:00:00Z"},
                ],
            },
            {"data": {"text": "beta", "n": 10, "tag": "x", "when": "2024-02-29T09:00:00Z", "ok": "true"}, "annotations": [{"result": [], "was_cancelled": True, "completed_by": bob.user.pk}], "created_at": "2021-01-02T00:00:00Z"},
            {"data": {"text": "gamma", "n": "7", "tag": "y", "when": "2024-12-31T23:59:59.5+01:00", "ok": False}, "predictions": [{"result": choice(), "score": 0.2, "model_version": "m1"}, {"result": choice(), "score": 0.9, "model_version": "m0"}]},
            {"data": {"text": "delta 50%_", "n": 9.5, "tag": None, "when": "2023-02-29"}},
            {"data": {"text": "Epsilon \"quoted\"", "a.b": "dotted", "deep": {"key": "inner"}, "list": [1]}},
            {"data": {"text": "Ünal", "n": -1, "tag": "z"}, "predictions": [{"result": choice("Neutral"), "score": 0.6, "model_version": "m1"}],
             "annotations": [{"result": choice("Neutral"), "completed_by": ann.user.pk}]},
        ],
    )  # fmt: skip
    answer = ann.patch(f"/api/projects/{project}/", {"model_version": "m1"})
    assert answer.status_code == 200, answer.content
    return project


def get(person: Person, project: int, **query: Any) -> Any:
    if "query" in query:
        query["query"] = json.dumps(query["query"])
    return person.get("/api/tasks", project=project, **query)


def tasks(person: Person, project: int, **query: Any) -> list[dict[str, Any]]:
    answer = get(person, project, **query)
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["tasks"]
    return found


def letters(person: Person, project: int, *items: Any, conjunction: str = "and", **query: Any) -> str:
    """The tasks that filters let through, as the letters of the fixture."""
    filters = {
        "conjunction": conjunction,
        "items": [
            {"filter": f"filter:tasks:{column}", "operator": operator, "type": kind, "value": value}
            for column, operator, kind, value in items
        ],
    }
    answer = get(person, project, query={"filters": filters, **query})
    assert answer.status_code == 200, answer.content
    first = Task.objects.filter(project_id=project).order_by("id").values_list("pk", flat=True)[0]
    return "".join("abcdef"[row["id"] - first] for row in answer.json()["tasks"])


def nested(depth: int) -> dict[str, Any]:
    inner: dict[str, Any] = {"filter": "filter:tasks:id", "operator": "equal", "value": 1}
    for _ in range(depth):
        inner = {"conjunction": "and", "items": [inner]}
    return inner


def test_a_page_has_the_rows_and_the_totals(ann: Person, project: int) -> None:
    body = get(ann, project).json()
    assert {key: body[key] for key in ("total", "total_annotations", "total_predictions")} == {
        "total": 6,
        "total_annotations": 3,
        "total_predictions": 3,
    }
    row = body["tasks"][0]
    ids = ",".join(map(str, Annotation.objects.filter(task_id=row["id"]).order_by("id").values_list("pk", flat=True)))
    bob_id = Annotation.objects.filter(task_id=row["id"]).order_by("id")[0].completed_by_id
    expected = {
        "data": {"text": "Alpha one", "n": 5, "tag": "x", "when": "2024-02-28", "ok": True}, "meta": {}, "is_labeled": True, "overlap": 1, "inner_id": 1, "total_annotations": 2, "cancelled_annotations": 0,
        "total_predictions": 0, "comment_count": 0, "unresolved_comment_count": 0, "last_comment_updated_at": None, "project": project, "file_upload": None,
        "storage_filename": None, "comment_authors": [], "annotators": [bob_id, ann.user.pk], "annotations_ids": ids, "avg_lead_time": 6.0, "completed_at": "2022-01-02T10:00:00Z",
        "predictions_score": None, "predictions_model_versions": "", "predictions_results": "", "draft_exists": False, "drafts": [],
        "created_at": "2021-01-01T00:00:00Z",
    }  # fmt: skip
    assert {key: row[key] for key in expected} == expected
    assert "annotations" not in row
    assert "predictions" not in row
    assert row["annotations_results"].startswith(
        "[{id: r1, from_name: sentiment, to_name: text, type: choices, value: {choices: [Positive]}}], [{"
    )
    third = body["tasks"][2]
    assert (third["predictions_score"], third["predictions_model_versions"], third["completed_at"], third["avg_lead_time"]) == (
        0.2,
        "m1,m0",
        None,
        None,
    )


def test_fields_all_brings_annotations_predictions_and_my_drafts(ann: Person, bob: Person, project: int) -> None:
    first = Task.objects.filter(project_id=project).order_by("id")[0]
    for person, label in ((ann, "Positive"), (bob, "Negative")):
        Draft.objects.create(
            task=first,
            project_id=project,
            user=person.user,
            result=orjson.dumps(choice(label)).decode(),
            created_at=first.created_at,
            updated_at=first.created_at,
        )
    found = tasks(ann, project, fields="all")
    row = found[0]
    assert [item["completed_by"] for item in row["annotations"]] == [bob.user.pk, ann.user.pk]
    assert row["annotations"][0]["result"] == choice()
    assert row["annotations"][0]["created_username"] == f" {bob.user.first_name} {bob.user.last_name} {bob.user.email}, {bob.user.pk}"
    assert {"result", "lead_time", "was_cancelled", "ground_truth", "parent_prediction", "created_ago", "draft_created_at"} <= row[
        "annotations"
    ][0].keys()
    assert (row["draft_exists"], [draft["result"] for draft in row["drafts"]], row["drafts"][0]["user"]) == (
        True,
        [choice()],
        ann.user.email,
    )
    assert [item["score"] for item in found[2]["predictions"]] == [0.2, 0.9]
    assert tasks(ann, project)[0]["drafts"] == []


def test_include_narrows_the_rows(ann: Person, project: int) -> None:
    assert [list(row) for row in tasks(ann, project, include="id")] == [["id"]] * 6
    assert tasks(ann, project, include="id,total_annotations", fields="all")[0].keys() == {"id", "total_annotations"}


def test_pages_follow_each_other_and_end_with_a_404(ann: Person, project: int) -> None:
    ids = list(Task.objects.filter(project_id=project).order_by("id").values_list("pk", flat=True))
    pages = [[row["id"] for row in tasks(ann, project, page=page, page_size=4)] for page in (1, 2)]
    assert pages == [ids[:4], ids[4:]]
    past = get(ann, project, page=3, page_size=4)
    assert (past.status_code, past.json()["status_code"]) == (404, 404)
    empty = get(ann, make_project(ann))
    assert (empty.status_code, empty.json()) == (200, {"tasks": [], "total": 0, "total_annotations": 0, "total_predictions": 0})
    assert get(ann, make_project(ann), page=2).status_code == 404
    assert get(ann, project, page_size=20_000).status_code == 400
    for query in ({}, {"project": "x"}, {"view": 5}):
        answer = ann.get("/api/tasks", **query)
        assert answer.status_code in (400, 404)
        assert "detail" in answer.json()


@pytest.mark.parametrize("gaps", [False, True])
@pytest.mark.parametrize("ordering", ["tasks:id", "-tasks:id"])
def test_every_page_is_right_with_and_without_gaps_in_the_ids(ann: Person, gaps: bool, ordering: str) -> None:
    from projects.models import Project

    project, other = make_project(ann), make_project(ann)
    for n in range(7):
        import_tasks(ann, project, [{"text": f"{n}a"}, {"text": f"{n}b"}])
        if gaps:
            import_tasks(ann, other, [{"text": "x"}])
    ids = list(Task.objects.filter(project_id=project).order_by("id").values_list("pk", flat=True))
    assert (ids[-1] - ids[0] + 1 == len(ids)) is not gaps
    assert Project.objects.get(pk=project).task_number == 14
    wanted = ids if ordering == "tasks:id" else ids[::-1]
    for size in (1, 3, 5, 14, 100):
        found: list[int] = []
        for page in itertools.count(1):
            answer = get(ann, project, page=page, page_size=size, include="id", query={"ordering": [ordering]})
            if answer.status_code == 404:
                break
            found += [row["id"] for row in answer.json()["tasks"]]
        assert found == wanted


@pytest.mark.parametrize("fields", ["task_only", "all"])
@pytest.mark.parametrize(
    "query",
    [
        {},
        {
            "filters": {
                "conjunction": "and",
                "items": [{"filter": "filter:tasks:data.text", "operator": "contains", "type": "String", "value": "a"}],
            }
        },
        {"ordering": ["tasks:data.text"]},
    ],
)
def test_a_page_costs_at_most_six_statements_however_many_tasks(ann: Person, project: int, fields: str, query: dict[str, Any]) -> None:
    """Label Studio's fault 8: its page multiplies annotations by predictions, and asks once for each task."""

    def statements() -> int:
        get(ann, project)  # whatever is read once and kept
        with CaptureQueriesContext(
            connection,
        ) as captured:
            tasks(ann, project, fields=fields, query=query)
        return len(
            [
                entry
                for entry in captured.captured_queries
                if "session" not in entry["sql"] and "organizations_" not in entry["sql"].split("WHERE")[0]
            ]
        )

    few = statements()
    import_tasks(ann, project, [{"data": {"text": "a"}, "annotations": [{"result": choice()}], "predictions": [{"result": choice()}]}] * 50)
    assert statements() == few
    assert few <= 6


FILTERS: list[tuple[Any, str]] = [
    (("total_annotations", "equal", "Number", 2), "a"), (("total_annotations", "not_equal", "Number", 2), "bcdef"), (("total_annotations", "greater", "Number", "0"), "af"),
    (("total_annotations", "less_or_equal", "Number", 0), "bcde"), (("total_annotations", "in", "Number", {"min": 1, "max": 2}), "af"),
    (("total_annotations", "not_in", "Number", {"min": 1, "max": 2}), "bcde"), (("total_annotations", "in_list", "Number", [1, 2]), "af"), (("total_annotations", "empty", "Number", True), "bcde"),
    (("cancelled_annotations", "greater_or_equal", "Number", 1), "b"), (("total_predictions", "empty", "Number", False), "cf"),
    (("inner_id", "in_list", "Number", [1, 6]), "af"), (("inner_id", "not_in_list", "Number", [1, 6]), "bcde"), (("inner_id", "less", "Number", 3), "ab"),
    (("data.text", "contains", "String", "ALPHA"), "a"), (("data.text", "not_contains", "String", "a"), "e"), (("data.text", "equal", "String", "beta"), "b"),
    (("data.text", "not_equal", "String", "beta"), "acdef"), (("data.text", "contains", "String", "50%_"), "d"), (("data.text", "contains", "String", "%"), "d"),
    (("data.text", "regex", "String", "^[A-E]"), "ae"), (("data.text", "starts_with", "String", "ga"), "c"), (("data.text", "ends_with", "String", "one"), "a"),
    (("data.text", "in_list", "String", ["beta", "gamma"]), "bc"), (("data.text", "contains", "String", '"quoted"'), "e"), (("data.text", "contains", "String", "Ünal"), "f"),
    (("data.tag", "empty", "String", True), "de"), (("data.tag", "empty", "String", False), "abcf"), (("data.tag", "not_contains", "String", "x"), "cdef"),
    (("data.n", "greater", "Number", 6), "bcd"), (("data.n", "equal", "Number", 7), "c"), (("data.n", "equal", "String", "5"), "a"), (("data.n", "in", "Number", {"min": 5, "max": 9.5}), "acd"),
    (("data.n", "empty", "Number", True), "e"), (("data.a.b", "equal", "String", "dotted"), "e"), (("data.deep.key", "equal", "String", "inner"), "e"), (("data.nothing", "equal", "String", "x"), ""),
    (('data.we"ird', "equal", "String", "x"), ""), (("data.x'; DROP TABLE tasks_task; --", "equal", "String", "x"), ""),
    (("predictions_score", "less", "Number", 0.5), "c"), (("predictions_score", "empty", "Number", False), "cf"), (("predictions_model_versions", "contains", "List", ["m0"]), "c"),
    (("predictions_model_versions", "contains", "List", "m1"), "cf"), (("predictions_model_versions", "not_contains", "List", "m1"), "abde"),
    (("annotations_results", "contains", "String", "Neutral"), "f"), (("annotations_results", "contains", "String", "neutral"), ""), (("annotations_results", "empty", "String", True), "cde"),
    (("annotations_results", "equal", "String", choice("Neutral")), "f"), (("predictions_results", "contains", "String", "Neutral"), "f"),
    (("created_at", "less", "Datetime", "2021-01-01T12:00:00.000Z"), "a"), (("created_at", "in", "Datetime", {"min": "2021-01-01", "max": "2021-01-03T00:00:00+01:00"}), "ab"),
    (("created_at", "greater", "Datetime", "2021-06-01T00:00:00.000000Z"), "cdef"),
    (("completed_at", "empty", "Datetime", False), "af"), (("completed_at", "equal", "Datetime", "2022-01-02T10:00:00Z"), "a"),
    (("avg_lead_time", "equal", "Number", 6), "a"), (("draft_exists", "equal", "Boolean", True), ""), (("draft_exists", "equal", "Boolean", "false"), "abcdef"),
    (("total_annotations", "exists", "Number", True), "af"), (("total_annotations", "not_exists", "Number", None), "bcde"), (("total_annotations", "contains", "Number", 2), "a"),
    (("inner_id", "contains", "Number", "2"), "b"), (("inner_id", "not_starts_with", "Number", "2"), "acdef"), (("inner_id", "regex", "Number", "^[12]$"), "ab"),
    (("data.text", "not_regex", "String", "^[A-E]"), "bcdf"), (("data.text", "not_starts_with", "String", "ga"), "abdef"), (("data.text", "not_ends_with", "String", "one"), "bcdef"),
    (("data.text", "not_in_list", "String", ["beta"]), "acdef"), (("data.text", "exists", "String", True), "abcdef"), (("data.tag", "not_exists", "String", True), "de"), (("data.tag", "exists", "Unknown", False), "de"),
    (("data.list[0]", "equal", "String", "1"), "e"), (("data.list.0", "equal", "Number", 1), "e"), (("data.deep", "contains", "String", "inner"), "e"), (("data.list", "equal", "List", "[1]"), "e"),
    (("data.when", "less", "Datetime", "2024-03-01T00:00:00Z"), "ab"), (("data.when", "equal", "Datetime", "2024-02-29T10:00:00+01:00"), "b"), (("data.when", "in", "Datetime", {"min": "2024-02-29", "max": "2025-01-01"}), "bc"),
    (("data.when", "empty", "Datetime", False), "abc"), (("data.when", "in_list", "Datetime", ["2024-02-29T09:00:00Z"]), "b"), (("data.ok", "equal", "Boolean", True), "ab"), (("data.ok", "equal", "String", "true"), "ab"),
    (("data.ok", "not_equal", "Boolean", True), "cdef"), (("data.n", "in_list", "Number", [5, 9.5]), "ad"), (("data.n", "not_in", "Number", {"min": 5, "max": 9.5}), "bef"),
    (("data", "contains", "String", "INNER"), "e"), (("data", "contains", "String", "ph"), "a"), (("data", "not_contains", "String", "ph"), "bcdef"), (("data", "regex", "String", "^b"), "b"), (("data", "equal", "String", "gamma"), "c"),
    (("labels", "contains", "List", "Positive"), "a"), (("labels", "contains", "List", ["Negative", "Neutral"]), "af"), (("labels", "not_contains", "List", "Positive"), "bcdef"), (("labels", "equal", "List", "choices"), ""),
    (("labels", "contains", "List", "Posi"), ""), (("labels", "empty", "List", True), "bcde"), (("ground_truth", "equal", "Boolean", False), "cde"),
    (("annotations_results", "regex", "String", "Neu?tral"), "f"), (("annotations_results", "not_contains", "String", "Neutral"), "abcde"), (("annotations_results", "exists", "String", True), "abf"),
    (("predictions_results", "starts_with", "String", "[{"), "cf"), (("predictions_model_versions", "regex", "List", "^m[0]$"), "c"), (("predictions_model_versions", "in_list", "List", ["m0", "m1"]), "cf"),
    (("predictions_model_versions", "exists", "List", True), "cf"), (("created_at", "in_list", "Datetime", ["2021-01-01T00:00:00Z"]), "a"), (("created_at", "exists", "Datetime", True), "abcdef"),
    (("unresolved_comment_count", "greater", "Number", 0), ""), (("comments", "empty", "Number", True), "abcdef"), (("agreement", "empty", "Number", True), "abcdef"), (("reviewed", "equal", "Boolean", True), ""),
    (("reviewers", "contains", "List", 5), ""), (("reviews_accepted", "equal", "Number", 0), "abcdef"), (("storage_filename", "empty", "String", True), "abcdef"), (("draft_exists", "empty", "Boolean", False), "abcdef"),
    (("is_labeled", "equal", "Boolean", True), "af"), (("file_upload", "empty", "String", True), "abcdef"),
]  # fmt: skip


def test_filters(ann: Person, project: int) -> None:
    """Every operator of every kind of column: what was asked, and the tasks it finds."""
    wrong = [(item, found, letters(ann, project, item)) for item, found in FILTERS if letters(ann, project, item) != found]
    assert wrong == []


def test_filters_on_people_and_ids(ann: Person, bob: Person, project: int) -> None:
    assert letters(ann, project, ("annotators", "contains", "List", bob.user.pk)) == "ab"
    assert letters(ann, project, ("annotators", "not_contains", "List", bob.user.pk)) == "cdef"
    assert letters(ann, project, ("annotators", "contains", "List", [ann.user.pk, bob.user.pk])) == "abf"
    assert letters(ann, project, ("annotators", "empty", "List", True)) == "cde"
    assert letters(ann, project, ("updated_by", "contains", "List", ann.user.pk)) == ""
    second = Task.objects.filter(project_id=project).order_by("id").values_list("pk", flat=True)[1]
    assert ann.patch(f"/api/tasks/{second}/", {"meta": {"seen": True}}).status_code == 200
    assert letters(ann, project, ("updated_by", "contains", "List", ann.user.pk)) == "b"
    ids = list(Annotation.objects.filter(project_id=project).order_by("id").values_list("pk", flat=True))
    assert letters(ann, project, ("annotations_ids", "contains", "String", f"{ids[0]}, {ids[3]}")) == "af"


def test_conjunctions_and_child_filters(ann: Person, project: int) -> None:
    both = (("total_annotations", "greater", "Number", 0), ("data.tag", "equal", "String", "x"))
    assert letters(ann, project, *both) == "a"
    assert letters(ann, project, *both, conjunction="or") == "abf"
    item = {
        "filter": "filter:tasks:data.tag",
        "operator": "equal",
        "type": "String",
        "value": "x",
        "child_filter": {"filter": "filter:tasks:cancelled_annotations", "operator": "equal", "type": "Number", "value": 1},
    }
    answer = get(ann, project, query={"filters": {"conjunction": "and", "items": [item]}})
    assert [row["data"]["text"] for row in answer.json()["tasks"]] == ["beta"]
    assert (answer.json()["total"], answer.json()["total_annotations"]) == (1, 0)


def test_groups_in_groups(ann: Person, project: int) -> None:
    def item(column: str, operator: str, value: Any, **more: Any) -> dict[str, Any]:
        return {"filter": f"filter:tasks:{column}", "operator": operator, "value": value, **more}

    def group(conjunction: str, *items: Any) -> dict[str, Any]:
        return {"conjunction": conjunction, "items": list(items)}

    def found(filters: Any) -> str:
        rows = tasks(ann, project, query={"filters": filters})
        return "".join("abcdef"[row["inner_id"] - 1] for row in rows)

    x, y, answered = item("data.tag", "equal", "x"), item("data.tag", "equal", "y"), item("total_annotations", "greater", 0)
    assert found(group("or", group("and", x, answered), y)) == "ac"
    assert found(group("and", group("or", x, y), group("or", answered, item("cancelled_annotations", "equal", 1)))) == "ab"
    assert found(group("or", y, item("data.tag", "equal", "x", child_filters=[answered, item("inner_id", "less", 5)]))) == "ac"
    assert found(group("and", group("and", group("and", group("or", x, y))))) == "abc"
    assert found({"conjunction": "and", "items": []}) == "abcdef"


ORDERINGS: list[tuple[list[str], str]] = [
    (["tasks:id"], "abcdef"), (["-tasks:id"], "fedcba"), (["-tasks:total_annotations"], "afedcb"), (["tasks:total_annotations", "-tasks:inner_id"], "edcbfa"),
    (["tasks:data.text"], "aebdcf"), (["-tasks:data.text"], "fcdbea"), (["tasks:predictions_score"], "cfabde"), (["-tasks:predictions_score"], "fcedba"), (["tasks:is_labeled", "-tasks:id", "tasks:data.text"], "edcbfa"),
    (["-tasks:data.tag", "tasks:data.text"], "fcabed"), (["tasks:ground_truth", "-tasks:inner_id"], "edcfba"), (["tasks:comments"], "abcdef"),
    (["tasks:completed_at"], "afbcde"), (["tasks:created_at"], "abcdef"),
]  # fmt: skip


def test_ordering_with_nothing_last(ann: Person, project: int) -> None:
    wrong = [(ordering, found, letters(ann, project, ordering=ordering)) for ordering, found in ORDERINGS]
    assert [each for each in wrong if each[1] != each[2]] == []


def test_numbers_sort_as_numbers_when_the_client_says_so(ann: Person, project: int) -> None:
    assert letters(ann, project, ordering=["tasks:data.n"], columnsDisplayType={"tasks:data.n": "Number"}) == "facdbe"
    assert letters(ann, project, ordering=["tasks:data.n"]) == "fadbce"  # the text "7" comes after the numbers


def test_selected_items(ann: Person, project: int) -> None:
    ids = list(Task.objects.filter(project_id=project).order_by("id").values_list("pk", flat=True))
    assert letters(ann, project, selectedItems={"all": False, "included": [ids[1], ids[3]]}) == "bd"
    assert letters(ann, project, selectedItems={"all": True, "excluded": [ids[1], ids[3]]}) == "acef"
    assert letters(ann, project, selectedItems={"all": True, "excluded": []}) == "abcdef"
    assert letters(ann, project, selectedItems={"all": False, "included": []}) == ""


NOT_IN_THE_LANGUAGE: list[Any] = [
    [1], "x", {"filters": []} | {"filters": 5}, {"filters": {"conjunction": "xor", "items": [{}]}}, {"filters": {"items": [{}]}}, {"filters": {"items": {}}},
    {"filters": {"items": [{"filter": "filter:tasks:project__organization__created_by__password", "operator": "contains", "value": "a"}]}},
    {"filters": {"items": [{"filter": "filter:tasks:nonsense", "operator": "equal", "value": 1}]}},
    {"filters": {"items": [{"filter": "tasks:id", "operator": "equal", "value": 1}]}},
    {"filters": {"items": [{"filter": "filter:tasks:id", "operator": "nonsense", "value": 1}]}},
    {"filters": {"items": [{"filter": "filter:tasks:id", "operator": "equal", "value": "one"}]}},
    {"filters": {"items": [{"filter": "filter:tasks:id", "operator": "equal", "value": 2**70}]}},
    {"filters": {"items": [{"filter": "filter:tasks:id", "operator": "in", "value": 5}]}},
    {"filters": {"items": [{"filter": "filter:tasks:created_at", "operator": "less", "value": "yesterday"}]}},
    {"filters": {"items": [{"filter": "filter:tasks:draft_exists", "operator": "equal", "value": "perhaps"}]}},
    {"filters": {"items": [{"filter": "filter:tasks:data.text", "operator": "contains", "value": {"a": 1}}]}},
    {"filters": {"items": [{"filter": "filter:tasks:data.text", "operator": "regex", "value": "(?=x)"}]}},
    {"filters": {"items": [{"filter": "filter:tasks:data.text", "operator": "regex", "value": "("}]}},
    {"filters": {"items": [{"filter": "filter:tasks:annotators", "operator": "contains", "value": "bob"}]}},
    {"filters": {"items": [{"filter": "filter:tasks:annotators", "operator": "contains", "value": 1.5}]}},
    {"filters": {"items": [{"filter": "filter:tasks:data.when", "operator": "less", "type": "Datetime", "value": "soon"}]}},
    {"filters": {"items": [{"filter": "filter:tasks:data.ok", "operator": "contains", "type": "Boolean", "value": "t"}]}},
    {"filters": {"items": [{"filter": "filter:tasks:data.text", "operator": "regex", "value": "a" * 1_001}]}},
    {"filters": {"items": [{"filter": "filter:tasks:id", "operator": "in_list", "value": list(range(10_001))}]}},
    {"filters": {"items": [{"filter": "filter:tasks:id", "operator": "equal", "value": 1, "child_filter": {"filter": "x"}}]}},
    {"filters": {"items": [{"filter": "filter:tasks:id", "operator": "equal", "value": 1, "child_filters": 5}]}},
    {"filters": {"items": [{"conjunction": "nor", "items": [{"filter": "filter:tasks:id", "operator": "equal", "value": 1}]}]}},
    {"filters": {"items": [{"conjunction": "or", "items": []}]}}, {"filters": {"items": [{"conjunction": "or", "items": 5}]}},
    {"filters": {"items": [{"filter": "filter:tasks:id", "operator": "equal", "value": 1}] * 101}},
    {"filters": nested(9)}, {"ordering": ["tasks:id"] * 11}, {"ordering": ["--tasks:id"]},
    {"filters": {"items": [{"filter": "filter:tasks:annotations_results", "operator": "equal", "value": "["}]}},
    {"ordering": ["tasks:nonsense"]}, {"ordering": [5]}, {"ordering": {"a": 1}}, {"ordering": ["tasks:project__title"]},
    {"selectedItems": []} | {"selectedItems": {"all": 1}}, {"selectedItems": {"all": False, "included": ["x"]}},
]  # fmt: skip


def test_what_is_not_in_the_language_is_a_400(ann: Person, project: int) -> None:
    for query in NOT_IN_THE_LANGUAGE:
        answer = get(ann, project, query=query)
        assert answer.status_code == 400, query
        ((sentence,),) = answer.json()["validation_errors"].values()
        assert sentence.endswith((".", "}")), sentence
    assert ann.client.get(f"/api/tasks?project={project}&query={quote('{')}").status_code == 400


def test_a_slow_regular_expression_is_not_slow(ann: Person) -> None:
    project = make_project(ann)
    import_tasks(ann, project, [{"text": "a" * 5_000 + "!"}])
    item = {"filter": "filter:tasks:data.text", "operator": "regex", "type": "String", "value": "(a+a+)+b"}
    assert get(ann, project, query={"filters": {"conjunction": "and", "items": [item]}}).json()["tasks"] == []


def test_who_may_list(ann: Person, bob: Person, project: int) -> None:
    assert get(bob, project).status_code == 403
    assert get(somebody(Role.OWNER), project).status_code == 404
    assert get(somebody(Role.REVIEWER, ann.organization), project).status_code == 200


def test_columns_of_the_data_page(ann: Person, bob: Person, project: int) -> None:
    columns = {column["id"]: column for column in ann.get("/api/dm/columns/", project=project).json()["columns"]}
    assert columns["text"] == {
        "id": "text",
        "title": "text",
        "type": "String",
        "help": "",
        "target": "tasks",
        "parent": "data",
        "visibility_defaults": {"explore": True, "labeling": True},
        "project_defined": True,
    }
    assert columns["data"]["children"] == ["text", "n", "tag", "when", "ok", "a.b", "deep", "list"]
    assert {item["value"] for item in columns["annotators"]["schema"]["items"]} == {ann.user.pk, bob.user.pk}
    assert columns["predictions_model_versions"]["schema"]["items"] == ["m0", "m1"]
    assert columns["total_annotations"]["type"] == "Number"
    assert Prediction.objects.filter(project_id=project).count() == 3


def test_a_regular_expression_that_keeps_the_database_busy_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """What would run for ever is ended, also inside of a narrower bound, and the connection works on."""
    monkeypatch.setattr(bounded, "PATTERN_SECONDS", 0.3)
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT 1 FROM n) SELECT COUNT(*) FROM n"
    query = TaskQuery(Sql(f"t.data {MATCHES()}", ("x",)))
    assert query.has_pattern

    def search() -> None:
        with bounded.patience(query):
            with pytest.raises(bounded.TookTooLong), bounded.at_most(0.05):
                rows(endless)
            assert rows("SELECT 1") == [(1,)]
            rows(endless)

    with pytest.raises(Refused, match="regular expression"):
        search()
    assert rows("SELECT 1") == [(1,)]
