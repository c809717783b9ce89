"""`GET /api/projects/{id}/export`: every format, by what a client reads from it."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import orjson
import pytest

from core.events.models import Event
from core.permissions import Role
from tasks.models import Task
from tests.labelled import choice, import_tasks, make_project, send_files, whole
from tests.people import Person, somebody

pytestmark = pytest.mark.django_db

TASK_KEYS = [
    "id", "annotations", "file_upload", "drafts", "predictions", "data", "meta", "created_at", "updated_at", "allow_skip", "inner_id", "total_annotations",
    "cancelled_annotations", "total_predictions", "comment_count", "unresolved_comment_count", "last_comment_updated_at", "project", "updated_by", "comment_authors",
]  # fmt: skip
ANNOTATION_KEYS = [
    "id", "completed_by", "result", "was_cancelled", "ground_truth", "created_at", "updated_at", "draft_created_at", "lead_time", "prediction", "result_count",
    "unique_id", "import_id", "last_action", "bulk_created", "task", "project", "updated_by", "parent_prediction", "parent_annotation", "last_created_by",
]  # fmt: skip


@pytest.fixture
def ann() -> Person:
    return somebody(Role.MANAGER)


@pytest.fixture
def project(ann: Person) -> int:
    """Four tasks: answered twice, not answered, only skipped, answered with a prediction."""
    project = make_project(ann)
    import_tasks(
        ann,
        project,
        [
            {"data": {"text": "one", "n": 1}, "annotations": [{"result": choice(), "lead_time": 2.5}, {"result": choice("Negative")}]},
            {"data": {"text": "two", "n": 2}},
            {"data": {"text": "three", "n": 3}, "annotations": [{"result": [], "was_cancelled": True}]},
            {
                "data": {"text": "=four()", "extra": {"a": [1]}},
                "annotations": [{"result": choice("Neutral")}],
                "predictions": [{"result": choice(), "score": 0.5, "model_version": "m"}],
            },
        ],
    )
    return project


def export(person: Person, project: int, **query: Any) -> Any:
    answer = person.get(f"/api/projects/{project}/export", **query)
    assert answer.status_code == 200, answer.content
    return answer


def as_json(person: Person, project: int, **query: Any) -> Any:
    return orjson.loads(whole(export(person, project, **query)))


def test_json_has_exactly_the_fields_clients_know(ann: Person, project: int) -> None:
    tasks = as_json(ann, project, exportType="JSON")
    assert [list(task) for task in tasks] == [TASK_KEYS] * 3
    assert [list(item) for task in tasks for item in task["annotations"]] == [ANNOTATION_KEYS] * 4
    first, skipped, last = tasks
    assert [item["result"][0]["value"]["choices"] for item in first["annotations"]] == [["Negative"], ["Positive"]]
    assert (first["data"], first["total_annotations"], skipped["cancelled_annotations"], skipped["annotations"][0]["was_cancelled"]) == (
        {"text": "one", "n": 1},
        2,
        1,
        True,
    )
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z", first["created_at"])
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", first["annotations"][0]["unique_id"])
    assert (last["predictions"][0]["score"], last["predictions"][0]["result"]) == (0.5, choice())


def test_only_answered_tasks_unless_all_are_asked_for(ann: Person, project: int) -> None:
    assert [task["data"]["text"] for task in as_json(ann, project)] == ["one", "three", "=four()"]
    assert [task["data"]["text"] for task in as_json(ann, project, download_all_tasks="True")] == ["one", "two", "three", "=four()"]


@pytest.mark.parametrize("name", ["ids", "ids[]"])
def test_ids_narrow_in_every_spelling(ann: Person, project: int, name: str) -> None:
    ids = list(Task.objects.filter(project_id=project).order_by("id").values_list("pk", flat=True))
    for query in (f"{name}={ids[0]}&{name}={ids[3]}", f"{name}={ids[3]},{ids[0]}"):
        answer = ann.client.get(f"/api/projects/{project}/export?exportType=JSON&{query}")
        assert [task["id"] for task in orjson.loads(whole(answer))] == [ids[0], ids[3]]
    assert ann.get(f"/api/projects/{project}/export", **{name: "x"}).status_code == 400


def test_the_answer_is_a_named_attachment(ann: Person, project: int) -> None:
    for name, extension in (("JSON", "json"), ("JSON_MIN", "json"), ("CSV", "csv"), ("TSV", "tsv")):
        answer = export(ann, project, export_type=name)
        assert re.fullmatch(rf"project-{project}-at-\d{{4}}(-\d\d){{4}}-[0-9a-f]{{8}}\.{extension}", answer["filename"])
        assert answer["Content-Disposition"] == f'attachment; filename="{answer["filename"]}"'
        assert "no-store" in answer["Cache-Control"]


def test_json_min_is_one_flat_object_per_answer(ann: Person, project: int) -> None:
    rows = as_json(ann, project, exportType="JSON_MIN", download_all_tasks="1")
    ids = list(Task.objects.filter(project_id=project).order_by("id").values_list("pk", flat=True))
    assert [(row["id"], row["text"], row.get("sentiment")) for row in rows] == [
        (ids[0], "one", "Negative"),
        (ids[0], "one", "Positive"),
        (ids[1], "two", None),
        (ids[3], "=four()", "Neutral"),
    ]
    assert rows[1].keys() == {"text", "n", "id", "sentiment", "annotator", "annotation_id", "created_at", "updated_at", "lead_time"}
    assert (rows[1]["annotator"], rows[1]["lead_time"]) == (ann.user.pk, 2.5)


def table(content: bytes, separator: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode()), delimiter=separator))


def test_csv_has_sorted_columns_and_quotes_text_only(ann: Person, project: int) -> None:
    content = whole(export(ann, project, exportType="CSV"))
    assert (
        content.splitlines()[0] == b'"annotation_id","annotator","created_at","extra","id","lead_time","n","sentiment","text","updated_at"'
    )
    assert b',2.5,1,"Positive","one",' in content
    assert [(row["text"], row["sentiment"], row["extra"], row["n"]) for row in table(content)] == [
        ("one", "Negative", "", "1"),
        ("one", "Positive", "", "1"),
        ("'=four()", "Neutral", '{"a":[1]}', ""),
    ]


def test_tsv_is_separated_by_tabs(ann: Person, project: int) -> None:
    assert [row["text"] for row in table(whole(export(ann, project, exportType="TSV")), "\t")] == ["one", "one", "'=four()"]


def test_formulas_are_disarmed_unless_asked_for_raw(ann: Person) -> None:
    project = make_project(ann)
    texts = ["=1+1", "@x", "+44 170 123", "-x", "-5", "+3.5", "-1,000", "\tx", "\rx", "plain", "5 = 5", "-", ""]
    import_tasks(ann, project, [{"text": text, "=name": "x"} for text in texts])
    guarded = table(whole(export(ann, project, exportType="CSV", download_all_tasks="1")))
    assert [row["text"] for row in guarded] == [
        "'=1+1",
        "'@x",
        "'+44 170 123",
        "'-x",
        "-5",
        "+3.5",
        "-1,000",
        "'\tx",
        "'\rx",
        "plain",
        "5 = 5",
        "'-",
        "",
    ]
    assert "'=name" in guarded[0]
    raw = table(whole(export(ann, project, exportType="CSV", download_all_tasks="1", raw="1")))
    assert [row["text"] for row in raw] == texts


def test_a_data_column_named_like_another_keeps_its_values(ann: Person) -> None:
    project = make_project(ann)
    import_tasks(ann, project, [{"data": {"text": "a", "id": "mine", "sentiment": "said"}, "annotations": [{"result": choice()}]}])
    (row,) = table(whole(export(ann, project, exportType="CSV")))
    assert (row["_data_id"], row["_data_sentiment"], row["sentiment"]) == ("mine", "said", "Positive")
    assert row["id"] == str(Task.objects.get(project_id=project).pk)


def test_an_empty_project_exports_an_empty_file(ann: Person) -> None:
    project = make_project(ann)
    assert as_json(ann, project) == []
    assert as_json(ann, project, exportType="JSON_MIN") == []
    assert len(whole(export(ann, project, exportType="CSV")).splitlines()) == 1


def test_a_file_s_tasks_tell_its_name(ann: Person) -> None:
    project = make_project(ann)
    send_files(ann, f"/api/projects/{project}/import", ("a.csv", b"text\none\n"))
    (task,) = as_json(ann, project, download_all_tasks="1")
    assert re.fullmatch(r"[0-9a-f]{8}-a\.csv", task["file_upload"])


def test_formats_are_listed(ann: Person, project: int) -> None:
    listed = ann.get(f"/api/projects/{project}/export/formats").json()
    assert [row["name"] for row in listed if row["name"] in ("JSON", "JSON_MIN", "CSV", "TSV")] == ["JSON", "JSON_MIN", "CSV", "TSV"]
    assert all(row["title"] and row["description"] for row in listed)


@pytest.mark.parametrize(
    "query", [{"exportType": "NONSENSE"}, {"download_all_tasks": "perhaps"}, {"raw": "2"}, {"interpolate_key_frames": "x"}]
)
def test_what_is_not_known_is_a_400(ann: Person, project: int, query: dict[str, str]) -> None:
    answer = ann.get(f"/api/projects/{project}/export", **query)
    assert answer.status_code == 400
    assert answer.json()["validation_errors"].keys() == query.keys()


def test_who_may_export_and_that_it_is_recorded(ann: Person, project: int) -> None:
    assert somebody(Role.ANNOTATOR, ann.organization).get(f"/api/projects/{project}/export").status_code == 403
    assert somebody(Role.OWNER).get(f"/api/projects/{project}/export").status_code == 404
    reviewer = somebody(Role.REVIEWER, ann.organization)
    assert len(as_json(reviewer, project, exportType="JSON")) == 3
    event = Event.objects.get(kind="project.exported")
    assert (event.actor_id, event.project_id, orjson.loads(event.meta)["export_type"]) == (reviewer.user.pk, project, "JSON")


def test_many_chunks_are_one_document(ann: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data_export.queries.CHUNK", 3)
    project, other = make_project(ann), make_project(ann)
    for n in range(10):
        for target in (project, other):
            import_tasks(ann, target, [{"data": {"text": f"{target} {n}"}, "annotations": [{"result": choice()}]}])
    assert [task["data"]["text"] for task in as_json(ann, project)] == [f"{project} {n}" for n in range(10)]
    assert all(len(task["annotations"]) == 1 for task in as_json(ann, project))
    assert len(as_json(ann, project, exportType="JSON_MIN")) == 10
    assert len(table(whole(export(ann, project, exportType="CSV")))) == 10
