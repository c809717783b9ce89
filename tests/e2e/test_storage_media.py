"""Labelled through storages only: pictures, sounds, videos and documents come from a bucket, and what was answered goes into one."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from core.events.loops import run_loops_until_idle
from tests.conftest import FULL
from tests.e2e.conftest import Visits
from tests.e2e.images import picture
from tests.e2e.labeling import open_stream, submit
from tests.e2e.media import document, sound, video
from tests.io_storages.conftest import (  # noqa: F401 (fixtures)
    Bucket,
    azure_port,
    bucket,
    gcs_port,
    hub,
    redis_port,
    s3_port,
    web_port,
)
from tests.io_storages.test_contract import connect, synchronized
from tests.labelled import make_project
from tests.people import Person

CONFIG = (
    '<View><Image name="image" value="$image"/><Audio name="audio" value="$audio"/><Video name="video" value="$video"/>'
    '<Pdf name="pdf" value="$pdf"/><Choices name="seen" toName="image"><Choice value="Yes"/><Choice value="No"/></Choices></View>'
)
EVERY = ["s3", "gcs", "azure", "hub dataset", "hub bucket", "http", "redis", "localfiles"]


@pytest.mark.parametrize("presign", [False, True] if FULL else [False])
@pytest.mark.parametrize("bucket", EVERY if FULL else ["s3"], indirect=True)
def test_labelled_through_a_bucket_only(
    visit: Visits,
    owner: Person,
    bucket: Bucket,  # noqa: F811
    presign: bool,
) -> None:
    files = {
        "image": ("a b/ü 1.png", picture()),
        "audio": ("tone.wav", sound()),
        "video": ("walk.webm", video()),
        "pdf": ("bill.pdf", document()),
    }
    for name, content in files.values():
        bucket.put(f"in/{name}", content)
    bucket.put("in/task.json", json.dumps({key: bucket.address(f"in/{name}") for key, (name, _content) in files.items()}).encode())
    project = make_project(owner, CONFIG)
    storage = connect(owner, project, bucket, recursive_scan=True, regex_filter=r".*task\.json", presign=presign)
    assert synchronized(owner, storage)["last_sync_count"] == 1
    if bucket.writable:
        connect(owner, project, bucket, target=True)
    page = visit(owner)
    open_stream(page, project)
    for tag in ("image", "audio", "video", "pdf"):
        expect(page.locator(f".{tag}-tag[data-state=ready]")).to_be_visible()
    page.get_by_role("radio", name="Yes").check()
    submit(page)
    if bucket.writable:
        run_loops_until_idle()
        (annotation,) = owner.get("/api/tasks/", project=project, fields="all").json()["tasks"][0]["annotations"]
        written = json.loads(bucket.read(str(annotation["id"])) or b"null")
        assert written["result"][0]["value"] == {"choices": ["Yes"]}
        assert written["task"]["data"]["image"] == bucket.address("in/a b/ü 1.png")
