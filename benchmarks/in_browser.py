"""A server with a person signed in in Chromium, for what is measured there."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.packaging.serving import Running, running

START = [sys.executable, "-P", "-m", "labelspace", "start", "--port", "0"]
EMAIL, PASSWORD, TOKEN = "ann@example.org", "three otters in a boat", "0123456789abcdef0123456789abcdef"


@contextmanager
def signed_in() -> Iterator[tuple[Running, Any]]:
    """(server, page of the browser)."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as name:
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": name,
            "LABEL_STUDIO_BASE_DATA_DIR": f"{name}/data",
            "LABEL_STUDIO_USERNAME": EMAIL,
            "LABEL_STUDIO_PASSWORD": PASSWORD,
            "LABEL_STUDIO_USER_TOKEN": TOKEN,
        }
        with running(START, Path(name), environment) as server, sync_playwright() as playwright:
            chromium = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox"] if os.geteuid() == 0 else []
            )
            page = chromium.new_context(viewport={"width": 1440, "height": 900}, base_url=server.url).new_page()
            page.goto("/user/login/")
            page.get_by_label("E-mail").fill(EMAIL)
            page.get_by_label("Password").first.fill(PASSWORD)
            page.keyboard.press("Enter")
            page.wait_for_url(lambda url: "/user/login" not in url)
            yield server, page
            chromium.close()


def project_with_draft(server: Running, title: str, config: str, data: dict[str, Any], result: list[dict[str, Any]]) -> int:
    """A project with one task, with this result as the person's draft."""
    project = int(_call(server, "/api/projects/", {"title": title, "label_config": config})["id"])
    _call(server, f"/api/projects/{project}/import", [data])
    task = _call(server, f"/api/tasks/?project={project}", None)["tasks"][0]["id"]
    _call(server, f"/api/tasks/{task}/drafts?project={project}", {"result": result, "lead_time": 1})
    return project


def _call(server: Running, path: str, body: Any) -> Any:
    headers = {"Authorization": f"Token {TOKEN}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(server.url.rstrip("/") + path, data, headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read())
