"""The unmodified label-studio-sdk 2.1.2 does its main job against a live server: project, tasks, annotations, predictions, export."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from label_studio_sdk import Client as LegacyClient
from label_studio_sdk import LabelStudio
from label_studio_sdk.core.api_error import ApiError
from label_studio_sdk.data_manager import Column, Filters, Operator, Type

from organizations.operations import ensure_first_user
from tests.browser import PASSWORD
from tests.labelled import IMAGE_CONFIG, TEXT_CONFIG, choice

# The clients' own deprecation warnings are not ours to heed.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("ignore")]

EMAIL, TOKEN = "owner@example.com", "0123456789abcdef0123456789abcdef01234567"
TASKS: list[dict[str, Any]] = [
    {
        "data": {"text": f"task {n}", "n": n},
        "predictions": [{"model_version": "m1", "score": n / 10, "result": choice("Negative")}],
        "annotations": [{"result": choice(), "completed_by": {"email": EMAIL}, "lead_time": 1.5}] if n % 2 else [],
    }
    for n in range(7)
]


@pytest.fixture
def url(live_server: Any) -> str:
    """A server with one account, whose legacy token works."""
    ensure_first_user(EMAIL, PASSWORD, TOKEN)
    return str(live_server.url)


def by_legacy_token(url: str) -> LabelStudio:
    return LabelStudio(base_url=url, api_key=TOKEN)


def by_personal_token(url: str) -> LabelStudio:
    return LabelStudio(base_url=url, api_key=by_legacy_token(url).tokens.create().token)


def by_header(url: str) -> LabelStudio:
    return LabelStudio(base_url=url, api_key="not a token", headers={"X-Api-Key": TOKEN})


@pytest.mark.parametrize("sign_in", [by_legacy_token, by_personal_token, by_header])
def test_the_main_job(url: str, sign_in: Callable[[str], LabelStudio]) -> None:
    client = sign_in(url)
    project = client.projects.create(title="From the SDK", label_config=TEXT_CONFIG)
    answer = client.projects.import_tasks(id=project.id, request=TASKS, return_task_ids=True)
    assert (answer.task_count, answer.annotation_count, len(answer.task_ids)) == (7, 3, 7)

    listed = list(client.tasks.list(project=project.id, page_size=3))
    assert [task.data["text"] for task in listed] == [f"task {n}" for n in range(7)]
    assert [len(task.annotations) for task in listed] == [0, 1, 0, 1, 0, 1, 0]
    assert listed[2].predictions[0].score == 0.2
    assert [task.id for task in listed] == answer.task_ids

    task = client.tasks.create(project=project.id, data={"text": "one more"})
    assert client.tasks.get(id=str(task.id)).data == {"text": "one more"}
    made = client.annotations.create(id=task.id, result=choice("Neutral"), lead_time=2.0)
    assert client.annotations.get(id=made.id).result == choice("Neutral")
    assert client.annotations.update(id=made.id, result=choice()).result == choice()
    assert [row.id for row in client.annotations.list(id=task.id)] == [made.id]

    guess = client.predictions.create(task=task.id, result=choice("Negative"), score=0.75, model_version="m2")
    assert client.predictions.get(id=guess.id).score == 0.75
    assert client.predictions.update(id=guess.id, score=0.5).score == 0.5
    assert [row.id for row in client.predictions.list(task=task.id)] == [guess.id]
    client.predictions.delete(id=guess.id)
    assert client.predictions.list(task=task.id) == []

    exported = client.projects.exports.as_json(project.id)
    assert [len(row["annotations"]) for row in exported] == [0, 1, 0, 1, 0, 1, 0, 1]
    assert exported[-1]["annotations"][0]["result"] == choice()
    frame = client.projects.exports.as_pandas(project.id)
    assert list(frame["sentiment"].fillna("")) == ["", "Positive", "", "Positive", "", "Positive", "", "Positive"]
    assert client.projects.get(id=project.id).total_annotations_number == 4

    client.annotations.delete(id=made.id)
    assert client.annotations.list(id=task.id) == []
    client.tasks.delete(id=str(task.id))
    with pytest.raises(ApiError) as gone:
        client.tasks.get(id=str(task.id))
    assert gone.value.status_code == 404
    assert client.projects.get(id=project.id).total_annotations_number == 3


@pytest.fixture
def client(url: str) -> LabelStudio:
    return by_legacy_token(url)


def test_mistakes_are_bad_requests_that_name_the_item(client: LabelStudio) -> None:
    project = client.projects.create(title="Mistakes", label_config=TEXT_CONFIG)
    with pytest.raises(ApiError) as refused:
        client.projects.import_tasks(id=project.id, request=[{"text": "ok"}, {"txt": "no"}])
    assert refused.value.status_code == 400
    assert refused.value.body["validation_errors"]["non_field_errors"][0].startswith("Error at item 1: ")
    assert list(client.tasks.list(project=project.id)) == []


def test_predictions_are_imported_for_tasks_that_are_there(client: LabelStudio) -> None:
    """Scenario 21: those that are right are taken, and the others are named, where Label Studio drops them in silence."""
    project = client.projects.create(title="Predictions", label_config=TEXT_CONFIG)
    (task,) = client.projects.import_tasks(id=project.id, request=[{"text": "one"}], return_task_ids=True).task_ids
    right = {"task": task, "result": choice(), "score": 0.5, "model_version": "v1"}
    wrong = {"task": task, "result": choice(), "score": 7}
    answer = client.projects.import_predictions(id=project.id, request=[right, wrong])
    assert (answer.created, [row["item"] for row in answer.refused]) == (1, [1])
    assert [row.model_version for row in client.predictions.list(project=project.id)] == ["v1"]


def test_tasks_are_filtered_by_a_query(client: LabelStudio) -> None:
    project = client.projects.create(title="Filters", label_config=TEXT_CONFIG)
    client.projects.import_tasks(id=project.id, request=TASKS)
    filters = Filters.create(Filters.AND, [Filters.item(Column.data("text"), Operator.CONTAINS, Type.String, Filters.value("task 3"))])
    found = list(client.tasks.list(project=project.id, query=json.dumps({"filters": filters})))
    assert [task.data["n"] for task in found] == [3]
    newest = list(client.tasks.list(project=project.id, query=json.dumps({"ordering": ["-tasks:id"]}), page_size=2))
    assert [task.data["n"] for task in newest] == [6, 5, 4, 3, 2, 1, 0]


def test_uploaded_files_are_listed_downloaded_and_deleted(client: LabelStudio, url: str) -> None:
    import httpx

    project = client.projects.create(title="Files", label_config=IMAGE_CONFIG)
    content = b"\x89PNG\r\n\x1a\nrest"
    headers = {"Authorization": f"Token {TOKEN}"}
    answer = httpx.post(
        f"{url}/api/projects/{project.id}/import",
        headers=headers,
        files=[("a", ("one.png", io.BytesIO(content))), ("b", ("two.png", io.BytesIO(content)))],
    )
    assert answer.status_code == 201
    ids = answer.json()["file_upload_ids"]
    assert [row.id for row in client.files.list(id=project.id, all_=True)] == ids
    address = next(iter(client.tasks.list(project=project.id))).data["image"]
    part = httpx.get(url + address, headers={**headers, "Range": "bytes=0-3"})
    assert (part.status_code, part.content, part.headers["content-type"]) == (206, content[:4], "image/png")
    assert client.files.get(id=ids[0]).size == len(content)


def test_many_tasks_one_page_after_the_other(client: LabelStudio) -> None:
    project = client.projects.create(title="Pages", label_config=TEXT_CONFIG)
    client.projects.import_tasks(id=project.id, request=[{"text": str(n)} for n in range(250)])
    assert [task.data["text"] for task in client.tasks.list(project=project.id)] == [str(n) for n in range(250)]
    assert [task.id for task in client.tasks.list(project=project.id, include="id")] == [
        task.id for task in client.tasks.list(project=project.id, page_size=1_000)
    ]


def test_the_legacy_client_imports_files_and_lists_until_the_end(url: str, tmp_path: Path) -> None:
    """Scenario 18."""
    client = LegacyClient(url, api_key=TOKEN)
    project = client.create_project(title="Legacy", label_config=TEXT_CONFIG)
    files = {
        "a.csv": b"text,n\none,1\ntwo,2\n", "b.json": json.dumps([{"text": "three"}]).encode(), "c.tsv": b"text\tn\nfour\t4\n", "d.txt": b"five\nsix\n",
        "e.jsonl": b'{"text": "seven"}\n{"text": "eight"}\n',
    }  # fmt: skip
    ids: list[int] = []
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
        ids += project.import_tasks(tmp_path / name)
    ids += project.import_tasks([{"data": {"text": "nine"}}])
    ids += project.import_tasks([{"text": "ten", "guess": "Positive"}], preannotated_from_fields=["guess"])
    tasks = project.get_tasks()
    assert [task["data"]["text"] for task in tasks] == ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    assert [task["id"] for task in tasks] == ids == project.get_tasks_ids()
    assert project.get_tasks(selected_ids=ids[:2], only_ids=True) == ids[:2]
    assert tasks[-1]["predictions"][0]["result"][0]["value"] == {"choices": ["Positive"]}


def test_the_legacy_client_exports_what_it_names(url: str, tmp_path: Path) -> None:
    """Scenario 37: `ids` are respected, where Label Studio exports everything."""
    client = LegacyClient(url, api_key=TOKEN)
    project = client.create_project(title="Legacy", label_config=TEXT_CONFIG)
    ids = project.import_tasks(TASKS)
    assert [task["id"] for task in project.export_tasks()] == [ids[1], ids[3], ids[5]]
    assert [task["id"] for task in project.export_tasks(download_all_tasks=True)] == ids
    assert [task["id"] for task in project.export_tasks(ids=[ids[1], ids[5]])] == [ids[1], ids[5]]
    assert [row["sentiment"] for row in project.export_tasks(export_type="JSON_MIN")] == ["Positive"] * 3
    path = project.export_tasks(export_type="CSV", export_location=tmp_path / "x.csv")
    assert path.read_text().count("Positive") == 3
    assert len(project.get_labeled_tasks()) == 3
    assert len(project.get_unlabeled_tasks()) == 4
