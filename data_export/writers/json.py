"""JSON: the whole tasks with everything that was said about them, as Label Studio writes and reads it (§2.11 of the API)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from core.rawjson import dump_json, fragment
from data_export.formats import Format, Options
from data_export.queries import Chunk, Selection, chunks


def write(selection: Selection, options: Options) -> Iterator[bytes]:
    """A list of tasks, a chunk of them at a time; stored JSON goes out as it is stored."""
    project = selection.project.pk
    lead = b"["
    for chunk in chunks(selection):
        yield lead + dump_json(tasks_of(chunk, project))[1:-1]
        lead = b","
    yield b"]" if lead == b"," else b"[]"


def tasks_of(chunk: Chunk, project: int) -> list[dict[str, Any]]:
    """The chunk's tasks as the export shows them, stored JSON as fragments."""
    return [
        {
            "id": row[0],
            "annotations": [_annotation(item, project) for item in chunk.annotations.get(row[0], ())],
            "file_upload": row[1],
            "drafts": [_draft(item) for item in chunk.drafts.get(row[0], ())],
            "predictions": [_prediction(item, project) for item in chunk.predictions.get(row[0], ())],
            "data": fragment(row[2]),
            "meta": fragment(row[3]),
            "created_at": row[4],
            "updated_at": row[5],
            "allow_skip": bool(row[6]),
            "inner_id": row[7],
            "total_annotations": row[8],
            "cancelled_annotations": row[9],
            "total_predictions": row[10],
            "comment_count": row[12],
            "unresolved_comment_count": row[13],
            "last_comment_updated_at": row[14],
            "project": project,
            "updated_by": row[11],
            "comment_authors": fragment(row[15]),
        }
        for row in chunk.tasks
    ]


def _annotation(row: tuple[Any, ...], project: int) -> dict[str, Any]:
    return {
        "id": row[1],
        "completed_by": row[2],
        "result": fragment(row[3]),
        "was_cancelled": bool(row[4]),
        "ground_truth": bool(row[5]),
        "created_at": row[6],
        "updated_at": row[7],
        "draft_created_at": row[8],
        "lead_time": row[9],
        "prediction": fragment(row[10]),
        "result_count": row[11],
        "unique_id": dashed(row[12]),
        "import_id": row[13],
        "last_action": row[14],
        "bulk_created": bool(row[15]),
        "task": row[0],
        "project": project,
        "updated_by": row[16],
        "parent_prediction": row[17],
        "parent_annotation": row[18],
        "last_created_by": None,
    }


def _prediction(row: tuple[Any, ...], project: int) -> dict[str, Any]:
    return {
        "id": row[1],
        "model_version": row[2],
        "result": fragment(row[3]),
        "score": row[4],
        "cluster": row[5],
        "neighbors": fragment(row[6]),
        "mislabeling": row[7],
        "created_at": row[8],
        "updated_at": row[9],
        "model": None,
        "model_run": None,
        "task": row[0],
        "project": project,
    }


def _draft(row: tuple[Any, ...]) -> dict[str, Any]:
    return {
        "id": row[1],
        "user": row[2],
        "result": fragment(row[3]),
        "lead_time": row[4],
        "was_postponed": bool(row[5]),
        "import_id": row[6],
        "created_at": row[7],
        "updated_at": row[8],
        "task": row[0],
        "annotation": row[9],
    }


def dashed(unique_id: str | UUID) -> str:
    """A UUID as text; SQLite keeps its 32 digits without dashes."""
    digits = unique_id if isinstance(unique_id, str) else unique_id.hex
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}" if len(digits) == 32 else digits


JSON = Format(
    "JSON",
    "JSON",
    _("Everything: tasks with their annotations, predictions and drafts. Can be imported again without loss."),
    "json",
    "application/json",
    write,
)
