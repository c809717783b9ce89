"""The whole life of a Space: deployed by one command, labelled in inside its page, killed, and there again on an empty disk."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import BrowserType, Frame, Page, expect

from durability import state
from tests.faults.installation import kill_everything
from tests.packaging.serving import running
from tests.services.hub import Hub
from tests.services.servers import free_port
from tests.spaces.frame import HOST, PAGE, outer_page, platform

pytestmark = [
    pytest.mark.skipif(os.environ.get("TEST_DB") == "postgres", reason="starts servers of its own on SQLite; once is enough"),
    pytest.mark.timeout(400),
]
CONFIG = (
    '<View><Text name="text" value="$text"/><Choices name="mood" toName="text"><Choice value="Good"/><Choice value="Bad"/></Choices></View>'
)
PATIENCE = 60_000  # of what a person waits for, on a loaded machine
# What a client of the API in the page does: with its cookies, and the token against forgery that goes with them.
CALL = """async ([method, path, body]) => {
  const token = document.querySelector('meta[name=csrf-token]').content;
  const answer = await fetch(path, {method, headers: {'Content-Type': 'application/json', 'X-CSRFToken': token}, body: body && JSON.stringify(body)});
  return [answer.status, answer.status === 204 ? null : await answer.json()];
}"""


def test_deployed_labelled_killed_and_there_again(
    hub: Hub, run: Callable[..., str], tmp_path: Path, browser_type: BrowserType, browser_type_launch_args: dict[str, Any]
) -> None:
    run("deploy", "ann/labels", "--no-wait")
    port = free_port()
    with outer_page(browser_type, browser_type_launch_args, port) as page:
        page.context.set_default_timeout(PATIENCE)
        first = tmp_path / "first"
        with running(command(hub), made(first), container(hub, first, port)) as server:
            frame = signed_in(page)
            project, tasks = furnished(frame)
            by_hand(page, frame, project)
            answered = [annotate(frame, tasks[number % len(tasks)]) for number in range(20)]
            shown = saved_after(page, first / "data", answered[9][1])
            kill_everything(server)
        second = tmp_path / "second"
        with running(command(hub), made(second), container(hub, second, port)):
            page.goto(PAGE)  # the same browser, and nobody signs in
            frame = framed(page)
            expect(page.frame_locator("iframe").get_by_role("heading", name="Moods")).to_be_visible(timeout=PATIENCE)
            status, found = frame.evaluate(CALL, ["GET", f"/api/projects/{project}/export?exportType=JSON", None])
            assert status == 200
            there = {annotation["id"] for task in found for annotation in task["annotations"]}
            old = [pk for pk, when in answered if when <= shown]
            assert len(old) >= 10
            assert set(old) <= there
            by_person = [a for task in found for a in task["annotations"] if a["id"] not in dict(answered)]
            assert by_person[0]["result"][0]["value"] == {"choices": ["Good"]}


def made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def command(hub: Hub) -> list[str]:
    """What the Dockerfile that was uploaded runs."""
    dockerfile = (hub.repo("spaces", "ann/labels").read("Dockerfile") or b"").decode()
    program, *arguments = yaml.safe_load(re.findall(r"(?m)^CMD (\[.*\])$", dockerfile)[-1])
    return [str(Path(sys.executable).with_name(program)), *arguments]


def container(hub: Hub, folder: Path, port: int) -> dict[str, str]:
    """The environment of a new container: the platform's, and the Space's own variables and secrets."""
    said = hub.repo("spaces", "ann/labels").settings
    ours = {name: one["value"] for kind in ("variables", "secrets") for name, one in said[kind].items()}
    return {**platform(hub, folder, port), **ours, "HF_ENDPOINT": hub.endpoint}


def framed(page: Page) -> Frame:
    """The Space in its page."""
    frame = page.locator("iframe").element_handle().content_frame()
    assert frame is not None
    return frame


def signed_in(page: Page) -> Frame:
    page.goto(PAGE)
    inside = page.frame_locator("iframe")
    with page.expect_popup():
        inside.get_by_role("link", name="Sign in with Hugging Face").click()
    expect(inside.get_by_role("heading", name="What do you want to label?")).to_be_visible(timeout=PATIENCE)
    return framed(page)


def furnished(frame: Frame) -> tuple[int, list[int]]:
    status, project = frame.evaluate(
        CALL, ["POST", "/api/projects", {"title": "Moods", "label_config": CONFIG, "maximum_annotations": 100}]
    )
    assert status == 201, project
    status, said = frame.evaluate(
        CALL, ["POST", f"/api/projects/{project['id']}/import?return_task_ids=true", [{"text": "One"}, {"text": "Two"}]]
    )
    assert status == 201, said
    return project["id"], said["task_ids"]


def by_hand(page: Page, frame: Frame, project: int) -> None:
    """One answer by hand, in the frame."""
    frame.goto(f"https://{HOST}/projects/{project}/label/")
    inside = page.frame_locator("iframe")
    inside.get_by_role("radio", name="Good").check()
    with page.expect_response(lambda answer: "/annotations" in answer.url and answer.request.method == "POST") as answered:
        inside.get_by_role("button", name="Submit").click()
    assert answered.value.status == 201
    frame.goto(f"https://{HOST}/projects/")
    expect(inside.get_by_role("heading", name="Moods")).to_be_visible(timeout=PATIENCE)


def annotate(frame: Frame, task: int) -> tuple[int, float]:
    """(the annotation's number, when it was acknowledged)."""
    row = {"from_name": "mood", "to_name": "text", "type": "choices", "value": {"choices": ["Bad"]}}
    status, said = frame.evaluate(CALL, ["POST", f"/api/tasks/{task}/annotations/", {"result": [row]}])
    assert status == 201, said
    return said["id"], time.time()


def saved_after(page: Page, data: Path, moment: float) -> float:
    """The moment up to which everything is safe, as the header tells it, once that is later than `moment`."""
    expect(page.frame_locator("iframe").get_by_text(re.compile(r"Saved off this machine \d+ s ago"))).to_be_visible(timeout=PATIENCE)
    end = time.monotonic() + PATIENCE / 1000
    while (found := state.read(data)) is None or found.saved_at <= moment:
        assert time.monotonic() < end
        page.wait_for_timeout(50)
    return found.saved_at
