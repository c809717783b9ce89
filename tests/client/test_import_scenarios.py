"""Scenarios 15-17, 19, 20, 22 and 38: importing with the official client, synchronous and asynchronous: flat items and whole ones, annotations, predictions, mistakes, files."""

from __future__ import annotations

import asyncio
import inspect
import io
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from label_studio_sdk import AsyncLabelStudio, LabelStudio
from label_studio_sdk.core.api_error import ApiError

from organizations.operations import ensure_first_user
from tests.browser import PASSWORD
from tests.labelled import IMAGE_CONFIG, TEXT_CONFIG, choice

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("ignore")]

EMAIL, TOKEN = "owner@example.com", "0123456789abcdef0123456789abcdef01234567"
HEADERS = {"Authorization": f"Token {TOKEN}"}


class Both:
    """One client whose calls are written once and made by the synchronous or the asynchronous SDK."""

    def __init__(self, url: str, *, asynchronous: bool) -> None:
        self.url = url
        self.loop = asyncio.new_event_loop() if asynchronous else None
        self.client: Any = (AsyncLabelStudio if asynchronous else LabelStudio)(base_url=url, api_key=TOKEN)

    def __call__(self, call: Callable[[Any], Any]) -> Any:
        if self.loop is None:
            found = call(self.client)
            return list(found) if hasattr(found, "has_next") else found

        async def made() -> Any:
            found = call(self.client)
            if inspect.isawaitable(found):
                found = await found
            return [row async for row in found] if hasattr(found, "__aiter__") else found

        return self.loop.run_until_complete(made())

    def project(self, config: str = TEXT_CONFIG) -> int:
        return int(self(lambda client: client.projects.create(title="Import", label_config=config)).id)

    def tasks(self, project: int) -> list[Any]:
        return list(self(lambda client: client.tasks.list(project=project)))


@pytest.fixture(params=["sync", "async"])
def sdk(request: pytest.FixtureRequest, live_server: Any) -> Any:
    ensure_first_user(EMAIL, PASSWORD, TOKEN)
    both = Both(str(live_server.url), asynchronous=request.param == "async")
    yield both
    if both.loop is not None:
        both.loop.close()


def test_flat_and_whole_items_and_their_ids(sdk: Both) -> None:
    """Scenario 15: flat items and items with data, and the ids of the tasks."""
    project = sdk.project()
    request = [{"text": "flat"}, {"data": {"text": "whole", "n": 2}, "meta": {"k": 1}}]
    answer = sdk(lambda client: client.projects.import_tasks(id=project, request=request, return_task_ids=True))
    assert (answer.task_count, answer.file_upload_ids, answer.could_be_tasks_list) == (2, [], False)
    tasks = sdk.tasks(project)
    assert [task.id for task in tasks] == answer.task_ids
    assert [task.data for task in tasks] == [{"text": "flat"}, {"text": "whole", "n": 2}]


def test_annotations_and_predictions_with_their_authors(sdk: Both) -> None:
    """Scenario 16: `completed_by` by number and by address; ground truth is true unless said otherwise."""
    project = sdk.project()
    me = sdk(lambda client: client.users.whoami()).id
    request = [
        {"data": {"text": "a"}, "annotations": [{"result": choice(), "completed_by": me}], "predictions": [{"result": choice(), "score": 0.25, "model_version": "v1"}]},
        {"data": {"text": "b"}, "annotations": [{"result": choice("Negative"), "completed_by": {"email": EMAIL}, "ground_truth": False, "id": 77}]},
    ]  # fmt: skip
    answer = sdk(lambda client: client.projects.import_tasks(id=project, request=request))
    assert (answer.task_count, answer.annotation_count) == (2, 2)
    first, second = (task.annotations[0] for task in sdk.tasks(project))
    assert (first["completed_by"], first["ground_truth"], second["completed_by"], second["ground_truth"], second["import_id"]) == (
        me,
        True,
        me,
        False,
        77,
    )
    assert sdk(lambda client: client.predictions.list(project=project))[0].score == 0.25


def test_predictions_from_fields(sdk: Both) -> None:
    """Scenario 17."""
    project = sdk.project()
    request = [{"text": "a", "guess": "Positive"}, {"text": "b", "guess": ["Negative"]}]
    sdk(lambda client: client.projects.import_tasks(id=project, request=request, preannotated_from_fields=["guess"]))
    found = sdk(lambda client: client.predictions.list(project=project))
    assert sorted(row.result[0]["value"]["choices"][0] for row in found) == ["Negative", "Positive"]


def test_mistakes_name_their_items(sdk: Both) -> None:
    """Scenario 20: errors listing the item's index; an unknown annotator in Label Studio's words; nothing is written."""
    project = sdk.project()
    request = [
        {"text": "ok"},
        {"txt": "no"},
        {"data": {"text": "x"}, "annotations": [{"result": choice(), "completed_by": {"email": "who@x.org"}}]},
    ]
    with pytest.raises(ApiError) as refused:
        sdk(lambda client: client.projects.import_tasks(id=project, request=request))
    assert refused.value.status_code == 400
    first, second, known = refused.value.body["validation_errors"]["non_field_errors"]
    assert first.startswith("Error at item 1: ")
    assert second == "Error at item 2: Unknown annotator's email who@x.org"
    assert known == "Unknown annotator's email who@x.org"
    assert sdk.tasks(project) == []


def test_files_are_uploaded_served_imported_again_and_deleted(sdk: Both) -> None:
    """Scenarios 19 and 22: upload and ranges, reimport, files.list, get and delete_many."""
    project = sdk.project(IMAGE_CONFIG)
    content = b"\x89PNG\r\n\x1a\nrest"
    sent = httpx.post(f"{sdk.url}/api/projects/{project}/import", headers=HEADERS, files={"x": ("one.png", io.BytesIO(content))}).json()
    (upload,) = sent["file_upload_ids"]
    (task,) = sdk.tasks(project)
    part = httpx.get(sdk.url + task.data["image"], headers={**HEADERS, "Range": "bytes=1-3"})
    assert (part.status_code, part.content) == (206, content[1:4])
    again = httpx.post(f"{sdk.url}/api/projects/{project}/reimport", headers=HEADERS, json={"file_upload_ids": [upload]})
    assert (again.status_code, again.json()["task_count"]) == (201, 1)
    assert sdk(lambda client: client.files.list(id=project)) == []
    assert [row.id for row in sdk(lambda client: client.files.list(id=project, all_=True))] == [upload]
    assert sdk(lambda client: client.files.get(id=upload)).size == len(content)
    (task,) = sdk.tasks(project)
    sdk(lambda client: client.tasks.delete(id=str(task.id)))
    sdk(lambda client: client.files.delete_many(id=project))
    assert sdk(lambda client: client.files.list(id=project, all_=True)) == []


def test_nothing_is_lost_on_the_way_through_an_export(sdk: Both) -> None:
    """Scenario 38: what Label Studio's import loses (unique_id, times, parents, drafts, ground truth) is there after export and import."""
    first, second = sdk.project(), sdk.project()
    request = [
        {
            "data": {"text": "a"},
            "annotations": [
                {"id": 1, "result": choice(), "ground_truth": False, "unique_id": "11111111-2222-4333-8444-555555555555", "created_at": "2024-01-02T03:04:05Z",
                 "updated_at": "2024-01-03T03:04:05Z", "parent_prediction": 5, "lead_time": 2.5, "draft_created_at": "2024-01-01T00:00:00Z"},
                {"id": 2, "result": choice("Negative"), "parent_annotation": 1},
            ],
            "predictions": [{"id": 5, "result": choice(), "score": 0.5, "model_version": "v"}],
            "drafts": [{"user": EMAIL, "result": choice("Neutral"), "created_at": "2024-01-04T00:00:00Z"}],
        }
    ]  # fmt: skip
    sdk(lambda client: client.projects.import_tasks(id=first, request=request))

    def exported(project: int) -> Any:
        query = {"exportType": "JSON", "download_all_tasks": "true"}
        return httpx.get(f"{sdk.url}/api/projects/{project}/export", headers=HEADERS, params=query).json()

    (task,) = exported(first)
    child, parent = task["annotations"]
    assert (parent["unique_id"], parent["created_at"], parent["ground_truth"]) == (
        request[0]["annotations"][0]["unique_id"],
        "2024-01-02T03:04:05Z",
        False,
    )
    assert (child["parent_annotation"], parent["parent_prediction"]) == (parent["id"], task["predictions"][0]["id"])
    sdk(lambda client: client.projects.import_tasks(id=second, request=[task]))
    (copy,) = exported(second)
    kept = ("result", "ground_truth", "created_at", "updated_at", "lead_time", "draft_created_at", "was_cancelled", "completed_by")
    assert [{key: row[key] for key in kept} for row in copy["annotations"]] == [
        {key: row[key] for key in kept} for row in task["annotations"]
    ]
    assert copy["annotations"][0]["parent_annotation"] == copy["annotations"][1]["id"]
    assert [(row["result"], row["created_at"]) for row in copy["drafts"]] == [(choice("Neutral"), "2024-01-04T00:00:00Z")]


def test_numbers_are_never_given_twice(sdk: Both) -> None:
    """Tasks that were deleted leave their numbers unused, where Label Studio gives them to the next import."""
    project = sdk.project()
    before = sdk(
        lambda client: client.projects.import_tasks(id=project, request=[{"text": "a"}, {"text": "b"}], return_task_ids=True)
    ).task_ids
    sdk(lambda client: client.tasks.delete_all_tasks(id=project))
    after = sdk(lambda client: client.projects.import_tasks(id=project, request=[{"text": "c"}], return_task_ids=True)).task_ids
    assert min(after) > max(before)
