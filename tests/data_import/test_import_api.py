"""`POST /api/projects/{id}/import` and what belongs to it, as clients use them."""

from __future__ import annotations

import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import orjson
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from core.events.loops import run_loops_until_idle
from core.permissions import Role
from data_import import api, jobs
from data_import.models import FileUpload
from projects.models import Project
from tasks.models import Annotation, Prediction, Task
from tests.labelled import IMAGE_CONFIG, TEXT_CONFIG, choice, import_tasks, make_project, send_files
from tests.people import Person, somebody
from tests.stored import stored

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann() -> Person:
    return somebody(Role.MANAGER)


@pytest.fixture
def project(ann: Person) -> int:
    return make_project(ann)


def data_of(project: int) -> list[dict[str, Any]]:
    return [orjson.loads(text) for text in Task.objects.filter(project_id=project).order_by("id").values_list("data", flat=True)]


def sentences(answer: Any) -> list[str]:
    assert answer.status_code == 400, answer.content
    found: list[str] = answer.json()["validation_errors"]["non_field_errors"]
    return found


def test_a_json_list_becomes_tasks(ann: Person, project: int) -> None:
    answer = import_tasks(ann, project, [{"text": "one"}, {"data": {"text": "two", "n": 1}}], return_task_ids="true")
    ids = list(Task.objects.filter(project_id=project).order_by("id").values_list("pk", flat=True))
    assert answer.pop("duration") >= 0
    assert answer == {
        "task_count": 2,
        "annotation_count": 0,
        "prediction_count": 0,
        "file_upload_ids": [],
        "could_be_tasks_list": False,
        "found_formats": [],
        "data_columns": [],
        "task_ids": ids,
    }
    assert data_of(project) == [{"text": "one"}, {"text": "two", "n": 1}]
    assert Project.objects.get(pk=project).task_number == 2


def test_one_object_is_one_task_and_ids_come_only_when_asked_for(ann: Person, project: int) -> None:
    answer = import_tasks(ann, project, {"text": "only"})
    assert (answer["task_count"], "task_ids" in answer) == (1, False)


def test_the_older_address_does_the_same(ann: Person, project: int) -> None:
    assert ann.post(f"/api/projects/{project}/tasks/bulk/", [{"text": "one"}]).status_code == 201
    assert len(data_of(project)) == 1


def test_several_files_under_any_field_name(ann: Person, project: int) -> None:
    answer = send_files(
        ann,
        f"/api/projects/{project}/import",
        ("a.csv", b"text,n\none,1\ntwo,2\n"),
        ("b.json", b'[{"text": "three"}]'),
        ("c.txt", b"four\n"),
    )
    assert answer.status_code == 201, answer.content
    body = answer.json()
    assert (body["task_count"], body["could_be_tasks_list"], body["found_formats"], body["data_columns"]) == (
        4,
        True,
        {".csv": 1, ".json": 1, ".txt": 1},
        ["text"],
    )
    assert data_of(project) == [{"text": "one", "n": 1}, {"text": "two", "n": 2}, {"text": "three"}, {"text": "four"}]
    uploads = FileUpload.objects.in_bulk(body["file_upload_ids"])
    assert [uploads[pk].name for pk in body["file_upload_ids"]] == ["a.csv", "b.json", "c.txt"]
    assert list(Task.objects.filter(project_id=project).order_by("id").values_list("file_upload_id", flat=True)) == [
        body["file_upload_ids"][i] for i in (0, 0, 1, 2)
    ]


def test_a_media_file_is_one_task_with_its_address(ann: Person) -> None:
    project = make_project(ann, IMAGE_CONFIG)
    answer = send_files(ann, f"/api/projects/{project}/import", ("Größe ..//x<b>.PNG", b"\x89PNG\r\n\x1a\nrest"))
    assert answer.status_code == 201, answer.content
    (task,) = data_of(project)
    assert re.fullmatch(rf"/data/upload/{project}/[0-9a-f]{{8}}-[A-Za-z0-9_-]+\.png", task["image"])
    assert stored(task["image"]).read_bytes() == b"\x89PNG\r\n\x1a\nrest"


def test_a_project_without_labeling_set_up_keeps_the_place_holder(ann: Person) -> None:
    project = make_project(ann, "<View></View>")
    answer = send_files(ann, f"/api/projects/{project}/import", ("c.txt", b"four\n"))
    assert answer.json()["data_columns"] == ["$undefined$"]
    assert data_of(project) == [{"$undefined$": "four"}]


def test_files_can_be_looked_into_first_and_imported_later(ann: Person, project: int) -> None:
    answer = send_files(ann, f"/api/projects/{project}/import?commit_to_project=false", ("a.csv", b"text\none\n"))
    body = answer.json()
    assert (answer.status_code, body["task_count"], body["annotation_count"], body["prediction_count"], body["data_columns"]) == (
        201,
        1,
        None,
        None,
        ["text"],
    )
    assert data_of(project) == []
    assert ann.get(f"/api/projects/{project}/file-uploads", ids=str(body["file_upload_ids"])).json()[0]["id"] == body["file_upload_ids"][0]
    again = ann.post(f"/api/projects/{project}/reimport", {"file_upload_ids": body["file_upload_ids"]})
    assert (again.status_code, again.json()["task_count"]) == (201, 1)
    assert ann.post(f"/api/projects/{project}/reimport", {"file_upload_ids": body["file_upload_ids"]}).json()["task_count"] == 1
    assert data_of(project) == [{"text": "one"}]


def test_a_body_can_be_looked_into_too(ann: Person, project: int) -> None:
    answer = ann.post(f"/api/projects/{project}/import?commit_to_project=false", [{"text": "one"}])
    assert (answer.status_code, answer.json()["task_count"], answer.json()["could_be_tasks_list"]) == (201, 1, False)
    assert data_of(project) == []


def test_importing_again_never_costs_annotations(ann: Person, project: int) -> None:
    body = send_files(
        ann, f"/api/projects/{project}/import", ("a.json", orjson.dumps([{"data": {"text": "x"}, "annotations": [{"result": choice()}]}]))
    ).json()
    answer = ann.post(f"/api/projects/{project}/reimport", {"file_upload_ids": body["file_upload_ids"]})
    assert answer.status_code == 409
    assert Annotation.objects.filter(project_id=project).count() == 1


def test_reimport_without_uploads_does_nothing(ann: Person, project: int) -> None:
    answer = ann.post(f"/api/projects/{project}/reimport", {"file_upload_ids": []})
    assert (answer.status_code, answer.json()["task_count"]) == (200, 0)
    assert ann.post(f"/api/projects/{project}/reimport", {"file_upload_ids": [987654]}).status_code == 404


def test_a_form_may_hold_json(ann: Person, project: int) -> None:
    answer = ann.client.generic(
        "POST",
        f"/api/projects/{project}/import",
        b"url=%5B%7B%22text%22%3A%22one%22%7D%5D",
        content_type="application/x-www-form-urlencoded",
    )
    assert (answer.status_code, data_of(project)) == (201, [{"text": "one"}])


def test_an_address_is_fetched_and_kept_as_an_upload(ann: Person, project: int, settings: Any) -> None:
    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if "missing" not in self.path else 404)
            self.send_header("Content-Type", "text/csv; charset=utf-8")
            self.end_headers()
            self.wfile.write(b"text\none\ntwo\n")

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    site = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    settings.ALLOWED_INTERNAL_HOSTS = ("127.0.0.1",)
    try:
        for path, found in (("data.csv", 201), ("data", 201), ("missing.csv", 400)):
            form = urlencode({"url": f"http://127.0.0.1:{site.server_port}/{path}"}).encode()
            answer = ann.client.generic("POST", f"/api/projects/{project}/import", form, content_type="application/x-www-form-urlencoded")
            assert answer.status_code == found, answer.content
    finally:
        site.shutdown()
        site.server_close()
    assert data_of(project) == [{"text": "one"}, {"text": "two"}] * 2
    assert list(FileUpload.objects.filter(project_id=project).order_by("id").values_list("name", flat=True)) == ["data.csv", "data.csv"]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8080/x.json",
        "file:///etc/passwd",
        "http://169.254.169.254/latest/meta-data",
        "ftp://example.com/x.csv",
        "http://[::1]/x.csv",
    ],
)
def test_addresses_that_must_not_be_asked_are_refused_alike(ann: Person, project: int, url: str) -> None:
    answer = ann.client.generic(
        "POST", f"/api/projects/{project}/import", f"url={url}".encode(), content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 400
    assert "cannot be reached" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("tasks", "said"),
    [
        ([], "no tasks"),
        ([{"text": "ok"}, {"txt": "no"}], r"Error at item 1: .*text"),
        ([{"data": {"text": ["a"], "x": 1}}, {"data": "text"}], r"Error at item 1: .*object"),
        ([{"text": {"a": 1}}], r"Error at item 0: .*text"),
        ([1], "Error at item 0: a task is an object, not a number"),
        ([{"data": {"text": "a"}, "annotations": [{}]}], r'annotations\[0\] has no "result"'),
        ([{"data": {"text": "a"}, "annotations": {}}], '"annotations" is a list'),
        ([{"data": {"text": "a"}, "annotations": [{"result": "no"}]}], r"annotations\[0\].result is a list of rows"),
        ([{"data": {"text": "a"}, "annotations": [{"result": [{"from_name": "sentiment", "to_name": "text", "type": "choices", "value": {"choices": 5}}]}]}], r"annotations\[0\].result\[0\].value"),
        ([{"data": {"text": "a"}, "annotations": [{"result": [], "completed_by": {"email": "x@nowhere.org"}}]}], "Unknown annotator's email x@nowhere.org"),
        ([{"data": {"text": "a"}, "annotations": [{"result": [], "completed_by": 987654321}]}], "987654321"),
        ([{"data": {"text": "a"}, "annotations": [{"result": [], "lead_time": "long"}]}], "lead_time is a number"),
        ([{"data": {"text": "a"}, "annotations": [{"result": [], "created_at": "yesterday"}]}], "created_at is a date"),
        ([{"data": {"text": "a"}, "annotations": [{"result": [], "unique_id": "x"}]}], "unique_id is a UUID"),
        ([{"data": {"text": "a"}, "predictions": [{"score": 1}]}], r'predictions\[0\] has no "result"'),
        ([{"data": {"text": "a"}, "predictions": [{"result": {"stars": 5}}]}], r"predictions\[0\]: The result fits no control"),
    ],
)  # fmt: skip
def test_mistakes_are_listed_by_item_and_nothing_is_written(ann: Person, project: int, tasks: Any, said: str) -> None:
    sentence, *known = sentences(ann.post(f"/api/projects/{project}/import", tasks))
    assert re.search(said, sentence)
    assert known == ([said] if said.startswith("Unknown annotator") else [])
    assert data_of(project) == []


def test_at_most_a_hundred_mistakes_are_listed_and_the_rest_counted(ann: Person, project: int) -> None:
    found = sentences(ann.post(f"/api/projects/{project}/import", [{"text": "ok"}, *[{"x": 1}] * 150]))
    assert len(found) == 101
    assert found[0].startswith("Error at item 1: ")
    assert found[-1] == "… and 50 more items with mistakes."


def test_mistakes_in_a_file_tell_its_line_and_no_upload_stays(ann: Person, project: int, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        (sentence,) = sentences(
            send_files(ann, f"/api/projects/{project}/import", ("mistake.jsonl", b'{"text": "one"}\n\n{"txt": "two"}\n'))
        )
    assert sentence.startswith("Error at item 1 (mistake.jsonl, line 3): ")
    assert FileUpload.objects.filter(project_id=project).count() == 0
    run_loops_until_idle()
    assert not list((settings.MEDIA_ROOT / "content").glob("**/*.jsonl"))


@pytest.mark.parametrize(
    "body",
    [
        b"[{",
        b'[{"text": NaN}]',
        b'[{"text": "\\ud800"}]',
        b'[{"text": 1e999}]',
        b'[{"text": "\\u0000"}]',
        b"[" * 10_000,
        b'{"text": ' + b'{"a": ' * 70 + b"1" + b"}" * 70 + b"}",
        b"\xff\xfe",
    ],
)
def test_what_is_no_json_is_a_400(ann: Person, project: int, body: bytes) -> None:
    answer = ann.client.generic("POST", f"/api/projects/{project}/import", body)
    assert answer.status_code == 400
    assert data_of(project) == []


def test_other_kinds_of_bodies_and_files_are_told(ann: Person, project: int) -> None:
    assert ann.client.generic("POST", f"/api/projects/{project}/import", b"x", content_type="text/plain").status_code == 415
    ours, known = sentences(send_files(ann, f"/api/projects/{project}/import", ("a.exe", b"MZ")))
    assert "cannot be imported" in ours
    assert known == ".exe extension is not supported"
    assert "nothing to import" in sentences(send_files(ann, f"/api/projects/{project}/import"))[0]
    assert list((settings.DATA_DIR / "incoming").iterdir()) == []


def test_annotations_and_predictions_keep_what_they_say(ann: Person, project: int) -> None:
    bob = somebody(Role.ANNOTATOR, ann.organization)
    task = {
        "data": {"text": "one"},
        "meta": {"source": "book"},
        "created_at": "2021-01-01T00:00:00Z",
        "predictions": [
            {"id": 71, "result": choice("Negative"), "score": 0.25, "model_version": "m1", "cluster": 3, "created_at": "2021-02-03T04:05:06.789Z"},
            {"result": "Neutral"},
        ],
        "annotations": [
            {
                "id": 5, "result": choice(), "completed_by": {"email": bob.user.email.upper()}, "lead_time": 12.5, "ground_truth": False, "was_cancelled": False,
                "unique_id": "6fa459ea-ee8a-3ca4-894e-db77e160355e", "created_at": "2022-02-03T04:05:06.789123Z", "updated_at": "2022-02-04T04:05:06Z",
                "prediction": {"score": 0.25}, "parent_prediction": 71,
            },
            {"result": [], "completed_by": ann.user.pk, "was_cancelled": True},
            {"result": choice("Negative")},
        ],
    }  # fmt: skip
    answer = import_tasks(ann, project, [task])
    assert (answer["annotation_count"], answer["prediction_count"]) == (3, 2)
    first, skipped, mine = Annotation.objects.filter(project_id=project).order_by("id")
    guess, short = Prediction.objects.filter(project_id=project).order_by("id")
    assert (first.completed_by_id, first.lead_time, first.ground_truth, str(first.unique_id), first.import_id) == (
        bob.user.pk,
        12.5,
        False,
        "6fa459ea-ee8a-3ca4-894e-db77e160355e",
        5,
    )
    assert (first.created_at.isoformat(), first.updated_at.isoformat()) == ("2022-02-03T04:05:06.789123+00:00", "2022-02-04T04:05:06+00:00")
    assert (orjson.loads(first.result), orjson.loads(first.prediction), first.parent_prediction_id) == (choice(), {"score": 0.25}, guess.pk)
    assert (skipped.was_cancelled, skipped.completed_by_id) == (True, ann.user.pk)
    assert (mine.ground_truth, mine.completed_by_id) == (True, ann.user.pk)
    assert (guess.score, guess.model_version, guess.cluster, guess.created_at.isoformat()) == (
        0.25,
        "m1",
        3,
        "2021-02-03T04:05:06.789000+00:00",
    )
    assert orjson.loads(short.result) == [
        {"from_name": "sentiment", "to_name": "text", "type": "choices", "value": {"choices": ["Neutral"]}}
    ]
    row = Task.objects.get(project_id=project)
    assert (orjson.loads(row.meta), row.total_annotations, row.cancelled_annotations, row.total_predictions, row.created_at.year) == (
        {"source": "book"},
        2,
        1,
        2,
        2021,
    )


def test_predictions_can_be_taken_from_fields(ann: Person, project: int) -> None:
    import_tasks(
        ann,
        project,
        [{"text": "one", "guess": "Positive"}, {"data": {"text": "two", "guess": choice("Negative")}}],
        preannotated_from_fields="guess",
    )
    results = [
        orjson.loads(text)[0]["value"]
        for text in Prediction.objects.filter(project_id=project).order_by("id").values_list("result", flat=True)
    ]
    assert results == [{"choices": ["Positive"]}, {"choices": ["Negative"]}]
    assert data_of(project)[0] == {"text": "one", "guess": "Positive"}
    assert "guess" in sentences(ann.post(f"/api/projects/{project}/import?preannotated_from_fields=guess", [{"text": "x"}]))[0]


def test_predictions_for_tasks_that_are_there(ann: Person, project: int) -> None:
    first, second = import_tasks(ann, project, [{"text": "one"}, {"text": "two"}], return_task_ids="1")["task_ids"]
    answer = ann.post(
        f"/api/projects/{project}/import/predictions",
        [
            {"task": first, "result": choice(), "score": 0.5, "model_version": "v1"},
            {"task": first, "result": "Negative", "score": 0.25, "model_version": "v2"},
            {"task": second, "result": choice()},
        ],
    )
    assert (answer.status_code, answer.json()) == (201, {"created": 3})
    rows = [
        (row.task_id, row.score, row.model_version, orjson.loads(row.result)[0]["value"])
        for row in Prediction.objects.filter(project_id=project).order_by("id")
    ]
    assert rows == [
        (first, 0.5, "v1", {"choices": ["Positive"]}),
        (first, 0.25, "v2", {"choices": ["Negative"]}),
        (second, None, "undefined", {"choices": ["Positive"]}),
    ]
    kept = Project.objects.get(pk=project)
    assert (kept.total_predictions_number, kept.model_version) == (3, "undefined")
    assert list(Task.objects.filter(project_id=project).order_by("id").values_list("total_predictions", flat=True)) == [2, 1]


def test_bad_predictions_are_told_and_the_others_written(ann: Person, project: int) -> None:
    (task,) = import_tasks(ann, project, [{"text": "one"}], return_task_ids="1")["task_ids"]
    (foreign,) = import_tasks(ann, make_project(ann), [{"text": "one"}], return_task_ids="1")["task_ids"]
    good = {"task": task, "result": choice()}
    bad = [
        {"task": foreign, "result": choice()},
        {"result": choice()},
        {"task": task},
        {**good, "score": 1.5},
        {**good, "result": {"stars": 1}},
        5,
    ]
    found = sentences(ann.post(f"/api/projects/{project}/import/predictions", bad))
    assert [sentence.split(":")[0] for sentence in found] == [f"Error at item {number}" for number in range(6)]
    assert f"there is no task {foreign}" in found[0]
    assert Prediction.objects.filter(project_id=project).count() == 0
    answer = ann.post(f"/api/projects/{project}/import/predictions", [good, *bad, good])
    assert answer.status_code == 201
    said = answer.json()
    assert (said["created"], said["refused_count"], [row["item"] for row in said["refused"]]) == (2, 6, list(range(1, 7)))
    assert said["refused"][0] == {"item": 1, "task": foreign, "errors": [f"there is no task {foreign} in this project"]}
    assert Prediction.objects.filter(project_id=project).count() == 2


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.ANNOTATOR])
def test_only_managers_import(ann: Person, project: int, role: Role) -> None:
    assert somebody(role, ann.organization).post(f"/api/projects/{project}/import", [{"text": "x"}]).status_code == 403


def test_another_organization_sees_nothing(ann: Person, project: int) -> None:
    body = send_files(ann, f"/api/projects/{project}/import", ("a.csv", b"text\none\n")).json()
    eve = somebody(Role.OWNER)
    (upload,) = body["file_upload_ids"]
    assert eve.post(f"/api/projects/{project}/import", [{"text": "x"}]).status_code == 404
    for method in ("GET", "PATCH", "DELETE"):
        assert eve.client.send(method, f"/api/import/file-upload/{upload}", {} if method == "PATCH" else None).status_code == 404
    assert eve.get(f"/api/projects/{project}/file-uploads", all="1").status_code == 404
    assert eve.post(f"/api/projects/{make_project(eve)}/reimport", {"file_upload_ids": [upload]}).status_code == 404


def test_uploads_are_listed_renamed_and_deleted(ann: Person, project: int) -> None:
    body = send_files(ann, f"/api/projects/{project}/import", ("a.csv", b"text\none\n"), ("b.csv", b"text\ntwo\n")).json()
    first, second = body["file_upload_ids"]
    assert ann.get(f"/api/projects/{project}/file-uploads").json() == []
    listed = ann.get(f"/api/projects/{project}/file-uploads", all="true").json()
    assert [(row["id"], row["size"]) for row in listed] == [(first, 9), (second, 9)]
    assert re.fullmatch(rf"upload/{project}/[0-9a-f]{{8}}-a\.csv", listed[0]["file"])
    assert ann.patch(f"/api/import/file-upload/{first}", {"name": "renamed.csv"}).json()["name"] == "renamed.csv"
    assert ann.patch(f"/api/import/file-upload/{first}", {"name": "renamed.html"}).status_code == 400
    assert ann.delete(f"/api/import/file-upload/{first}").status_code == 204
    assert ann.get(f"/api/import/file-upload/{first}").status_code == 404
    assert ann.delete(f"/api/projects/{project}/file-uploads", {"file_upload_ids": [second]}).json() == {"deleted": 1}
    assert len(data_of(project)) == 2


def test_media_that_tasks_show_is_not_deleted(ann: Person) -> None:
    project = make_project(ann, IMAGE_CONFIG)
    body = send_files(ann, f"/api/projects/{project}/import", ("x.png", b"\x89PNG\r\n\x1a\n")).json()
    answer = ann.delete(f"/api/projects/{project}/file-uploads", {})
    assert answer.status_code == 409
    assert "1 tasks" in answer.json()["detail"]
    assert ann.get(f"/api/import/file-upload/{body['file_upload_ids'][0]}").status_code == 200


def test_the_page_uploads_one_file_and_is_told_what_is_in_it(ann: Person, project: int) -> None:
    rows = b"".join(b"line %d,%d\n" % (n, n) for n in range(1_000))
    answer = send_files(ann, f"/api/projects/{project}/uploads/", ("big.csv", b"text,n\n" + rows))
    body = answer.json()
    assert answer.status_code == 201
    assert {key: body[key] for key in ("name", "size", "format", "kind", "rows", "columns", "problems")} == {
        "name": "big.csv", "size": len(rows) + 7, "format": "csv", "kind": "table", "rows": 1_000, "columns": ["text", "n"], "problems": [],
    }  # fmt: skip
    assert body["preview"] == [{"text": f"line {n}", "n": n} for n in range(5)]
    bad = send_files(ann, f"/api/projects/{project}/uploads/", ("bad.csv", b"txt\none\n")).json()
    assert bad["problems"][0].startswith("Error at item 0 (bad.csv, line 2): ")
    broken = send_files(ann, f"/api/projects/{project}/uploads/", ("bad.json", b'[{"text": ')).json()
    assert "line 1" in broken["problems"][0]
    assert data_of(project) == []


def test_a_piece_of_a_file_is_previewed_without_being_kept(ann: Person) -> None:
    piece = b'[{"text": "one"}, {"text": "two"}, {"tex'
    answer = send_files(ann, "/api/uploads/preview/", ("a.json", piece), size="5000000", label_config=TEXT_CONFIG)
    assert answer.status_code == 200
    assert answer.json() == {
        "name": "a.json",
        "size": 5_000_000,
        "format": "json",
        "kind": "table",
        "rows": None,
        "columns": ["text"],
        "preview": [{"text": "one"}, {"text": "two"}],
        "problems": [],
    }
    cut = send_files(ann, "/api/uploads/preview", ("a.json", piece)).json()
    assert "cut off" in cut["problems"][0]
    lines = send_files(ann, "/api/uploads/preview", ("a.txt", b"one\ntwo\n"), label_config=TEXT_CONFIG).json()
    assert (lines["rows"], lines["preview"]) == (2, [{"text": "one"}, {"text": "two"}])
    assert FileUpload.objects.count() == 0
    assert list((settings.DATA_DIR / "incoming").iterdir()) == []


def test_a_large_import_goes_through_its_job(ann: Person, project: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (api, jobs):
        monkeypatch.setattr(module, "AT_ONCE", 10)
    monkeypatch.setattr(jobs, "STEP", 7)
    answer = import_tasks(ann, project, [{"text": str(n)} for n in range(25)], return_task_ids="1")
    assert (answer["task_count"], len(answer["task_ids"])) == (25, 25)
    assert data_of(project) == [{"text": str(n)} for n in range(25)]
    assert list((settings.DATA_DIR / "incoming").iterdir()) == []


def test_an_import_in_the_background_tells_its_outcome(ann: Person, project: int) -> None:
    upload = send_files(ann, f"/api/projects/{project}/uploads", ("a.csv", b"text\none\ntwo\n")).json()
    started = ann.post(f"/api/projects/{project}/imports", {"file_upload_ids": [upload["id"]], "return_task_ids": True})
    assert (started.status_code, started.json()["status"]) == (201, "created")
    jobs.run_job.func(started.json()["job"])
    done = ann.get(f"/api/projects/{project}/imports/{started.json()['id']}/").json()
    assert (done["status"], done["task_count"], len(done["task_ids"]), done["found_formats"], done["file_upload_ids"]) == (
        "completed",
        2,
        2,
        {".csv": 1},
        [upload["id"]],
    )
    bad = send_files(ann, f"/api/projects/{project}/uploads", ("b.csv", b"txt\none\n")).json()
    started = ann.post(f"/api/projects/{project}/imports", {"file_upload_ids": [bad["id"]]})
    jobs.run_job.func(started.json()["job"])
    failed = ann.get(f"/api/projects/{project}/imports/{started.json()['id']}/").json()
    assert failed["status"] == "failed"
    assert failed["error"].startswith("Error at item 0 (b.csv, line 2)")
    assert ann.get(f"/api/projects/{project}/imports/999999").status_code == 404


def test_a_job_goes_on_where_a_killed_worker_stopped(ann: Person, project: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (api, jobs):
        monkeypatch.setattr(module, "AT_ONCE", 10)
    monkeypatch.setattr(jobs, "STEP", 7)
    upload = send_files(ann, f"/api/projects/{project}/uploads", ("a.txt", b"".join(b"%d\n" % n for n in range(25)))).json()
    started = ann.post(f"/api/projects/{project}/imports", {"file_upload_ids": [upload["id"]]}).json()
    real, calls = jobs.write, []

    def dying(*args: Any) -> None:
        calls.append(1)
        real(*args)
        if len(calls) == 3:
            raise SystemExit  # as if the process ended in the middle of its third step

    monkeypatch.setattr(jobs, "write", dying)
    with pytest.raises(SystemExit):
        jobs.run_job.func(started["job"])
    assert len(data_of(project)) == 14
    monkeypatch.setattr(jobs, "write", real)
    from core.jobs.models import Job

    Job.objects.filter(pk=started["job"]).update(status="waiting")
    jobs.run_job.func(started["job"])
    assert data_of(project) == [{"text": str(n)} for n in range(25)]
    assert ann.get(f"/api/projects/{project}/imports/{started['id']}").json()["task_count"] == 25


def test_an_upload_that_breaks_off_is_not_imported(ann: Person, project: int) -> None:
    """The connection ends before what the client announced: half a file would look like a whole one."""
    import io

    lines = b'{"text": "one"}\n{"text": "two"}\n'
    broken = {"wsgi.input": io.BytesIO(lines), "CONTENT_LENGTH": str(len(lines) + 10)}
    answer = ann.client.generic("POST", f"/api/projects/{project}/import", lines, **broken)
    assert (answer.status_code, "broke off" in answer.json()["detail"]) == (400, True)
    form = encode_multipart(BOUNDARY, {"file": SimpleUploadedFile("a.txt", b"one\ntwo\nthree\n")})
    cut = form[: form.index(b"three")]
    broken = {"wsgi.input": io.BytesIO(cut), "CONTENT_LENGTH": str(len(form))}
    answer = ann.client.generic("POST", f"/api/projects/{project}/import", form, content_type=MULTIPART_CONTENT, **broken)
    assert answer.status_code == 400
    assert data_of(project) == []
    assert list((settings.DATA_DIR / "incoming").iterdir()) == []


def test_an_upload_leaves_room_on_the_disk(ann: Person, project: int, monkeypatch: pytest.MonkeyPatch) -> None:
    import shutil

    usage = shutil.disk_usage(Path("/"))
    monkeypatch.setattr("data_import.storage.shutil.disk_usage", lambda _folder: usage._replace(free=(200 << 20) + 10))
    assert ann.post(f"/api/projects/{project}/import", [{"text": "more than ten bytes"}]).status_code == 413
    assert send_files(ann, f"/api/projects/{project}/uploads", ("a.csv", b"text\nmore than ten bytes\n")).status_code == 413
