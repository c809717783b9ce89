"""docs/tutorial.md holds: its files, its command line, its program and its pictures."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

import pytest

from tests import tutorial
from tests.packaging.serving import running

PAGE = (tutorial.ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
TOKEN = "0123456789abcdef0123456789abcdef01234567"


def test_everything_that_the_page_shows_is_there_and_small() -> None:
    shown = re.findall(r"\]\((?!http)([^)#]+)", PAGE)
    assert len(shown) > 6
    for path in shown:
        file = tutorial.ROOT / "docs" / path
        assert file.exists(), path
        assert file.suffix != ".webp" or file.stat().st_size < 150_000, path


@pytest.mark.skipif(os.environ.get("TEST_DB") == "postgres", reason="starts a server of its own on SQLite; once is enough")
def test_the_classifier_learns_from_answers_and_predicts_the_rest(tmp_path: Path) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "LABEL_STUDIO_BASE_DATA_DIR": str(tmp_path / "data"),
        "LABEL_STUDIO_USERNAME": "ann@example.org",
        "LABEL_STUDIO_PASSWORD": "correct horse battery",
        "LABEL_STUDIO_USER_TOKEN": TOKEN,
        "WEB_CONCURRENCY": "1",
    }
    # The line of the page, with a port of its own.
    (line,) = re.findall(r"^label-studio (start Reviews .+)$", PAGE, re.MULTILINE)
    command = [sys.executable, "-P", "-m", "labelspace", *line.split(), "--port", "0"]
    os.symlink(tutorial.ROOT / "docs", tmp_path / "docs")
    with running(command, tmp_path, environment) as server:
        (project,) = tutorial.call(server.url, TOKEN, "GET", "/api/projects/")["results"]
        assert project["task_number"] == len(tutorial.reviews())
        tutorial.label(server.url, TOKEN, project["id"])
        assert tutorial.train(server.url, TOKEN, project["id"]) == "Learned from 24 answers, predicted 16 tasks.\n"
        rest = json.loads(
            server.get(f"/api/projects/{project['id']}/export?exportType=JSON&download_all_tasks=true", Authorization=f"Token {TOKEN}")[2]
        )
        wanted = dict(tutorial.reviews())
        guesses = [
            (task["predictions"][0]["result"][0]["value"]["choices"][0], wanted[task["data"]["text"]])
            for task in rest
            if not task["annotations"]
        ]
        assert len(guesses) == 16
        assert sum(guess == truth for guess, truth in guesses) >= 12
