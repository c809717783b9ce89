"""The stand-in Hub, and `labelspace space` against it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from tests.services.hub import Hub, served_hub


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    with served_hub(tmp_path_factory.mktemp("xet")) as hub:
        yield hub


@pytest.fixture
def hub(served: Hub, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    import huggingface_hub.constants

    from spaces import hub as ours

    monkeypatch.setenv("HF_TOKEN", "hf_test")
    monkeypatch.setattr(huggingface_hub.constants, "ENDPOINT", served.endpoint)
    client = ours.hub

    def here(token: str = "") -> Any:
        api = client(token or "hf_test")
        api.endpoint = served.endpoint
        return api

    for module in ("spaces.hub", "spaces.facts", "spaces.operations", "web.accounts.space"):
        monkeypatch.setattr(f"{module}.hub", here)
    before = {name: dict(value) for name, value in served.tokens.items()}
    yield served
    served.tokens = before
    served.repos.clear()
    served.buckets.clear()
    served._failures.clear()


@pytest.fixture
def run(hub: Hub, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., str]:
    """`run("status", "ann/labels")` is what `labelspace space` prints."""

    def wheel(folder: Path) -> Path:
        with zipfile.ZipFile(folder / "labelspace-0-py3-none-any.whl", "w") as archive:
            archive.writestr("labelspace/__init__.py", "")
        return folder

    monkeypatch.setattr("spaces.deploying.write_wheel", wheel)

    def say(*arguments: str) -> str:
        out = io.StringIO()
        call_command("space", *arguments, stdout=out)
        return out.getvalue()

    return say
