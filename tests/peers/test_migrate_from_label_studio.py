"""The real Label Studio as the source of `labelspace migrate-from`. It is installed in an environment of its own under .cache/peers/."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.core.management import call_command

from data_import.models import FileUpload
from data_manager.models import View
from organizations.operations import ensure_first_user
from tasks.models import Annotation, Draft, Prediction, Task
from tests.browser import PASSWORD
from tests.labelled import TEXT_CONFIG, choice

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(900)]

ROOT = Path(__file__).resolve().parents[2]
PEER = "label-studio==1.23.2"
HOME = ROOT / ".cache" / "peers" / "label-studio-1.23.2"
EMAIL, TOKEN = "owner@elsewhere.org", "0123456789abcdef0123456789abcdef01234567"
SECONDS = 300


def installed() -> Path:
    command = HOME / "bin" / "label-studio"
    if not command.exists():
        uv = str(Path(sys.executable).parent / "uv")
        subprocess.run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(HOME)], check=True)
        subprocess.run([uv, "pip", "install", "--quiet", "--python", str(HOME / "bin" / "python"), PEER], check=True)
    return command


@pytest.fixture(scope="module")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("peer")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [installed(), "start", "--no-browser", "--internal-host", "127.0.0.1", "--port", str(port), "--data-dir", str(folder),
               "--username", EMAIL, "--password", PASSWORD, "--user-token", TOKEN, "--enable-legacy-api-token"]  # fmt: skip
    quiet = {
        "COLLECT_ANALYTICS": "false",
        "LATEST_VERSION_CHECK": "false",
        "SENTRY_DSN": "",
        "FRONTEND_SENTRY_DSN": "",
        "HOME": str(folder),
    }
    environment = {"PATH": os.environ["PATH"], "LABEL_STUDIO_BASE_DATA_DIR": str(folder), **quiet}
    url = f"http://127.0.0.1:{port}"
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
        try:
            end = time.monotonic() + SECONDS
            while True:
                try:
                    ask(url, "GET", "/api/projects/")
                    break
                except (OSError, urllib.error.URLError):
                    assert time.monotonic() < end, (folder / "log").read_text()[-4_000:]
                    assert process.poll() is None, (folder / "log").read_text()[-4_000:]
                    time.sleep(0.5)
            yield url
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def ask(url: str, method: str, path: str, body: Any = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Token {TOKEN}", "Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(url + path, data, headers, method=method), timeout=120) as answer:
        return json.loads(answer.read() or b"null")


def send_file(url: str, project: int, name: str, content: bytes) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="f"; filename="' + name.encode() + b'"\r\n\r\n' + content + b"\r\n--x--\r\n"
    headers = {"Authorization": f"Token {TOKEN}", "Content-Type": "multipart/form-data; boundary=x"}
    urllib.request.urlopen(urllib.request.Request(f"{url}/api/projects/{project}/import", body, headers), timeout=120).close()


def test_a_project_of_label_studio_arrives_and_later_only_what_is_new(peer: str) -> None:
    ensure_first_user("owner@here.org", PASSWORD)
    project = ask(peer, "POST", "/api/projects/", {"title": "Theirs", "label_config": TEXT_CONFIG, "maximum_annotations": 2})["id"]
    ask(peer, "POST", f"/api/projects/{project}/import", [{"text": f"task {n}"} for n in range(250)])
    tasks = [row["id"] for row in ask(peer, "GET", f"/api/tasks/?project={project}&page_size=300")["tasks"]]
    annotation = ask(peer, "POST", f"/api/tasks/{tasks[0]}/annotations/", {"result": choice(), "lead_time": 3.5, "ground_truth": True})
    ask(peer, "POST", "/api/predictions/", {"task": tasks[1], "result": choice("Negative"), "score": 0.5, "model_version": "v1"})
    ask(peer, "POST", f"/api/tasks/{tasks[2]}/drafts", {"result": choice("Neutral"), "lead_time": 1})
    ask(peer, "POST", "/api/dm/views/", {"project": project, "data": {"title": "Newest", "ordering": ["-tasks:id"]}})
    send_file(peer, project, "letters.csv", b"text\nfrom a file\n")
    call_command("migrate_from", peer, TOKEN, "--project", str(project))
    assert [orjson.loads(text)["text"] for text in Task.objects.order_by("pk").values_list("data", flat=True)] == [
        *(f"task {n}" for n in range(250)), "from a file",
    ]  # fmt: skip
    kept = Annotation.objects.get()
    assert (kept.import_id, kept.lead_time, kept.ground_truth, orjson.loads(kept.result or "")) == (
        annotation["id"],
        3.5,
        True,
        annotation["result"],
    )
    assert (kept.completed_by.email, kept.completed_by.is_active) == (EMAIL, False)  # type: ignore[union-attr]
    assert kept.created_at.isoformat().replace("+00:00", "Z") == annotation["created_at"]
    assert [(row.model_version, row.score) for row in Prediction.objects.all()] == [("v1", 0.5)]
    assert [orjson.loads(row.result) for row in Draft.objects.all()] == [choice("Neutral")]
    assert [orjson.loads(view.data)["title"] for view in View.objects.all()] == ["Newest"]

    ask(peer, "POST", f"/api/tasks/{tasks[5]}/annotations/", {"result": choice("Negative")})
    ask(peer, "POST", f"/api/projects/{project}/import", [{"text": "late"}])
    call_command("migrate_from", peer, TOKEN, "--project", str(project))
    assert (Task.objects.count(), Annotation.objects.count(), Prediction.objects.count(), View.objects.count()) == (252, 2, 1, 1)


def test_media_of_label_studio_are_fetched(peer: str) -> None:
    ensure_first_user("owner@here.org", PASSWORD)
    config = '<View><Image name="image" value="$image"/><Choices name="c" toName="image"><Choice value="a"/></Choices></View>'
    project = ask(peer, "POST", "/api/projects/", {"title": "Pictures", "label_config": config})["id"]
    content = b"\x89PNG\r\n\x1a\n" + b"x" * 1_000
    send_file(peer, project, "cat.png", content)
    call_command("migrate_from", peer, TOKEN, "--project", str(project))
    upload = FileUpload.objects.get()
    assert (upload.name, upload.size) == ("cat.png", len(content))
    assert orjson.loads(Task.objects.get().data) == {"image": f"/data/{upload.file}"}
