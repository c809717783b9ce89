"""The bytes of uploads: kept once for each organization, looked at before they are taken, gone when nothing needs them."""

from __future__ import annotations

import io
import os
import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from core.errors import Refused
from core.events.loops import run_loops_until_idle
from core.rawjson import json_text, read_json
from data_import.models import Content, DiscardedContent, FileUpload, MediaUse
from data_import.operations import store_upload
from data_import.storage import receive
from projects.models import Project
from tasks.models import Task
from tests.labelled import IMAGE_CONFIG, TEXT_CONFIG, make_project, send_files, whole
from tests.people import Person, somebody

pytestmark = pytest.mark.django_db(transaction=True)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


@pytest.fixture
def ann() -> Person:
    return somebody()


def send(person: Person, project: int, name: str, content: bytes) -> Any:
    return send_files(person, f"/api/projects/{project}/import", (name, content))


def data_of(project: int) -> list[dict[str, Any]]:
    return [read_json(task.data) for task in Task.objects.filter(project=project).order_by("pk")]


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.glob("content/**/*") if path.is_file()]


def test_the_same_bytes_are_kept_once_and_until_their_last_upload_goes(ann: Person, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    project, other = make_project(ann, IMAGE_CONFIG), make_project(somebody(), IMAGE_CONFIG)
    assert [send(ann, project, name, PNG).status_code for name in ("one.png", "set/two.png")] == [201, 201]
    assert {upload.name for upload in FileUpload.objects.all()} == {"one.png", "two.png"}
    assert len(files_in(settings.MEDIA_ROOT)) == Content.objects.count() == 1
    assert MediaUse.objects.get().bytes == len(PNG)
    shown = [ann.client.get(task["image"]) for task in data_of(project)]
    assert [whole(answer) for answer in shown] == [PNG, PNG]
    assert other
    for left, task in ((1, data_of(project)[0]), (0, data_of(project)[1])):
        upload = FileUpload.objects.get(file=task["image"].removeprefix("/data/"))
        ann.post(
            f"/api/dm/actions?id=delete_tasks&project={project}",
            {"selectedItems": {"all": False, "included": list(upload.tasks.values_list("pk", flat=True))}},
        )
        assert ann.delete(f"/api/import/file-upload/{upload.pk}").status_code == 204
        run_loops_until_idle()
        assert (len(files_in(settings.MEDIA_ROOT)), Content.objects.count()) == (left, left)
    assert (MediaUse.objects.get().bytes, DiscardedContent.objects.count()) == (0, 0)


def test_an_organization_has_its_share(ann: Person, settings: Any) -> None:
    settings.UPLOAD_QUOTA_BYTES = 100
    project = make_project(ann, TEXT_CONFIG)
    assert send(ann, project, "a.txt", b"x" * 60).status_code == 201
    assert send(ann, project, "same.txt", b"x" * 60).status_code == 201
    refused = send(ann, project, "b.txt", b"y" * 60)
    assert refused.status_code == 413
    assert "UPLOAD_QUOTA_MB" in refused.json()["detail"]


def test_the_place_of_a_picture_is_taken_out(ann: Person, settings: Any) -> None:
    from PIL import Image

    settings.STRIP_GPS = True
    project = make_project(ann, IMAGE_CONFIG)
    for format, name in (("JPEG", "a.jpg"), ("PNG", "a.png"), ("WEBP", "a.webp")):
        exif = Image.Exif()
        exif[0x010F] = "Camera"
        exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.34), 3: "E", 4: (13.0, 24.0, 17.5)})
        place = b'<x:xmpmeta><rdf:Description exif:GPSLatitude="52,31.2N" tiff:Make="Camera"/></x:xmpmeta>'
        written = io.BytesIO()
        Image.new("RGB", (8, 8), "red").save(written, format, exif=exif.tobytes(), xmp=place)
        assert send(ann, project, name, written.getvalue()).status_code == 201
        address = next(task["image"] for task in data_of(project) if task["image"].endswith(name))
        served = whole(ann.client.get(address))
        with Image.open(io.BytesIO(served)) as picture:
            found = picture.getexif()
            picture.load()
            assert (found[0x010F], dict(found.get_ifd(0x8825))) == ("Camera", {})
        assert b"52,31" not in served
        assert len(served) == len(written.getvalue())


@pytest.fixture
def clamd(tmp_path: Path) -> Iterator[str]:
    """A scanner that finds a virus in what says EICAR."""

    class Scanner(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            assert self.rfile.read(10) == b"zINSTREAM\0"
            content = b""
            while size := struct.unpack("!I", self.rfile.read(4))[0]:
                content += self.rfile.read(size)
            self.wfile.write(b"stream: Eicar-Test FOUND\0" if b"EICAR" in content else b"stream: OK\0")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Scanner) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_a_virus_scanner_is_asked(ann: Person, settings: Any, clamd: str) -> None:
    settings.CLAMD_SOCKET = clamd
    project = make_project(ann, TEXT_CONFIG)
    assert send(ann, project, "a.txt", b"fine").status_code == 201
    refused = send(ann, project, "b.txt", b"EICAR")
    assert (refused.status_code, "Eicar-Test" in refused.content.decode()) == (400, True)
    settings.CLAMD_SOCKET = "/nothing/there"
    assert send(ann, project, "c.txt", b"fine").status_code == 503
    assert FileUpload.objects.count() == 1


def test_bytes_of_a_transaction_that_is_taken_back_do_not_stay(ann: Person, settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "media"
    project = Project.objects.get(pk=make_project(ann, IMAGE_CONFIG))
    for kept in (False, True):
        with suppress(Refused), transaction.atomic():
            store_upload(ann.actor, project, receive([PNG]), "one.png")
            if not kept:
                raise Refused("Something else went wrong.")
        for note in (tmp_path / "unsettled").iterdir():
            os.utime(note, (0, 0))
        run_loops_until_idle()
        assert (len(files_in(settings.MEDIA_ROOT)), Content.objects.count()) == (kept, kept)


def test_many_small_files_come_in_one_request_all_or_none(ann: Person) -> None:
    project = make_project(ann, TEXT_CONFIG)
    paths = [f"set/{number}.txt" for number in range(5)]
    address = f"/api/projects/{project}/uploads"
    files = [(path.rpartition("/")[2], path.encode()) for path in paths]
    answer = send_files(ann, address, *files, paths=json_text(paths))
    assert answer.status_code == 201, answer.content
    assert [row["name"] for row in answer.json()] == paths
    assert sorted(FileUpload.objects.filter(project_id=project).values_list("name", flat=True)) == paths
    for named in ("[]", "[1,2,3,4,5]", "{", json_text(paths[:-1]), json_text([*paths[:-1], "set/bad.exe"])):
        refused = send_files(ann, address, *files, paths=named)
        assert (refused.status_code, FileUpload.objects.filter(project_id=project).count()) == (400, 5), named
