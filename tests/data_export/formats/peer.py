"""The converter of the official SDK, run on our JSON export: what every format is compared with."""

from __future__ import annotations

import io
import json
import warnings
import zipfile
from pathlib import Path
from typing import Any

import orjson

from projects.models import Project
from tests.labelled import whole
from tests.people import Person
from tests.stored import linked


def converter_of(config: Any, **options: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the libraries it imports
        from label_studio_sdk.converter import Converter
    return Converter(config, project_dir=None, **options)


def converted(person: Person, project: int, format: str, folder: Path, *, download_resources: bool = False) -> Path:
    """The folder with what the SDK makes of our JSON export of all tasks."""
    source = folder / "tasks.json"
    source.write_bytes(exported(person, project, "JSON", download_all_tasks="1"))
    output = folder / "peer"
    output.mkdir()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        uploads = str(linked(folder / "uploads"))
        config = Project.objects.get(pk=project).label_config
        converter_of(config, upload_dir=uploads, download_resources=download_resources).convert(
            str(source), str(output), format, is_dir=False
        )
    return output


def exported(person: Person, project: int, format: str, **query: Any) -> bytes:
    answer = person.get(f"/api/projects/{project}/export", exportType=format, **query)
    assert answer.status_code == 200, answer.content
    return whole(answer)


def archive_of(person: Person, project: int, format: str, **query: Any) -> dict[str, bytes]:
    """Our export of all tasks as {name: content}; every checksum is checked."""
    with zipfile.ZipFile(io.BytesIO(exported(person, project, format, download_all_tasks="1", **query))) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert len(names) == len(set(names))
        return {name: archive.read(name) for name in names}


def text_of(content: bytes) -> Any:
    return orjson.loads(content)


def read(path: Path) -> Any:
    return json.loads(path.read_text())
