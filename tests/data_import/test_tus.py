"""Uploads in pieces: the tus protocol as its clients speak it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from core.permissions import Role
from data_import import partial_uploads
from data_import.models import FileUpload, PartialUpload
from tests.labelled import make_project
from tests.people import Person, somebody
from tests.stored import stored

pytestmark = pytest.mark.django_db

TUS = {"HTTP_TUS_RESUMABLE": "1.0.0"}
CONTENT = b"text\n" + b"".join(b"row %d\n" % n for n in range(1_000))


@pytest.fixture
def ann() -> Person:
    return somebody(Role.MANAGER)


@pytest.fixture
def project(ann: Person) -> int:
    return make_project(ann)


def test_several_gigabytes_arrive_in_pieces_and_go_on_after_a_break(ann: Person, project: int, size: Callable[[int], int]) -> None:
    piece = bytes(range(256)) * (32 << 10)  # 8 MB
    count = max(3, size(384))  # 3 GB in the full suite
    digest = hashlib.sha256()
    address = begun(ann, project, len(piece) * count, metadata=said(filename="long.wav"))
    for number in range(count):
        if number == count // 2:  # a new client asks where to go on
            assert ask(ann, "HEAD", address)["Upload-Offset"] == str(number * len(piece))
        answer = patch(ann, address, number * len(piece), piece)
        assert answer.status_code == 204
        digest.update(piece)
    upload = FileUpload.objects.get(pk=answer["Labelspace-Upload"])
    assert (upload.size, upload.sha256) == (len(piece) * count, digest.hexdigest())


def said(**fields: str) -> str:
    return ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in fields.items())


def create(person: Person, project: int, size: int, body: bytes = b"", metadata: str = said(filename="a.csv"), **headers: str) -> Any:
    content_type = "application/offset+octet-stream" if body else ""
    return person.client.generic(
        "POST", f"/api/projects/{project}/tus", body, content_type=content_type, HTTP_UPLOAD_LENGTH=str(size), HTTP_UPLOAD_METADATA=metadata,
        **{**TUS, **headers},
    )  # fmt: skip


def begun(person: Person, project: int, size: int = len(CONTENT), **more: Any) -> str:
    answer = create(person, project, size, **more)
    assert answer.status_code == 201, answer.content
    return str(answer["Location"])


def patch(person: Person, address: str, offset: int, body: bytes, **headers: str) -> Any:
    return person.client.generic(
        "PATCH", address, body, content_type="application/offset+octet-stream", HTTP_UPLOAD_OFFSET=str(offset), **{**TUS, **headers}
    )


def ask(person: Person, method: str, address: str, **headers: str) -> Any:
    return person.client.generic(method, address, **{**TUS, **headers})


def test_a_file_in_pieces_is_one_upload(ann: Person, project: int) -> None:
    address = begun(ann, project, metadata=said(filename="a.csv", relativePath="set/one/a.csv", filetype="text/csv"))
    assert patch(ann, address, 0, CONTENT[:1_000])["Upload-Offset"] == "1000"
    head = ask(ann, "HEAD", address)
    assert (head.status_code, head["Upload-Offset"], head["Upload-Length"], head["Cache-Control"]) == (
        200,
        "1000",
        str(len(CONTENT)),
        "no-store",
    )
    assert "Upload-Expires" in head
    last = patch(ann, address, 1_000, CONTENT[1_000:])
    assert (last.status_code, last["Upload-Offset"]) == (204, str(len(CONTENT)))
    upload = FileUpload.objects.get(pk=last["Labelspace-Upload"])
    assert (upload.name, upload.size, upload.sha256) == ("set/one/a.csv", len(CONTENT), hashlib.sha256(CONTENT).hexdigest())
    assert stored(upload.file).read_bytes() == CONTENT
    assert ask(ann, "HEAD", address)["Labelspace-Upload"] == str(upload.pk)
    answer = ann.post(f"/api/projects/{project}/imports/preview", {"file_upload_ids": [upload.pk]})
    assert answer.json()["rows"] == 1_000


def test_a_small_file_comes_with_its_creation(ann: Person, project: int) -> None:
    answer = create(ann, project, 4, b"text")
    assert (answer.status_code, answer["Upload-Offset"]) == (201, "4")
    assert FileUpload.objects.get(pk=answer["Labelspace-Upload"]).size == 4
    empty = create(ann, project, 0)
    assert FileUpload.objects.get(pk=empty["Labelspace-Upload"]).size == 0


def test_a_piece_elsewhere_is_refused_and_changes_nothing(ann: Person, project: int) -> None:
    address = begun(ann, project)
    patch(ann, address, 0, CONTENT[:10])
    assert patch(ann, address, 0, CONTENT[:10]).status_code == 409
    assert patch(ann, address, 20, CONTENT[20:30]).status_code == 409
    assert patch(ann, address, 10, CONTENT).status_code == 413
    assert ask(ann, "HEAD", address)["Upload-Offset"] == "10"


def test_what_was_written_beyond_the_offset_is_written_again(ann: Person, project: int) -> None:
    """A server that is killed in the middle of a piece has bytes on the disk that it never confirmed."""
    address = begun(ann, project)
    patch(ann, address, 0, CONTENT[:10])
    partial = PartialUpload.objects.get()
    with partial_uploads.path_of(partial).open("ab") as file:
        file.write(b"half a piece")
    last = patch(ann, address, 10, CONTENT[10:])
    assert stored(FileUpload.objects.get(pk=last["Labelspace-Upload"]).file).read_bytes() == CONTENT


def test_checksums(ann: Person, project: int) -> None:
    address = begun(ann, project)
    piece = CONTENT[:100]
    right = base64.b64encode(hashlib.sha1(piece, usedforsecurity=False).digest()).decode()
    assert patch(ann, address, 0, CONTENT[1:101], HTTP_UPLOAD_CHECKSUM=f"sha1 {right}").status_code == 460
    assert patch(ann, address, 0, piece, HTTP_UPLOAD_CHECKSUM="crc32 xx").status_code == 400
    assert patch(ann, address, 0, piece, HTTP_UPLOAD_CHECKSUM=f"sha1 {right}")["Upload-Offset"] == "100"


def test_an_upload_is_given_up_by_its_client_or_by_time(ann: Person, project: int) -> None:
    first, second = begun(ann, project), begun(ann, project)
    paths = [partial_uploads.path_of(partial) for partial in PartialUpload.objects.order_by("pk")]
    assert ask(ann, "DELETE", first).status_code == 204
    assert (ask(ann, "HEAD", first).status_code, paths[0].exists()) == (404, False)
    PartialUpload.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert ask(ann, "HEAD", second).status_code == 410
    begun(ann, project)  # sweeps
    assert (ask(ann, "HEAD", second).status_code, paths[1].exists()) == (404, False)


def test_the_disk_is_not_promised_twice(ann: Person, project: int, monkeypatch: pytest.MonkeyPatch) -> None:
    free = partial_uploads.KEEP_FREE + 1_000
    monkeypatch.setattr(partial_uploads.shutil, "disk_usage", lambda _path: type("Usage", (), {"free": free}))
    assert create(ann, project, 600).status_code == 201
    assert create(ann, project, 600).status_code == 413
    assert create(ann, project, 400).status_code == 201


def test_what_a_client_asks_of_the_protocol(ann: Person, project: int) -> None:
    answer = ann.client.generic("OPTIONS", f"/api/projects/{project}/tus")
    assert (answer.status_code, answer["Tus-Version"]) == (204, "1.0.0")
    assert answer["Tus-Extension"] == "creation,creation-with-upload,expiration,checksum,termination"
    assert create(ann, project, 5, HTTP_TUS_RESUMABLE="0.2.0").status_code == 412
    assert create(ann, project, 5, metadata=said(filename="a.exe")).status_code == 400
    assert create(ann, project, 5, metadata="filename !!").status_code == 400
    assert create(ann, project, 5, metadata="").status_code == 400


def test_an_upload_is_its_sender_s_alone(ann: Person, project: int) -> None:
    address = begun(ann, project)
    assert ask(somebody(Role.MANAGER, ann.organization), "HEAD", address).status_code == 404
    assert ask(somebody(Role.ANNOTATOR, ann.organization), "HEAD", address).status_code == 403
