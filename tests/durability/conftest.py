"""A furnished installation, made once and copied for each test that starts servers on it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.durability.kinds import Targets
from tests.durability.place import Place
from tests.faults.installation import Installation, install
from tests.services.servers import free_port


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    return install(tmp_path_factory.mktemp("furnished"), people=1, tasks=50, overlap=1000)


@pytest.fixture(scope="session")
def targets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Targets]:
    with ExitStack() as services:
        yield Targets(services, tmp_path_factory.mktemp("targets"))


@pytest.fixture
def place_with(tmp_path: Path, furnished: Installation) -> Callable[..., Place]:
    """`place_with(target, **settings)`"""

    def make(target: str, **settings: str) -> Place:
        shutil.copytree(furnished.folder / "data", tmp_path / "data")
        return Place(tmp_path, target, free_port(), furnished.tasks, furnished.tokens[0], settings)

    return make
