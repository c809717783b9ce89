"""Writing a bundle: a few statements for every thousand tasks, stored JSON passed on as it is."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from typing import IO, Any, BinaryIO

from django.conf import settings
from django.db import connection
from django.utils import timezone

from core.database import time_sql
from core.rawjson import dump_json, fragment
from data_import.contents import open_upload
from data_import.file_types import EXTENSIONS, MEDIA, extension_of
from data_import.models import FileUpload
from data_manager.sql import json_as_text
from durability.bundle import FILES, FORMAT, MANIFEST, PEOPLE, SET_UPS, SETTINGS, TASKS
from durability.bundle import MEDIA as MEDIA_FOLDER
from projects.models import LabelConfigVersion, Project, ProjectMember
from tasks.sets import ids, rows
from users.models import User

CHUNK = 1_000
PIECE = 1 << 20
TASK_COLUMNS = ("id", "data", "meta", "inner_id", "overlap", "allow_skip", "file_upload_id", "created_at", "updated_at")
ANNOTATION_COLUMNS = (
    "id", "task_id", "completed_by_id", "updated_by_id", "result", "was_cancelled", "ground_truth", "lead_time", "unique_id", "import_id",
    "last_action", "bulk_created", "prediction", "parent_prediction_id", "parent_annotation_id", "draft_created_at", "version", "created_at", "updated_at",
)  # fmt: skip
FORMER_COLUMNS = (
    "annotation_id", "version", "result", "was_cancelled", "ground_truth", "lead_time", "completed_by_id", "written_by_id", "replaced_by_id", "reason",
    "provenance", "written_at", "replaced_at",
)  # fmt: skip
PREDICTION_COLUMNS = (
    "id", "task_id", "result", "score", "model_version", "cluster", "neighbors", "mislabeling", "created_at", "updated_at",
)  # fmt: skip
DRAFT_COLUMNS = ("task_id", "annotation_id", "user_id", "result", "lead_time", "was_postponed", "import_id", "created_at", "updated_at")
TRUTHS = frozenset({"allow_skip", "was_cancelled", "ground_truth", "bulk_created", "was_postponed"})
JSON = frozenset({"data", "meta", "result", "prediction", "neighbors", "provenance"})
PEOPLE_COLUMNS = frozenset({"completed_by_id", "updated_by_id", "written_by_id", "replaced_by_id", "user_id"})

Row = dict[str, Any]


def write_bundle(project: Project, file: BinaryIO, each: Callable[[int], None] = lambda done: None) -> dict[str, int]:
    """Write a project into `file`; `each` is told how many tasks are written, again and again. Returns how much there is of each kind."""
    writer = _Writer(project, each)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        writer.media(archive)
        for name, lines in ((FILES, writer.files()), (SET_UPS, writer.set_ups()), (TASKS, writer.tasks())):
            with archive.open(name, "w", force_zip64=True) as member:
                _write_lines(member, lines)
        with archive.open(PEOPLE, "w") as member:
            _write_lines(member, writer.everybody())
        archive.writestr(MANIFEST, json.dumps(writer.manifest(), indent=1))
    return writer.counts


def _write_lines(member: IO[bytes], lines: Iterator[Row]) -> None:
    for line in lines:
        member.write(dump_json(line) + b"\n")


class _Writer:
    def __init__(self, project: Project, each: Callable[[int], None]) -> None:
        self.project, self.each = project, each
        self.people: set[int] = set()
        self.counts = {"tasks": 0, "annotations": 0, "former_states": 0, "predictions": 0, "drafts": 0, "files": 0}

    def manifest(self) -> Row:
        said = {name: getattr(self.project, name) for name in SETTINGS}
        said["control_weights"] = json.loads(self.project.control_weights or "{}")
        return {
            "format": FORMAT,
            "version": settings.VERSION,
            "made": timezone.now().isoformat(),
            "project": {**said, "model_version": self.project.model_version, "config_version": self.project.config_version},
            "counts": self.counts,
        }

    def set_ups(self) -> Iterator[Row]:
        for row in LabelConfigVersion.objects.filter(project=self.project).order_by("version"):
            self._person(row.created_by_id)
            yield {
                "version": row.version,
                "label_config": row.label_config,
                "created_by": row.created_by_id,
                "created_at": row.created_at,
            }

    def tasks(self) -> Iterator[Row]:
        last = 0
        while found := self._rows(
            "tasks_task", TASK_COLUMNS, "project_id = %s AND id > %s ORDER BY id LIMIT %s", self.project.pk, last, CHUNK
        ):
            last = found[-1]["id"]
            yield from self._with_answers(found)
            self.counts["tasks"] += len(found)
            self.each(self.counts["tasks"])

    def _with_answers(self, tasks: list[Row]) -> Iterator[Row]:
        these = ids(task["id"] for task in tasks)
        of_tasks = f"task_id IN ({these.text}) ORDER BY id", *these.params
        annotations = self._rows("tasks_annotation", ANNOTATION_COLUMNS, *of_tasks)
        written = ids(row["id"] for row in annotations)
        of_annotations = f"annotation_id IN ({written.text}) ORDER BY annotation_id, version", *written.params
        former = self._rows("tasks_annotationversion", FORMER_COLUMNS, *of_annotations)
        predictions = self._rows("tasks_prediction", PREDICTION_COLUMNS, *of_tasks)
        drafts = self._rows("tasks_draft", DRAFT_COLUMNS, *of_tasks)
        for kind, found in (("annotations", annotations), ("former_states", former), ("predictions", predictions), ("drafts", drafts)):
            self.counts[kind] += len(found)
        states = _by(former, "annotation_id")
        for row in annotations:
            row["former"] = states.get(row["id"], [])
        parts = {
            "annotations": _by(annotations, "task_id"),
            "predictions": _by(predictions, "task_id"),
            "drafts": _by(drafts, "task_id"),
        }
        for task in tasks:
            yield {**task, **{kind: found.get(task["id"], []) for kind, found in parts.items()}}

    def _rows(self, table: str, columns: tuple[str, ...], where: str, *parameters: Any) -> list[Row]:
        shown = ", ".join(_column(name) for name in columns)
        found = []
        for values in rows(f"SELECT {shown} FROM {table} WHERE {where}", parameters):
            row = dict(zip(columns, values, strict=True))
            for name in row.keys() & JSON:
                row[name] = fragment(row[name])
            for name in row.keys() & TRUTHS:
                row[name] = bool(row[name])
            for name in row.keys() & PEOPLE_COLUMNS:
                self._person(row[name])
            found.append(row)
        return found

    def _person(self, user_id: int | None) -> None:
        if user_id is not None:
            self.people.add(user_id)

    def everybody(self) -> Iterator[Row]:
        members = set(ProjectMember.objects.filter(project=self.project).values_list("user_id", flat=True))
        wanted = sorted(self.people | members)
        for start in range(0, len(wanted), CHUNK):
            for user in User.objects.filter(pk__in=wanted[start : start + CHUNK]).order_by("pk"):
                yield {
                    "id": user.pk,
                    "email": user.email,
                    "first_name": user.first_name,
                    "last_name": user.last_name,
                    "member": user.pk in members,
                }

    def media(self, archive: zipfile.ZipFile) -> None:
        """The bytes of each upload, once."""
        last = ""
        for upload in self._uploads("sha256"):
            if upload.sha256 == last:
                continue
            last = upload.sha256
            kind = EXTENSIONS.get(extension_of(upload.name))
            entry = zipfile.ZipInfo(MEDIA_FOLDER + upload.sha256, timezone.now().timetuple()[:6])
            entry.compress_type = zipfile.ZIP_STORED if kind and kind.kind in MEDIA else zipfile.ZIP_DEFLATED
            with open_upload(upload) as source, archive.open(entry, "w", force_zip64=True) as member:
                shutil.copyfileobj(source, member, PIECE)

    def files(self) -> Iterator[Row]:
        for upload in self._uploads("pk"):
            self.counts["files"] += 1
            yield {
                "id": upload.pk,
                "address": upload.file,
                "name": upload.name,
                "size": upload.size,
                "sha256": upload.sha256,
                "imported": upload.imported,
            }

    def _uploads(self, order: str) -> Iterator[FileUpload]:
        return FileUpload.objects.filter(project=self.project).select_related("content").order_by(order).iterator(CHUNK)


def _column(name: str) -> str:
    if name in JSON:
        return json_as_text(name)
    if name.endswith("_at"):
        return time_sql(name)
    return f"{name}::text" if name == "unique_id" and connection.vendor == "postgresql" else name


def _by(found: list[Row], key: str) -> dict[int, list[Row]]:
    grouped: dict[int, list[Row]] = {}
    for row in found:
        grouped.setdefault(row[key], []).append(row)
    return grouped
