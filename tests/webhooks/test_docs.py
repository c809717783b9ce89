"""docs/webhooks.md shows a sample of every action, and it is what is really sent."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from core.events.record import record
from tests.labelled import choice, make_project
from tests.people import Person
from tests.webhooks.conftest import Receiver, hook, work
from tests.webhooks.test_payloads import add_task, annotate
from webhooks.actions import ACTIONS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "webhooks.md"


def samples() -> dict[str, Any]:
    """{action: the JSON below its heading}."""
    sections = re.split(r"^### ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    found = {section.split("\n", 1)[0].strip("` "): re.search(r"```json\n(.*?)```", section, re.DOTALL) for section in sections}
    return {name: json.loads(match[1]) for name, match in found.items() if match}


def is_part(sample: Any, real: Any) -> bool:
    """Whether all that the sample names is there."""
    if isinstance(sample, dict):
        return isinstance(real, dict) and all(name in real and is_part(child, real[name]) for name, child in sample.items())
    if isinstance(sample, list):
        return isinstance(real, list) and all(is_part(child, real[0]) for child in sample[:1])
    return True


def test_the_page_has_a_sample_of_every_action() -> None:
    assert samples().keys() == ACTIONS.keys()
    assert all(sample["action"] == name for name, sample in samples().items())


@pytest.mark.django_db
def test_each_sample_shows_only_what_is_sent(ann: Person, receiver: Receiver) -> None:
    hook(ann, receiver.url)
    project = make_project(ann, title="Reviews")
    ann.patch(f"/api/projects/{project}/", {"title": "Product reviews"})
    *kept, unwanted = (add_task(ann, project, text) for text in ("A good chair.", "It broke.", "As described.", "As described."))
    made = [annotate(ann, task, lead_time=4.2)["id"] for task in kept]
    record("annotation.created", ann.actor, project=project, ids=made[1:])
    ann.patch(f"/api/annotations/{made[0]}/", {"result": choice("Neutral")})
    ann.delete(f"/api/annotations/{made[0]}/")
    ann.delete(f"/api/tasks/{unwanted}/")
    (label,) = ann.post("/api/labels/", [{"project": project, "from_name": "animal", "title": "Cat", "value": ["Animal", "Cat"]}]).json()
    work()
    ann.patch(f"/api/labels/{label['id']}/", {"title": "Tomcat"})
    work()
    ann.delete(f"/api/labels/{label['id']}/")
    ann.delete(f"/api/projects/{project}/")
    work()
    sent = {request.action: request.body for request in reversed(receiver.requests)}  # the first of each
    assert sent.keys() == ACTIONS.keys()
    for action, sample in samples().items():
        real = sent[action]
        assert list(sample) == list(real), action
        assert is_part(sample, real), action


def test_the_page_says_how_to_check_the_signature() -> None:
    """The Python of the page is run as it stands."""
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)
    from webhooks.signing import signature

    secret, body = "a secret of enough length", b'{"action":"TASKS_CREATED"}'
    header = signature(secret, body)
    is_genuine = names["is_genuine"]
    assert is_genuine(secret, header, body)
    assert not is_genuine(secret, header, body + b" ")
    assert not is_genuine("another secret", header, body)
    assert not is_genuine(secret, signature(secret, body, at=1_000_000_000), body), "too old"
    assert not is_genuine(secret, "", body)
