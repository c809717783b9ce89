"""ZIP archives and Parquet through the API: media become uploads, tables become tasks, and the two find each other."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import orjson
import pyarrow
import pyarrow.parquet
import pytest

from core.permissions import Role
from data_import.models import FileUpload
from tasks.models import Task
from tests.labelled import IMAGE_CONFIG, choice, make_project, send_files
from tests.people import Person, somebody

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def ann() -> Person:
    return somebody(Role.MANAGER)


def packed(**files: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return held.getvalue()


def data_of(project: int) -> list[dict[str, Any]]:
    return [orjson.loads(text) for text in Task.objects.filter(project_id=project).order_by("id").values_list("data", flat=True)]


def send(ann: Person, project: int, *files: tuple[str, bytes], status: int = 201) -> dict[str, Any]:
    answer = send_files(ann, f"/api/projects/{project}/import", *files)
    assert answer.status_code == status, answer.content
    found: dict[str, Any] = answer.json()
    return found


def test_media_of_an_archive_are_tasks_and_are_served(ann: Person) -> None:
    project = make_project(ann, IMAGE_CONFIG)
    answer = send(ann, project, ("set.zip", packed(**{"cats/10.png": PNG + b"10", "cats/2.png": PNG + b"2", "README": b"?"})))
    assert (answer["task_count"], answer["found_formats"]) == (2, {".zip": 1})
    second, tenth = data_of(project)
    assert [ann.get(task["image"]).content for task in (second, tenth)] == [PNG + b"2", PNG + b"10"]
    named = dict(Task.objects.filter(project_id=project).values_list("data", "file_upload__name"))
    assert sorted(named.values()) == ["cats/10.png", "cats/2.png"]
    assert FileUpload.objects.filter(project_id=project, archive_id__isnull=False).count() == 2


def test_a_table_in_an_archive_names_the_media_beside_it(ann: Person) -> None:
    project = make_project(ann, IMAGE_CONFIG)
    tasks = [{"data": {"image": "images/a.png", "note": "one"}}, {"image": "b.png"}, {"image": "https://example.org/c.png"}]
    send(ann, project, ("set.zip", packed(**{"images/a.png": PNG + b"a", "images/b.png": PNG + b"b", "tasks.json": orjson.dumps(tasks)})))
    first, second, third = data_of(project)
    assert (first["note"], third["image"]) == ("one", "https://example.org/c.png")
    assert [ann.get(task["image"]).content[-1:] for task in (first, second)] == [b"a", b"b"]


def test_an_archive_may_hold_several_tables(ann: Person) -> None:
    project = make_project(ann)
    answer = send(ann, project, ("set.zip", packed(**{"a.csv": b"text\none\n", "b/c.jsonl": b'{"text": "two"}\n', "d.txt": b"three\n"})))
    assert answer["task_count"] == 3
    assert data_of(project) == [{"text": "one"}, {"text": "two"}, {"text": "three"}]


def test_an_archive_that_would_do_harm_leaves_nothing_behind(ann: Person) -> None:
    project = make_project(ann)
    answer = send(ann, project, ("bomb.zip", packed(**{"a.txt": bytes(120 << 20)})), status=400)
    assert "more than 200 times its size" in answer["validation_errors"]["non_field_errors"][0]
    answer = send(ann, project, ("out.zip", packed(**{"../../a.txt": b"x"})), status=400)
    assert "leads out of it" in answer["validation_errors"]["non_field_errors"][0]
    assert (FileUpload.objects.filter(project_id=project).count(), data_of(project)) == (0, [])


def parquet(folder: Path, columns: dict[str, list[Any]], **options: Any) -> bytes:
    pyarrow.parquet.write_table(pyarrow.table(columns), folder / "a.parquet", **options)
    return (folder / "a.parquet").read_bytes()


def test_parquet_rows_are_tasks(ann: Person, tmp_path: Path) -> None:
    project = make_project(ann)
    content = parquet(tmp_path, {"text": ["one", "two", "three"], "n": [1, None, 3], "tags": [["a"], [], None]}, row_group_size=2)
    assert send(ann, project, ("a.parquet", content))["found_formats"] == {".parquet": 1}
    assert data_of(project) == [
        {"text": "one", "n": 1, "tags": ["a"]},
        {"text": "two", "n": None, "tags": []},
        {"text": "three", "n": 3, "tags": None},
    ]


def test_parquet_of_whole_tasks_brings_their_annotations(ann: Person, tmp_path: Path) -> None:
    project = make_project(ann)
    annotations = orjson.dumps([{"result": choice()}]).decode()
    send(ann, project, ("a.parquet", parquet(tmp_path, {"data": ['{"text": "one"}'], "annotations": [annotations]})))
    assert data_of(project) == [{"text": "one"}]
    assert Task.objects.get(project_id=project).total_annotations == 1


def test_parquet_with_bytes_or_of_nonsense_is_told(ann: Person, tmp_path: Path) -> None:
    project = make_project(ann)
    content = parquet(tmp_path, {"text": ["one"], "picture": [b"\x00\x01"]})
    (sentence,) = send(ann, project, ("a.parquet", content), status=400)["validation_errors"]["non_field_errors"]
    assert 'the column "picture" holds bytes' in sentence
    (sentence,) = send(ann, project, ("a.parquet", b"nonsense"), status=400)["validation_errors"]["non_field_errors"]
    assert "not a Parquet file" in sentence
