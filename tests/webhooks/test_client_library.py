"""The unmodified label-studio-sdk makes, reads, changes and deletes webhooks, and they hear of what it does."""

from __future__ import annotations

from typing import Any

import pytest
from label_studio_sdk import LabelStudio
from label_studio_sdk.core.api_error import ApiError

from organizations.operations import ensure_first_user
from tests.browser import PASSWORD
from tests.labelled import TEXT_CONFIG, choice
from tests.webhooks.conftest import Receiver, work
from webhooks.actions import ACTIONS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("ignore")]

EMAIL, TOKEN = "owner@example.com", "0123456789abcdef0123456789abcdef01234567"


def test_webhooks_by_the_sdk(live_server: Any, receiver: Receiver) -> None:
    ensure_first_user(EMAIL, PASSWORD, TOKEN)
    client = LabelStudio(base_url=live_server.url, api_key=TOKEN)
    project = client.projects.create(title="From the SDK", label_config=TEXT_CONFIG)
    everything = client.webhooks.create(url=receiver.url)
    some = client.webhooks.create(
        url=f"{receiver.url}/some",
        project=project.id,
        send_for_all_actions=False,
        actions=["ANNOTATION_CREATED"],
        headers={"X-Team": "blue"},
    )
    assert (some.project, some.actions, some.headers, some.is_active) == (project.id, ["ANNOTATION_CREATED"], {"X-Team": "blue"}, True)
    assert [row.id for row in client.webhooks.list()] == [everything.id, some.id]
    assert [row.id for row in client.webhooks.list(project=str(project.id))] == [some.id]
    assert client.webhooks.get(id=some.id).url == f"{receiver.url}/some"
    assert client.webhooks.info().annotation_created.key == ACTIONS["ANNOTATION_CREATED"].key
    assert client.webhooks.info(organization_only=True).annotation_created is None

    task = client.tasks.create(project=project.id, data={"text": "one"})
    client.annotations.create(id=task.id, result=choice())
    work()
    told = sorted((request.path, request.action) for request in receiver.requests)
    assert told == [("/hook", "ANNOTATION_CREATED"), ("/hook", "TASKS_CREATED"), ("/hook/some", "ANNOTATION_CREATED")]

    changed = client.webhooks.update(id=some.id, url=receiver.url, is_active=False)
    assert (changed.url, changed.is_active, changed.headers) == (receiver.url, False, {"X-Team": "blue"})
    client.webhooks.delete(id=everything.id)
    with pytest.raises(ApiError) as gone:
        client.webhooks.get(id=everything.id)
    assert gone.value.status_code == 404
    # An open connection would keep the server's thread, and with it a session of the database, beyond the test.
    client._client_wrapper.httpx_client.httpx_client.close()
