from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.environment.space import Space
from tests.people import Person, somebody
from tests.services.hub import Hub, served_hub

TOKEN = "hf_test"
SPACE = "ann/labels"


@pytest.fixture(scope="session")
def hub_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    with served_hub(tmp_path_factory.mktemp("hub") / "xet") as served:
        yield served


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    folder = tmp_path / "scripts"
    folder.mkdir()
    return folder


@pytest.fixture
def here(settings: Any, scripts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`here(space=…, hf_token=…)` is where this server runs; its data directory is the test's own."""
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()
    monkeypatch.setattr("training.stepping._looked", None)

    def set_up(**fields: Any) -> None:
        settings.ENVIRONMENT = replace(settings.ENVIRONMENT, training_scripts=str(scripts), **fields)

    set_up(hf_token="", hf_endpoint="")
    return set_up


@pytest.fixture
def on_space(hub_server: Hub, here: Callable[..., None]) -> Iterator[Hub]:
    """This server is a Space of the stand-in Hub, on cpu-basic."""
    here(hf_token=TOKEN, hf_endpoint=hub_server.endpoint, space=Space(id=SPACE, host="h", author="ann"))
    hub_server.new_repo("spaces", SPACE, sdk="docker")
    hub_server.settle(SPACE)
    yield hub_server
    hub_server.repos.clear()
    hub_server.jobs.clear()
    hub_server._failures.clear()


@pytest.fixture
def owner(db: None) -> Person:
    return somebody()
