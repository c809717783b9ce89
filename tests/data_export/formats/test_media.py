"""Which files come into an archive: the project's own uploads, and what is fetched when it is asked for."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from core.errors import Refused
from data_import.models import FileUpload
from tasks.models import Task
from tests.data_export.formats.labelled_media import RECTANGLES, picture, upload
from tests.data_export.formats.peer import archive_of, text_of
from tests.labelled import import_tasks, make_project
from tests.people import Person, somebody
from tests.stored import stored


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that were asked for; those on example.com answer with a picture, others not at all."""
    found: list[str] = []

    @contextmanager
    def fetch(url: str, **options: Any) -> Iterator[Any]:
        found.append(url)
        if "example.com" not in url:
            raise Refused("This address cannot be reached from here.", 400)
        yield SimpleNamespace(status=404 if "gone" in url else 200, stream=lambda: iter([picture()[:20], picture()[20:]]))

    monkeypatch.setattr("data_export.media.fetch", fetch)
    return found


def project_of(person: Person, *urls: Any) -> int:
    project = make_project(person, RECTANGLES)
    import_tasks(person, project, [{"data": {"image": url}} for url in urls])
    return project


def task_ids(project: int) -> list[int]:
    return list(Task.objects.filter(project_id=project).order_by("pk").values_list("pk", flat=True))


def pictures(archive: dict[str, bytes]) -> dict[str, bytes]:
    return {name.removeprefix("images/"): content for name, content in archive.items() if name.startswith("images/") and name != "images/"}


def test_addresses_elsewhere_are_fetched_for_formats_with_images(ann: Person, asked: list[str]) -> None:
    project = project_of(ann, "https://example.com/a/b%20c.png?x=1", "https://example.com/other/b c.png", "https://example.com/")
    _, second, third = task_ids(project)
    expected = {"b c.png": picture(), f"task-{second}-b c.png": picture(), f"task-{third}": picture()}
    assert pictures(archive_of(ann, project, "COCO_WITH_IMAGES")) == expected
    assert len(asked) == 3


def test_nothing_is_fetched_when_resources_are_not_wanted_or_not_asked_for(ann: Person, asked: list[str]) -> None:
    project = project_of(ann, "https://example.com/a.png")
    for format, query in (
        ("COCO_WITH_IMAGES", {"download_resources": "false"}),
        ("COCO", {"download_resources": "true"}),
        ("VOC", {}),
        ("YOLO", {}),
    ):
        assert pictures(archive_of(ann, project, format, **query)) == {}
    assert asked == []
    assert pictures(archive_of(ann, project, "VOC", download_resources="true")) == {"a.png": picture()}


def test_what_cannot_be_had_is_listed_and_its_labels_stay(ann: Person, asked: list[str]) -> None:
    project = project_of(
        ann, "https://example.com/gone.png", "s3://bucket/a.png", "https://dead.test/1.png", [], "/data/local-files/?d=x/y.png", "http://["
    )
    archive = archive_of(ann, project, "YOLO_WITH_IMAGES")
    assert pictures(archive) == {}
    ids = task_ids(project)
    missing = [line.split("\t") for line in archive["missing.txt"].decode().splitlines()]
    assert [line[1] for line in missing] == ["gone.png", "a.png", "1.png", f"task-{ids[3]}", "y.png", f"task-{ids[5]}"]
    assert "404" in missing[0][3]
    assert {name for name in archive if name.startswith("labels/")} == {
        "labels/",
        *(f"labels/{line[1].partition('.')[0]}.txt" for line in missing),
    }


def test_a_dead_host_is_not_asked_for_every_task(ann: Person, asked: list[str]) -> None:
    project = project_of(ann, *(f"https://dead.test/{number}.png" for number in range(20)))
    archive = archive_of(ann, project, "COCO_WITH_IMAGES")
    assert len(asked) == 3
    assert archive["missing.txt"].count(b"\n") == 20
    assert len(text_of(archive["result.json"])["images"]) == 20


def test_a_picture_inside_the_task_is_taken_from_there(ann: Person, asked: list[str]) -> None:
    project = project_of(ann, "data:image/png;base64," + base64.b64encode(picture()).decode(), "data:image/png;base64,%%%")
    archive = archive_of(ann, project, "COCO_WITH_IMAGES")
    assert pictures(archive) == {f"task-{task_ids(project)[0]}.png": picture()}
    assert text_of(archive["result.json"])["images"][0]["width"] == 60
    assert archive["missing.txt"].count(b"\n") == 1
    assert asked == []


def test_files_of_another_project_are_not_read(ann: Person, asked: list[str]) -> None:
    other = somebody()
    theirs = make_project(other, RECTANGLES)
    (url,) = upload(other, theirs, ("secret.png", picture()))
    path = stored(FileUpload.objects.get().file)
    project = project_of(
        ann,
        url,
        f"/data/upload/1/../{theirs}/{path.name}",
        f"/data/upload/{theirs}%2f{path.name}",
        f"http://127.0.0.1{url}",
        f"file://{path}",
        str(path),
    )
    for format in ("COCO_WITH_IMAGES", "VOC"):
        archive = archive_of(ann, project, format, download_resources="true")
        assert pictures(archive) == {}
        assert all(picture() not in content for content in archive.values())


def test_an_upload_whose_file_is_gone_is_listed(ann: Person) -> None:
    project = make_project(ann, RECTANGLES)
    urls = upload(ann, project, ("a.png", picture() + b"a"), ("b.png", picture()))
    import_tasks(ann, project, [{"image": url} for url in urls])
    stored(urls[0]).unlink()
    archive = archive_of(ann, project, "VOC")
    assert pictures(archive) == {"b.png": picture()}
    assert "Annotations/a.xml" in archive
    assert b"a.png" in archive["missing.txt"]


def test_tasks_that_share_a_picture_share_its_entry(ann: Person) -> None:
    project = make_project(ann, RECTANGLES)
    (url,) = upload(ann, project, ("a.png", picture()))
    import_tasks(ann, project, [{"image": url}, {"image": url}])
    archive = archive_of(ann, project, "YOLO_WITH_IMAGES")
    assert pictures(archive) == {"a.png": picture()}
    assert len([name for name in archive if name.startswith("labels/") and name != "labels/"]) == 2
