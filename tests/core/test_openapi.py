"""`/docs/api/schema`: OpenAPI made from the table of routes, as JSON and YAML, served from a file."""

from __future__ import annotations

import time
from typing import Any

import pytest

from core.openapi.generate import METHODS, api_routes, path_of
from tests.people import JSONClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def schema() -> dict[str, Any]:
    found: dict[str, Any] = JSONClient().get("/docs/api/schema/json/").json()
    return found


def test_every_route_of_the_api_is_in_it(schema: dict[str, Any]) -> None:
    wanted = {(path_of(route), method.lower()) for route in api_routes() for method in METHODS if method in route.actions}
    assert {(path, method) for path, methods in schema["paths"].items() for method in methods} == wanted
    assert schema["openapi"] == "3.1.0"


def test_it_is_served_fast_and_not_sent_twice() -> None:
    client = JSONClient()
    first = client.get("/docs/api/schema/")
    assert first["Content-Type"].startswith("application/vnd.oai.openapi+json")
    started = time.perf_counter()
    for _ in range(20):
        assert client.get("/docs/api/schema/").content == first.content
    assert (time.perf_counter() - started) / 20 < 0.05
    assert client.get("/docs/api/schema/", headers={"If-None-Match": first["ETag"]}).status_code == 304


@pytest.mark.parametrize("path", ["/docs/api/schema/yaml", "/docs/api/schema/?format=yaml"])
def test_it_comes_as_yaml_too(path: str) -> None:
    answer = JSONClient().get(path)
    assert answer["Content-Type"].startswith("application/yaml")
    assert answer.content.startswith(b"openapi: 3.1.0")


@pytest.mark.parametrize("path", ["/swagger.json", "/api/swagger.json", "/swagger.yaml"])
def test_former_addresses_lead_there(path: str) -> None:
    assert JSONClient().get(path)["Location"].endswith("/docs/api/schema/json/")
