"""JSON_MIN: a list with one flat object per annotation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.rawjson import dump_json, read_json
from data_export.formats import Format, Options
from data_export.queries import Tasks
from data_export.writers.flat import FlatRow, flat_rows


def write(selection: Tasks, options: Options) -> Iterator[bytes]:
    lead = b"["
    for rows in flat_rows(selection):
        if rows:
            yield lead + dump_json([_item(row) for row in rows])[1:-1]
            lead = b","
    yield b"]" if lead == b"," else b"[]"


def _item(row: FlatRow) -> dict[str, Any]:
    item: dict[str, Any] = {**read_json(row.data), "id": row.task, **row.answers}
    if row.annotation is not None:
        item |= {
            "annotator": row.annotator,
            "annotation_id": row.annotation,
            "created_at": row.created_at,
            "updated_at": row.updated_at,
            "lead_time": row.lead_time,
        }
    return item


JSON_MIN = Format(
    "JSON_MIN",
    "JSON-MIN",
    _("One short object per annotation: the data and the answers by the names of the controls."),
    "json",
    "application/json",
    write,
)
