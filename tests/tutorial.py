"""docs/tutorial.md, done: the pictures in it are made by following it (`make screenshots`, or `python tests/screenshots.py tutorial`)."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

from tests.packaging.serving import Running

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "tutorial"
IMAGES = ROOT / "docs" / "images"
SIZE = {"width": 1200, "height": 750}
QUALITY = 80
LABELLED = 24


def reviews() -> list[tuple[str, str]]:
    """(text, what a person would choose): in the file a good one and a bad one take turns."""
    with (FOLDER / "reviews.csv").open(encoding="utf-8", newline="") as file:
        return [(row["text"], ("Positive", "Negative")[place % 2]) for place, row in enumerate(csv.DictReader(file))]


def call(url: str, token: str, method: str, path: str, body: Any = None) -> Any:
    request = urllib.request.Request(f"{url}{path}", data=None if body is None else json.dumps(body).encode(), method=method)
    request.add_header("Authorization", f"Token {token}")
    request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read())


def label(url: str, token: str, project: int, count: int = LABELLED) -> None:
    """Step 3: answer the first tasks as a person would."""
    wanted = dict(reviews())
    for _ in range(count):
        task = call(url, token, "GET", f"/api/projects/{project}/next")
        choice = {"from_name": "sentiment", "to_name": "text", "type": "choices", "value": {"choices": [wanted[task["data"]["text"]]]}}
        call(url, token, "POST", f"/api/tasks/{task['id']}/annotations/", {"result": [choice], "lead_time": 2.0})


def train(url: str, token: str, project: int) -> str:
    """Step 4: what the program prints."""
    done = subprocess.run(
        [sys.executable, str(FOLDER / "train.py"), url, token, str(project)], capture_output=True, text=True, timeout=120, check=False
    )
    if done.returncode:
        raise AssertionError(done.stderr)
    return done.stdout


def take_pictures(browser: Any, server: Running, token: str, project: int) -> None:
    """Everything of the tutorial that has a picture. The project was made from reviews.csv and the template; the server has no other."""
    context = browser.new_context(viewport=SIZE, color_scheme="light", base_url=server.url)
    page = context.new_page()
    page.goto("/user/signup/")
    page.fill("input[name=email]", "you@example.org")
    _picture(page, "sign-up")
    page.goto("/user/login/")
    page.fill("input[name=email]", "ann@example.org")
    page.fill("input[name=password]", "a long password for pictures")
    page.click("#login-form button")
    page.wait_for_url(re.compile(r"/projects/"))
    page.goto(f"/projects/{project}/data")
    _picture(page, "data")
    page.goto(f"/projects/{project}/label/")
    _picture(page, "label")
    label(server.url, token, project)
    train(server.url, token, project)
    page.goto(f"/projects/{project}/label/")
    page.get_by_text("naive-bayes").first.click()
    _picture(page, "prediction")
    context.close()


def _picture(page: Any, name: str) -> None:
    from io import BytesIO

    from PIL import Image

    page.wait_for_load_state("networkidle")
    taken = Image.open(BytesIO(page.screenshot()))
    taken.save(IMAGES / f"tutorial-{name}.webp", quality=QUALITY, method=6)
