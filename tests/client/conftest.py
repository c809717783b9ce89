from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.client.scenario import Server, both


@pytest.fixture
def server(live_server: Any) -> Server:
    return Server(str(live_server.url))


@pytest.fixture
def clients(server: Server) -> Iterator[list[Any]]:
    """The owner's SDK client, blocking and async: a scenario holds for each."""
    with both(server) as found:
        yield found
