"""The classes of faults that were published of Label Studio and its neighbours, tried from outside; docs/security.md says where each is closed."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from core.permissions import Role
from tests.labelled import IMAGE_CONFIG, import_tasks, make_project
from tests.people import JSONClient, Person, somebody

pytestmark = pytest.mark.django_db
INNER = (
    "http://169.254.169.254/latest/meta-data/",
    "http://[::ffff:127.0.0.1]/",
    "http://localhost:22/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:80/",
)


@pytest.fixture
def ann() -> Person:
    return somebody(Role.MANAGER)


def asked_for(ann: Person, project: int, name: str, value: Any, operator: str = "regex") -> Any:
    item = {"filter": f"filter:tasks:{name}", "operator": operator, "type": "String", "value": value}
    return ann.get("/api/tasks/", project=project, query=json.dumps({"filters": {"conjunction": "and", "items": [item]}}))


@pytest.mark.parametrize("address", INNER)
def test_no_field_that_takes_an_address_leads_inside(ann: Person, address: str) -> None:
    """CVE-2022-36551, CVE-2023-47116, GHSA-9rjc-r7m8-5wpg, CVE-2025-25297: import, webhooks, models, endpoints of storages."""
    project = make_project(ann)
    said = {
        f"/api/projects/{project}/import": {"url": address},
        "/api/webhooks/": {"url": address},
        "/api/ml/": {"url": address, "project": project},
        "/api/storages/s3/": {
            "project": project,
            "bucket": "b",
            "s3_endpoint": address,
            "aws_access_key_id": "k",
            "aws_secret_access_key": "s",
        },
    }
    for path, body in said.items():
        if path.endswith("import"):
            answer = ann.client.post(path, "url=" + address, content_type="application/x-www-form-urlencoded")
        else:
            answer = ann.post(path, body)
        assert answer.status_code == 400, f"{path}: {answer.content!r}"
        assert b"root:" not in answer.content


@pytest.mark.parametrize("name", ["updated_by__password", "project__created_by__password", "annotators__email", "data__x", "nonsense"])
def test_no_filter_reaches_another_table(ann: Person, name: str) -> None:
    """CVE-2023-47117: a password hash, letter by letter."""
    project = make_project(ann)
    assert asked_for(ann, project, name, "^pbkdf2", "regex").status_code == 400
    assert ann.get("/api/tasks/", project=project, query=json.dumps({"ordering": [f"tasks:{name}"]})).status_code == 400


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|a)*b", r"^(([a-z])+.)+[A-Z]([a-z])+$"])
def test_a_pattern_that_stops_label_studio_is_answered_at_once(ann: Person, pattern: str) -> None:
    project = make_project(ann)
    import_tasks(ann, project, [{"text": "a" * 5_000 + "!"}])
    started = time.process_time()
    assert asked_for(ann, project, "data.text", pattern).status_code in (200, 400)
    assert time.process_time() - started < 10, "by CPU time: other work on the machine does not count"


@pytest.mark.parametrize(
    "body", [b'{"title": "\\ud800"}', b'{"title": 1e999}', b'{"title": NaN}', b"[" * 100_000, b'{"title": "a\\u0000b"}', b"\xff\xfe"]
)
def test_no_poison_is_stored(ann: Person, body: bytes) -> None:
    """One lone surrogate, and a whole project's list answers 500 from then on."""
    answer = ann.client.generic("POST", "/api/projects/", body)
    assert answer.status_code == 400, answer.content[:200]
    assert ann.get("/api/projects/").json()["count"] == 0


def test_html_from_people_never_becomes_part_of_a_page(ann: Person) -> None:
    """CVE-2026-22033, CVE-2025-25296, CVE-2024-26152: hotkeys, labeling set-ups and titles in the page."""
    attack = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"
    project = make_project(ann, title=attack[:50], expert_instruction=attack, description=attack)
    ann.patch("/api/current-user/", {"first_name": attack, "custom_hotkeys": {"a": attack}})
    for path in ("/projects/", f"/projects/{project}/data", f"/projects/{project}/settings/", "/user/account/"):
        answer = ann.client.get(path, follow=True)
        assert answer.status_code == 200, path
        assert b"<script>alert" not in answer.content, path
        assert b"<img src=x" not in answer.content, path
        policy = answer["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
    assert ann.client.get(f"/projects/upload-example/?label_config={attack}").status_code == 404, (
        "the route of CVE-2025-25296 does not exist"
    )
    checked = ann.post("/api/projects/validate/", {"label_config": f"<View>{attack}"})
    assert checked["Content-Type"].startswith("application/json")


@pytest.mark.parametrize(
    "path", ["../../etc/passwd", "/data/upload/../../secret.png", "..%2f..%2fetc/passwd", "/data/local-files/?d=../../etc/passwd"]
)
def test_no_path_of_a_task_reads_the_servers_files(ann: Person, path: str) -> None:
    """CVE-2025-25295, GHSA-pc6f-259w-w3j6: the converter joined it to the media folder."""
    project = make_project(ann, IMAGE_CONFIG)
    box = {"id": "b", "from_name": "box", "to_name": "image", "type": "rectanglelabels", "original_width": 4, "original_height": 4}
    box["value"] = {"x": 0, "y": 0, "width": 50, "height": 50, "rotation": 0, "rectanglelabels": ["Car"]}
    import_tasks(ann, project, [{"data": {"image": path}, "annotations": [{"result": [box]}]}])
    for name in ("YOLO_WITH_IMAGES", "COCO_WITH_IMAGES"):
        answer = ann.get(f"/api/projects/{project}/export", exportType=name)
        assert answer.status_code == 200
        assert b"root:" not in b"".join(answer.streaming_content)
    assert ann.client.get(f"/data/upload/{project}/{path}").status_code in (400, 404)


def test_what_a_browser_is_told(ann: Person, settings: Any) -> None:
    """No other site may frame a page or read the API, nothing private is kept, and an https address stays one."""
    answer = ann.client.get("/api/projects/", headers={"Origin": "https://elsewhere.example"})
    assert "access-control-allow-origin" not in answer.headers
    assert "no-store" in answer["Cache-Control"]
    assert "frame-ancestors" in answer["Content-Security-Policy"]
    assert "Strict-Transport-Security" not in answer
    settings.PUBLIC_URL = "https://labels.example.org"
    assert "max-age" in ann.client.get("/api/projects/")["Strict-Transport-Security"]
    assert JSONClient().generic("TRACE", "/api/projects/").status_code == 405
    assert JSONClient().get("/admin/").status_code == 404
