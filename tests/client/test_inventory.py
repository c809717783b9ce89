"""Every row of the table of Label Studio's REST surface: asked with and without a trailing slash, and its answer looked at field by field."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.client.inventory import ANYTHING, EMPTY, NUMERIC, ROWS, Row, Shape
from tests.labelled import send_files
from tests.ml.conftest import Model, model
from tests.people import Person, somebody

pytestmark = pytest.mark.django_db
__all__ = ["model"]


def differences(answer: Any, shape: Shape, place: str = "answer") -> list[str]:
    """Where an answer is not as the table says."""
    match shape:
        case (inner, None):
            return [] if answer is None else differences(answer, inner, place)
        case None:
            return [] if answer is None else [f"{place} is {answer!r:.80}, not null"]
        case dict():
            if not isinstance(answer, dict):
                return [f"{place} is {answer!r:.80}, not an object"]
            missing = [f"{place}.{name} is missing" for name in shape if name not in answer]
            return missing + [
                fault for name in shape if name in answer for fault in differences(answer[name], shape[name], f"{place}.{name}")
            ]
        case list():
            if not isinstance(answer, list):
                return [f"{place} is {answer!r:.80}, not a list"]
            if not shape:
                return [f"{place} is not empty"] if answer else []
            return [fault for number, item in enumerate(answer[:3]) for fault in differences(item, shape[0], f"{place}[{number}]")]
        case re.Pattern():
            return [] if isinstance(answer, str) and shape.match(answer) else [f"{place} is {answer!r:.80}, not like {shape.pattern}"]
    if shape is ANYTHING:
        return []
    kinds = (int, float) if shape is NUMERIC else shape
    right = isinstance(answer, kinds) and (shape is bool or not isinstance(answer, bool))
    return [] if right else [f"{place} is {answer!r:.80}, not {shape.__name__}"]


def filled(value: Any, known: dict[str, Any]) -> Any:
    """The value with what `{name}` stands for."""
    if isinstance(value, dict):
        return {name: filled(inner, known) for name, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner, known) for inner in value]
    if isinstance(value, str) and re.fullmatch(r"\{\w+\}", value):
        return known[value[1:-1]]
    return value


def ask(person: Person, row: Row, path: str, known: dict[str, Any]) -> tuple[Any, list[str]]:
    """(the answer, what is wrong with it)"""
    body = filled(row.body, known)
    answer = person.client.generic(row.method, path, b"" if body is None else json.dumps(body))
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if answer.status_code != row.status:
        return None, [f"status {answer.status_code}, not {row.status}: {content[:300]!r}"]
    if row.shape is EMPTY:
        return None, [] if content == b"" else [f"the body is {content[:80]!r}, not empty"]
    try:
        said = json.loads(content)
    except ValueError:
        return None, [f"no JSON: {content[:80]!r}"]
    return said, differences(said, row.shape)


def with_slash(path: str) -> str:
    base, mark, query = path.partition("?")
    return f"{base}/{mark}{query}"


@pytest.fixture
def known(tmp_path: Path, settings: Any, model: Model) -> tuple[Person, dict[str, Any]]:
    """Somebody who owns an organization, and what the rows can name at the beginning."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.LOCAL_FILES_SERVING_ENABLED, settings.LOCAL_FILES_DOCUMENT_ROOT = True, str(tmp_path)
    for name in ("in", "out"):
        (tmp_path / name).mkdir()
    (tmp_path / "in" / "one.txt").write_text("one")
    owner = somebody()
    return owner, {
        "me": owner.user.pk,
        "organization": owner.organization.pk,
        "folder": str(tmp_path / "in"),
        "target_folder": str(tmp_path / "out"),
        "model_url": model.url,
    }


def test_the_whole_surface_field_by_field(known: tuple[Person, dict[str, Any]]) -> None:
    owner, names = known
    owner.get("/api/projects/")  # the organization's token policy is asked for once
    wrong: list[str] = []
    for section, rows in ROWS.items():
        if section == "1.9 import":
            sent = send_files(owner, f"/api/projects/{names['project']}/import", ("one.csv", b"text\nfrom a file\n"))
            assert sent.status_code == 201, sent.content
        for number, row in enumerate(rows):
            path = row.path.format(**names)
            # What changes something is asked in one form, by turns; what only reads in both.
            forms = [path, with_slash(path)] if row.method == "GET" else [with_slash(path) if number % 2 else path]
            for form in forms:
                said, faults = ask(owner, row, form, names)
                wrong += [f"{section}: {row.method} {form}: {fault}" for fault in faults]
            if row.keep and said:
                name, _mark, key = row.keep.partition("=")
                found = said[key] if key else said
                first = found[0] if isinstance(found, list) else found
                names[name] = first if isinstance(first, int) else first["id"]
    assert not wrong, "\n" + "\n".join(wrong)
