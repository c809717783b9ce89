"""Projects and imports for the tests of data rooms, through the API."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests.people import Person

TEXT_CONFIG = (
    '<View><Text name="text" value="$text"/>'
    '<Choices name="sentiment" toName="text"><Choice value="Positive"/><Choice value="Negative"/><Choice value="Neutral"/></Choices></View>'
)
IMAGE_CONFIG = (
    '<View><Image name="image" value="$image"/><RectangleLabels name="box" toName="image"><Label value="Car"/></RectangleLabels></View>'
)


def choice(label: str = "Positive") -> list[dict[str, Any]]:
    """A result that answers TEXT_CONFIG."""
    return [{"id": "r1", "from_name": "sentiment", "to_name": "text", "type": "choices", "value": {"choices": [label]}}]


def make_project(person: Person, config: str = TEXT_CONFIG, **fields: Any) -> int:
    answer = person.post("/api/projects/", {"title": "Some project", "label_config": config, **fields})
    assert answer.status_code == 201, answer.content
    return int(answer.json()["id"])


def import_tasks(person: Person, project: int, tasks: Any, **query: Any) -> dict[str, Any]:
    answer = person.post(f"/api/projects/{project}/import{_query(query)}", tasks)
    assert answer.status_code == 201, answer.content
    found: dict[str, Any] = answer.json()
    return found


def send_files(person: Person, path: str, *files: tuple[str, bytes], **fields: Any) -> Any:
    """POST a form with files under field names of their own."""
    parts = {f"file{number}": SimpleUploadedFile(name, content) for number, (name, content) in enumerate(files)}
    return person.client.generic("POST", path, encode_multipart(BOUNDARY, {**fields, **parts}), content_type=MULTIPART_CONTENT)


def whole(answer: Any) -> bytes:
    """The body of an answer, streamed or not."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def _query(query: dict[str, Any]) -> str:
    return "?" + "&".join(f"{name}={value}" for name, value in query.items()) if query else ""
