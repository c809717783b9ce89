"""Every format, byte by byte: what an export of the projects in `tests/golden` is, and what its import makes of it again.

A folder of `tests/golden` is a project: `config.xml`, `tasks.json` (a value `media:<name>` is a file that is uploaded), and for each format that
it is exported in a folder of the files that come of it, with `again.json`: what an import of them yields. Whoever changes a format on purpose
runs this file with GOLDEN=write and reads the difference.
"""

from __future__ import annotations

import io
import os
import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.contrib.auth import get_user_model
from django.db import connection, models

from core.permissions import Role
from data_export.writers import FORMATS
from data_import.models import FileUpload
from projects.models import Project
from tasks.models import Annotation, Draft, Prediction, Task
from tests.data_export.formats.labelled_media import picture, sound, upload
from tests.data_export.formats.peer import exported
from tests.labelled import import_tasks, make_project, send_files
from tests.people import Person, somebody

pytestmark = pytest.mark.django_db

GOLDEN = Path(__file__).resolve().parents[2] / "golden"
WRITE = os.environ.get("GOLDEN") == "write"
NOW = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)
FIRST = 700_000  # of the ids that stand in the files
MEDIA = (".png", ".wav")

# The formats that each project is exported in.
CASES = {
    "shapes": ("COCO", "COCO_WITH_IMAGES", "VOC", "YOLO", "YOLO_WITH_IMAGES", "YOLO_OBB", "YOLO_OBB_WITH_IMAGES", "HF_DATASET"),
    "quads": ("YOLO_WITH_IMAGES",),
    "turned": ("YOLO_OBB_WITH_IMAGES",),
    "poses": ("COCO_WITH_IMAGES", "YOLO_WITH_IMAGES"),
    "masks": ("BRUSH_TO_NUMPY", "BRUSH_TO_PNG", "BRUSH_TO_COCO"),
    "words": ("JSON", "JSON_MIN", "CSV", "TSV", "JSONL", "CONLL2003", "SPACY", "PARQUET", "HF_DATASET"),
    "speech": ("ASR_MANIFEST",),
}
# What has no way back: label files without their images, arrays, transcripts, tables for other libraries.
ONE_WAY = {"YOLO", "YOLO_OBB", "BRUSH_TO_NUMPY", "BRUSH_TO_PNG", "ASR_MANIFEST", "HF_DATASET"}


def test_every_format_has_its_golden_files() -> None:
    assert {format for formats in CASES.values() for format in formats} == set(FORMATS)
    assert {folder.name for folder in GOLDEN.iterdir()} == set(CASES)


@pytest.fixture
def ann(monkeypatch: pytest.MonkeyPatch) -> Person:
    """Somebody whose rows have the same ids and times in every run."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    for model in (get_user_model(), Project, Task, Annotation, Prediction, Draft, FileUpload):
        number_from(model, FIRST)
    person = somebody(Role.MANAGER)
    get_user_model().objects.filter(pk=person.user.pk).update(email="ann@example.com")
    return person


def number_from(model: type[models.Model], first: int) -> None:
    """The table's next id; undone with the test's transaction."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f'ALTER TABLE "{table}" ALTER COLUMN id RESTART WITH {first}')
            return
        cursor.execute("UPDATE sqlite_sequence SET seq = %s WHERE name = %s", [first - 1, table])
        if not cursor.rowcount:
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, first - 1])


@pytest.mark.parametrize("case", CASES)
def test_exports_are_the_golden_files_and_come_back(ann: Person, case: str) -> None:
    config = (GOLDEN / case / "config.xml").read_text()
    project = make_project(ann, config, title="Golden")
    sent = send_tasks(ann, project, orjson.loads((GOLDEN / case / "tasks.json").read_bytes()))
    for format in CASES[case]:
        if format in ("PARQUET", "SPACY", "HF_DATASET"):
            pytest.importorskip("pyarrow" if format != "SPACY" else "spacy")
        content = exported(ann, project, format, download_all_tasks="1")
        files = files_of(format, content)
        for name in [name for name in files if name.endswith(MEDIA) and not format.startswith("BRUSH_TO")]:
            assert files.pop(name) == sent[Path(name).name], name
        if format not in ONE_WAY:
            files["again.json"] = again(ann, config, format, content)
        compare(GOLDEN / case / format, files)


def send_tasks(person: Person, project: int, tasks: list[dict[str, Any]]) -> dict[str, bytes]:
    """Import them with the media they name, each under an address that is the same in every run; returns the media by name."""
    sent: dict[str, bytes] = {}
    for task in tasks:
        for key, value in task["data"].items():
            if isinstance(value, str) and value.startswith("media:"):
                name = value.removeprefix("media:")
                content = sound() if name.endswith(".wav") else picture()
                (address,) = upload(person, project, (name, content))
                fixed = f"upload/{project}/{len(sent):08x}{address[address.rindex('/') + 9 :]}"
                FileUpload.objects.filter(file=address.removeprefix("/data/")).update(file=fixed)
                task["data"][key] = f"/data/{fixed}"
                sent[name] = content
    import_tasks(person, project, tasks)
    return sent


def files_of(format: str, content: bytes) -> dict[str, bytes]:
    """The files of an export; what another library packs by its own taste is unpacked to text."""
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found = {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
    else:
        found = {f"export.{FORMATS[format].extension}": content}
    return dict(readable(format, name, body) for name, body in found.items())


def readable(format: str, name: str, body: bytes) -> tuple[str, bytes]:
    if name.endswith(".parquet"):
        import pyarrow.parquet as parquet

        table = parquet.read_table(io.BytesIO(body))
        lines = [f"{field.name}: {field.type}" for field in table.schema]
        return f"{name}.txt", "\n".join([*lines, *(orjson.dumps(row).decode() for row in table.to_pylist()), ""]).encode()
    if name.endswith(".spacy"):
        import spacy
        from spacy.tokens import DocBin

        docs = DocBin().from_bytes(body).get_docs(spacy.blank("xx").vocab)
        rows = [
            {"text": doc.text, "entities": [[entity.start_char, entity.end_char, entity.label_] for entity in doc.ents]} for doc in docs
        ]
        return f"{name}.txt", "".join(f"{orjson.dumps(row).decode()}\n" for row in rows).encode()
    if format == "BRUSH_TO_PNG":
        from PIL import Image

        image = Image.open(io.BytesIO(body))
        across = image.width
        pixels = [str(value and 1) for value in image.convert("L").tobytes()]
        return f"{name}.txt", f"{image.mode}\n".encode() + "".join(
            "".join(pixels[start : start + across]) + "\n" for start in range(0, len(pixels), across)
        ).encode()
    return name, body


def again(person: Person, config: str, format: str, content: bytes) -> bytes:
    """What a new project has after it imported an export, as lines of JSON."""
    project = make_project(person, config)
    extension = {"CONLL2003": "conll", "SPACY": "spacy"}.get(format) or ("zip" if content[:2] == b"PK" else FORMATS[format].extension)
    answer = send_files(person, f"/api/projects/{project}/import", (f"x.{extension}", content))
    assert answer.status_code == 201, (format, answer.content)
    tasks = orjson.loads(exported(person, project, "JSON", download_all_tasks="1"))
    lines = [
        {
            "data": task["data"],
            **{name: [answer_of(row) for row in task[name]] for name in ("annotations", "predictions", "drafts") if task[name]},
        }
        for task in tasks
    ]
    # The address of an upload and the number of its project are new each time.
    text = "".join(f"{orjson.dumps(line).decode()}\n" for line in lines)
    return re.sub(r"/data/upload/\d+/[0-9a-f]{8}-", "/data/upload/…/", text).encode()


def answer_of(row: dict[str, Any]) -> dict[str, Any]:
    kept = ("ground_truth", "was_cancelled", "lead_time", "score", "model_version", "created_at")
    return {"result": rounded(row["result"]), **{key: row[key] for key in kept if row.get(key) not in (None, False, "")}}


def rounded(value: Any) -> Any:
    """To six places: the way to pixels and back costs the last ones."""
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [rounded(item) for item in value]
    return round(value, 6) if isinstance(value, float) else value


def compare(folder: Path, files: dict[str, bytes]) -> None:
    if WRITE:
        for name, body in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(body)
    golden = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert files == golden
