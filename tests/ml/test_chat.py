"""The Chat tag's model: asked by the server at the address that the administrator has set."""

from __future__ import annotations

from typing import Any

import pytest

from tests.labelled import import_tasks, make_project
from tests.ml.conftest import Answer, Model
from tests.people import Person, somebody

pytestmark = pytest.mark.django_db

CONFIG = '<View><Chat name="chat" value="$messages" llm="someone/model"/><Chat name="silent" value="$messages"/></View>'
SAID = [{"role": "user", "content": "How long do tomatoes keep?"}]
PATH = "/v1/chat/completions"


@pytest.fixture
def task(ann: Person) -> int:
    project = make_project(ann, CONFIG)
    import_tasks(ann, project, [{"messages": []}])
    return int(ann.get("/api/tasks/", project=project).json()["tasks"][0]["id"])


def ask(person: Person, task: int, name: str = "chat", messages: Any = SAID) -> Any:
    return person.post(f"/api/tasks/{task}/chat", {"name": name, "messages": messages})


def test_a_model_says_what_comes_next(ann: Person, task: int, model: Model, settings: Any) -> None:
    settings.CHAT_URL, settings.CHAT_API_KEY, settings.ALLOWED_INTERNAL_HOSTS = f"{model.url}{PATH}", "a key", []
    model.answers[PATH] = lambda request: {"choices": [{"message": {"role": "assistant", "content": "About a week."}}]}
    answer = ask(ann, task)
    assert (answer.status_code, answer.json()) == (200, {"role": "assistant", "content": "About a week."})
    (request,) = model.requests
    assert request.body == {"model": "someone/model", "messages": SAID}
    assert request.headers["Authorization"] == "Bearer a key"
    assert ask(somebody(), task).status_code == 404


def test_what_cannot_be_answered_is_said(ann: Person, task: int, model: Model, settings: Any) -> None:
    answer = ask(ann, task)
    assert (answer.status_code, "CHAT_URL" in answer.json()["errors"][0]) == (200, True)
    settings.CHAT_URL = f"{model.url}{PATH}"
    assert ask(ann, task, name="silent").status_code == 400
    for messages in (None, [], ["hello"], [{"role": "user"}], [{"role": "user", "content": "x" * 200_001}]):
        assert ask(ann, task, messages=messages).status_code == 400
    for wrong in (Answer({}, 500), Answer(b"<html>"), Answer({"choices": []}), Answer([1])):
        model.answers[PATH] = lambda request, wrong=wrong: wrong
        answer = ask(ann, task)
        assert (answer.status_code, "model" in answer.json()["detail"]) == (424, True)
