"""The pages of webhooks, of a project and of the organization; and the page of the API."""

from __future__ import annotations

import re
from typing import Any

import pytest

from core.permissions import Role
from tests.people import JSONClient, Person, somebody
from tests.tasks.work import project_of
from tests.webhooks.conftest import Receiver, receiver, work
from tests.webhooks.test_payloads import add_task

pytestmark = pytest.mark.django_db
__all__ = ["receiver"]


@pytest.fixture
def ann() -> Person:
    return somebody(Role.MANAGER)


def send(person: Person, path: str, **fields: Any) -> Any:
    from urllib.parse import urlencode

    return person.client.generic("POST", path, urlencode(fields, doseq=True), content_type="application/x-www-form-urlencoded")


@pytest.mark.parametrize("whose", ["project", "organization"])
def test_from_the_first_webhook_to_its_log_and_back(ann: Person, receiver: Receiver, whose: str) -> None:
    project = project_of(ann).pk
    path = f"/projects/{project}/settings/webhooks" if whose == "project" else "/organization/webhooks"
    assert "No webhooks yet" in ann.get(path).content.decode()
    refused = send(ann, path, url="ftp://nowhere", every="all")
    assert refused.status_code == 400
    assert "field-error" in refused.content.decode()
    made = send(
        ann, path, url=receiver.url, every="some", actions=["TASKS_CREATED"], headers="X-Mine: yes", send_payload="on", is_active="on"
    )
    page = ann.get(made["Location"]).content.decode()
    assert "It is shown only now." in page
    assert "It is shown only now." not in ann.get(made["Location"]).content.decode()
    assert receiver.url in ann.get(path).content.decode()
    add_task(ann, project)
    work()
    assert (receiver.actions, receiver.requests[0].headers["X-Mine"]) == (["TASKS_CREATED"], "yes")
    logged = ann.get(made["Location"]).content.decode()
    assert "Delivered" in logged
    found = re.search(r'name="delivery" value="(\d+)"', logged)
    assert found
    send(ann, made["Location"], do="replay", delivery=found[1])
    work()
    assert receiver.actions == ["TASKS_CREATED"] * 2
    send(ann, made["Location"], do="save", url=receiver.url, every="all", send_payload="on")
    assert "Switched off" in ann.get(path).content.decode()
    send(ann, made["Location"], do="delete")
    assert "No webhooks yet" in ann.get(path).content.decode()


def test_a_webhook_is_shown_where_it_belongs(ann: Person) -> None:
    project = project_of(ann).pk
    made = ann.post("/api/webhooks/", {"url": "https://1.1.1.1/", "project": project}).json()["id"]
    assert ann.get(f"/projects/{project}/settings/webhooks/{made}").status_code == 200
    assert ann.get(f"/organization/webhooks/{made}").status_code == 404
    assert somebody(Role.REVIEWER, ann.organization).get("/organization/webhooks").status_code == 403


@pytest.mark.parametrize("path", ["/docs/api", "/docs/api/schema/swagger-ui", "/docs/api/schema/redoc"])
def test_the_api_can_be_read_without_signing_in_and_without_outside_assets(path: str) -> None:
    page = JSONClient().get(path).content.decode()
    assert "/api/projects/{project_id}/" in page
    assert not re.search(r'(src|href)="https?://', page)
