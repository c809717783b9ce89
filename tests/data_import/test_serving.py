"""`/data/upload/…`: who may see uploaded files, what a browser is told about them, and ranges."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings

from core.permissions import Role
from data_import.models import FileUpload
from tests.labelled import make_project, send_files, whole
from tests.people import JSONClient, Person, somebody
from tests.stored import stored

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4


@pytest.fixture
def ann() -> Person:
    return somebody(Role.MANAGER)


def upload(person: Person, name: str, content: bytes) -> str:
    """The address of a stored file."""
    body = send_files(person, f"/api/projects/{make_project(person)}/uploads", (name, content)).json()
    return "/data/" + str(FileUpload.objects.get(pk=body["id"]).file)


def test_a_file_comes_back_whole_with_its_name(ann: Person) -> None:
    answer = ann.get(upload(ann, "Größe 1.png", PNG))
    assert (answer.status_code, whole(answer), answer["Content-Type"], answer["Content-Length"]) == (200, PNG, "image/png", str(len(PNG)))
    assert answer["Content-Disposition"] == "inline; filename=\"Gr__e 1.png\"; filename*=UTF-8''Gr%C3%B6%C3%9Fe%201.png"
    assert (answer["X-Content-Type-Options"], answer["Accept-Ranges"], answer["Cache-Control"].startswith("private")) == (
        "nosniff",
        "bytes",
        True,
    )
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")


def test_a_file_by_the_address_of_a_lasting_storage(ann: Person) -> None:
    path = upload(ann, "a.png", PNG).removeprefix("/data/")
    assert whole(ann.get("/storage-data/uploaded/", filepath=path)) == PNG
    assert somebody().get("/storage-data/uploaded/", filepath=path).status_code == 404
    for wrong in ("", "../settings.py", "upload/1", f"{path}/..", "export/1/a.json"):
        assert ann.get("/storage-data/uploaded/", filepath=wrong).status_code == 404


@pytest.mark.parametrize(
    ("said", "status", "content", "span"),
    [
        ("bytes=0-9", 206, PNG[:10], "0-9"), ("bytes=10-", 206, PNG[10:], f"10-{len(PNG) - 1}"), ("bytes=-5", 206, PNG[-5:], f"{len(PNG) - 5}-{len(PNG) - 1}"),
        ("bytes=5-99999", 206, PNG[5:], f"5-{len(PNG) - 1}"), ("bytes=0-0", 206, PNG[:1], "0-0"), ("bytes=0-", 200, PNG, None), ("bytes=2-1", 416, b"", "*"),
        ("bytes=99999-", 416, b"", "*"), ("bytes=-0", 416, b"", "*"), ("bytes=0-1,3-4", 200, PNG, None), ("lines=1-2", 200, PNG, None), ("bytes=-", 200, PNG, None),
    ],
)  # fmt: skip
def test_ranges(ann: Person, said: str, status: int, content: bytes, span: str | None) -> None:
    answer = ann.client.get(upload(ann, "a.png", PNG), HTTP_RANGE=said)
    assert (answer.status_code, whole(answer)) == (status, content)
    assert answer.get("Content-Range") == (f"bytes {span}/{len(PNG)}" if span else None)


def test_a_large_file_is_streamed_and_its_parts_too(ann: Person) -> None:
    content = bytes(range(256)) * 4_096
    path = upload(ann, "a.txt", content)
    answer = ann.get(path)
    assert answer.streaming
    assert whole(answer) == content
    part = ann.client.get(path, HTTP_RANGE="bytes=100-600000")
    assert (part.status_code, whole(part), part["Content-Length"]) == (206, content[100:600_001], "599901")


def test_streams_hold_at_most_half_of_the_threads(ann: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data_import.serving.PATIENCE", 0.01)
    path = upload(ann, "a.txt", b"x" * 600_000)
    limit = max(1, settings.ENVIRONMENT.web_threads // 2)
    under_way = [ann.get(path) for _ in range(limit)]
    refused = ann.get(path)
    assert (refused.status_code, refused["Retry-After"]) == (503, "5")
    assert len(whole(under_way.pop())) == 600_000
    again = ann.get(path)
    assert again.status_code == 200
    for answer in (*under_way, again):
        whole(answer)  # read to the end, so that the next test finds every place free


def test_what_has_not_changed_is_not_sent_again(ann: Person) -> None:
    path = upload(ann, "a.png", PNG)
    first = ann.get(path)
    for headers in (
        {"HTTP_IF_NONE_MATCH": f'W/{first["ETag"]}, "other"'},
        {"HTTP_IF_MODIFIED_SINCE": first["Last-Modified"]},
        {"HTTP_IF_NONE_MATCH": "*"},
    ):
        answer = ann.client.get(path, **headers)
        assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", first["ETag"])
    assert ann.client.get(path, HTTP_IF_NONE_MATCH='"other"').status_code == 200
    assert ann.client.get(path, HTTP_RANGE="bytes=0-1", HTTP_IF_RANGE='"other"').status_code == 200
    assert ann.client.head(path)["Content-Length"] == str(len(PNG))


@pytest.mark.parametrize(
    ("name", "content", "content_type", "shown"),
    [
        ("a.html", b"<script>alert(1)</script>", "text/html; charset=utf-8", "attachment"),
        ("a.xml", b"<a/>", "application/xml", "attachment"),
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "image/svg+xml", "inline"),
        ("a.svg", b"<html><script>alert(1)</script></html>", "application/octet-stream", "attachment"),
        ("a.png", b"<html><script>alert(1)</script></html>", "application/octet-stream", "attachment"),
        ("a.jpg", PNG, "image/png", "inline"),
        ("a.txt", b"<script>alert(1)</script>", "text/plain; charset=utf-8", "inline"),
        ("a.csv", b"a,b\n", "text/csv; charset=utf-8", "attachment"),
        ("a.pdf", b"%PDF-1.7", "application/pdf", "inline"),
        ("a.mp3", b"ID3\x04", "audio/mpeg", "inline"),
        ("a.m4a", b"\0\0\0\x20ftypisom", "audio/mp4", "inline"),
        ("a.mp4", b"\0\0\0\x20ftypisom", "video/mp4", "inline"),
    ],
)
def test_the_type_comes_from_our_table_and_the_bytes(ann: Person, name: str, content: bytes, content_type: str, shown: str) -> None:
    answer = ann.get(upload(ann, name, content))
    assert (answer["Content-Type"], answer["Content-Disposition"].split(";")[0]) == (content_type, shown)
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "allow-scripts" not in answer["Content-Security-Policy"]


def test_who_may_not_see_the_project_gets_the_404_of_a_missing_file(ann: Person) -> None:
    path = upload(ann, "a.png", PNG)
    annotator = somebody(Role.ANNOTATOR, ann.organization)
    assert annotator.get(path).status_code == 200
    missing = ann.get(path + "x")
    foreign = somebody(Role.OWNER).get(path)
    assert (missing.status_code, foreign.status_code) == (404, 404)
    assert missing.json()["detail"] == foreign.json()["detail"]
    anonymous = JSONClient().get(path)
    assert (anonymous.status_code, anonymous["WWW-Authenticate"]) == (401, "Token")


@pytest.mark.parametrize(
    "path",
    [
        "/data/upload/1/..%2f..%2fsecret_key",
        "/data/upload/1/../../secret_key",
        "/data/upload/999999999999999999999/x.png",
        "/data/avatars/..%2fupload",
        "/data/avatars/x.png",
        "/data/avatars/x.html",
    ],
)
def test_paths_that_lead_elsewhere_are_not_found(ann: Person, path: str) -> None:
    answer: Any = ann.get(path)
    assert answer.status_code == 404


def test_a_file_that_is_gone_from_the_disk_is_a_404(ann: Person) -> None:
    path = upload(ann, "a.png", PNG)
    stored(path).unlink()
    assert ann.get(path).status_code == 404
