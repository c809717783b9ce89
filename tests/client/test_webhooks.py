"""Scenario 41: webhooks, with the unmodified SDK and a real receiver."""

from __future__ import annotations

from typing import Any

import pytest

from tests.client.scenario import Server
from tests.labelled import TEXT_CONFIG, choice
from tests.webhooks.conftest import Receiver, receiver, work

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("ignore")]
__all__ = ["receiver"]


def test_41_every_action_reaches_the_receiver(server: Server, clients: list[Any], receiver: Receiver) -> None:
    for client in clients:
        receiver.requests.clear()
        info = client.webhooks.info()
        assert {"TASKS_CREATED", "ANNOTATION_CREATED", "PROJECT_UPDATED"} <= set(info if isinstance(info, dict) else info.dict())
        made = client.webhooks.create(url=receiver.url, headers={"X-Mine": "yes"}, send_for_all_actions=True)
        assert made.project is None, "of the whole organization"
        project = client.projects.create(title="Hooked", label_config=TEXT_CONFIG)
        task = client.tasks.create(project=project.id, data={"text": "x"})
        annotation = client.annotations.create(id=task.id, result=choice())
        client.annotations.update(id=annotation.id, result=choice("Neutral"))
        client.annotations.delete(id=annotation.id)
        client.tasks.delete(id=str(task.id))
        client.projects.update(id=project.id, title="Renamed")
        client.projects.delete(id=project.id)
        work()
        sent = {request.action: request.body for request in receiver.requests}
        assert sorted(sent) == sorted(
            ["PROJECT_CREATED", "TASKS_CREATED", "ANNOTATION_CREATED", "ANNOTATION_UPDATED", "ANNOTATIONS_DELETED", "TASKS_DELETED",
             "PROJECT_UPDATED", "PROJECT_DELETED"]
        )  # fmt: skip
        assert all(request.headers["X-Mine"] == "yes" for request in receiver.requests)
        assert sent["ANNOTATION_CREATED"]["annotation"]["id"] == annotation.id
        assert sent["TASKS_DELETED"]["tasks"] == [{"id": task.id}]
        assert sent["PROJECT_DELETED"]["project"] == {"id": project.id}
        client.webhooks.update(id=made.id, url=receiver.url, is_active=False)
        before = len(receiver.requests)
        client.projects.create(title="Unheard")
        work()
        assert len(receiver.requests) == before
        assert made.id in [row.id for row in client.webhooks.list()]
        assert client.webhooks.get(id=made.id).is_active is False
        client.webhooks.delete(id=made.id)
        assert made.id not in [row.id for row in client.webhooks.list()]
