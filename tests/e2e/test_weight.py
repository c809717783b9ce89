"""What a labeling page costs: bytes, requests and cookies, measured on the server that people run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from tests.packaging.serving import Running, running

EMAIL, PASSWORD, TOKEN = "ann@example.org", "three otters in a boat", "0123456789abcdef0123456789abcdef"
LABELSPACE = [sys.executable, "-P", "-m", "labelspace"]
KILOBYTE = 1_000


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("served")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "LABEL_STUDIO_BASE_DATA_DIR": str(folder / "data"),
        "LABEL_STUDIO_USERNAME": EMAIL,
        "LABEL_STUDIO_PASSWORD": PASSWORD,
        "LABEL_STUDIO_USER_TOKEN": TOKEN,
    }
    with running([*LABELSPACE, "start", "--port", "0"], folder, environment) as started:
        subprocess.run([*LABELSPACE, "demo"], env=environment, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        # What people read once, before their first task, is not the weight of a task.
        number = project(started, "Boxes on pictures")
        body = json.dumps({"show_instruction": False}).encode()
        headers = {"Authorization": f"Token {TOKEN}", "Content-Type": "application/json"}
        urllib.request.urlopen(
            urllib.request.Request(f"{started.url.rstrip('/')}/api/projects/{number}/", body, headers, method="PATCH")
        ).close()
        yield started


@pytest.fixture
def page(browser: Browser, server: Running) -> Iterator[Page]:
    context = browser.new_context(base_url=server.url)
    opened = context.new_page()
    opened.goto("/user/login/")
    opened.get_by_label("E-mail").fill(EMAIL)
    opened.get_by_label("Password").first.fill(PASSWORD)
    opened.keyboard.press("Enter")
    expect(opened.get_by_role("heading", name="Projects")).to_be_visible()
    yield opened
    context.close()


def project(server: Running, title: str) -> int:
    rows = json.loads(server.get("/api/projects/", Authorization=f"Token {TOKEN}")[2])["results"]
    return next(int(row["id"]) for row in rows if row["title"] == title)


def opened(page: Page, path: str) -> list[Response]:
    """Open a page; the answers that came until it was quiet, without those about the person's work (lease, draft, next task)."""
    answers: list[Response] = []

    def heard(answer: Response) -> None:
        answers.append(answer)

    page.on("response", heard)
    page.goto(path)
    page.wait_for_load_state("networkidle")
    page.remove_listener("response", heard)
    return answers


def cold(page: Page) -> None:
    """A browser that has never been here, but is signed in."""
    session = page.context.new_cdp_session(page)
    session.send("Network.clearBrowserCache")


def is_static(answer: Response) -> bool:
    return "/static/" in answer.url


def bytes_of_scripts(answers: list[Response]) -> int:
    return sum(answer.request.sizes()["responseBodySize"] for answer in answers if answer.url.endswith(".js"))


@pytest.mark.parametrize(("title", "most"), [("Support messages", 60), ("Boxes on pictures", 80)])
def test_scripts_of_a_labeling_page(page: Page, server: Running, title: str, most: int) -> None:
    path = f"/projects/{project(server, title)}/label/"
    cold(page)
    answers = opened(page, path)
    expect(page.locator("#task-area > *").first).to_be_visible()
    assert 0 < bytes_of_scripts(answers) <= most * KILOBYTE
    of_the_data = [answer for answer in answers if "/static/samples/" in answer.url]
    assert len(answers) - len(of_the_data) - _prefetched(answers) <= 12, [answer.url for answer in answers]


def _prefetched(answers: list[Response]) -> int:
    """Requests for the task after this one, which nobody waits for."""
    return sum("/next/" in answer.url for answer in answers)


def test_opening_a_labeling_page_again(page: Page, server: Running) -> None:
    path = f"/projects/{project(server, 'Support messages')}/label/"
    opened(page, path)
    from_network = [answer for answer in opened(page, path) if not is_static(answer)]
    again = [
        answer
        for answer in opened(page, path)
        if is_static(answer) and answer.request.sizes()["responseBodySize"] > 0 and not _from_cache(page, answer)
    ]
    assert again == []
    assert len(from_network) <= 3, [answer.url for answer in from_network]


def _from_cache(page: Page, answer: Response) -> bool:
    return bool(page.evaluate("url => performance.getEntriesByName(url).every(entry => entry.transferSize === 0)", answer.url))


def test_static_files_are_packed_kept_and_without_cookies(page: Page, server: Running) -> None:
    cold(page)
    answers = [
        answer for answer in opened(page, f"/projects/{project(server, 'Support messages')}/label/") if "/static/dist/assets/" in answer.url
    ]
    assert answers
    for answer in answers:
        headers = answer.all_headers()
        assert "set-cookie" not in headers, answer.url
        assert "immutable" in headers["cache-control"], answer.url
        assert headers.get("content-encoding") in ("br", "gzip") or answer.request.sizes()["responseBodySize"] < 600, answer.url


def test_scripts_of_the_data_page(page: Page, server: Running) -> None:
    cold(page)
    answers = opened(page, f"/projects/{project(server, 'Support messages')}/data")
    assert 0 < bytes_of_scripts(answers) <= 50 * KILOBYTE


def test_nothing_is_asked_of_another_host(page: Page, server: Running) -> None:
    hosts = {answer.url.split("/")[2] for answer in opened(page, f"/projects/{project(server, 'Boxes on pictures')}/label/")}
    assert hosts == {server.url.split("/")[2]}


def test_the_samples_are_there(server: Running) -> None:
    folder = Path(__file__).parents[2] / "labeling" / "templates" / "media"
    for file in folder.iterdir():
        assert server.get(f"/static/samples/{file.name}")[0] == 200
