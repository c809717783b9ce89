from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.people import Person, somebody
from tests.services.hub import Hub, served_hub


@pytest.fixture(scope="session")
def hub_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    with served_hub(tmp_path_factory.mktemp("hub") / "xet") as served:
        yield served


@pytest.fixture
def owner(db: None) -> Person:
    return somebody()


@pytest.fixture
def hub(hub_server: Hub, settings: Any) -> Hub:
    """The stand-in, which this server takes for the Hub."""
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, hf_endpoint=hub_server.endpoint, hf_token="")
    return hub_server
