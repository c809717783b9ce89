"""JSONL: the tasks of JSON, one per line, for tools that read line by line."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from core.rawjson import dump_json
from data_export.formats import Format, Options
from data_export.queries import Selection, chunks
from data_export.writers.json import tasks_of


def write(selection: Selection, options: Options) -> Iterator[bytes]:
    for chunk in chunks(selection):
        yield b"".join(dump_json(task) + b"\n" for task in tasks_of(chunk, selection.project.pk))


JSONL = Format(
    "JSONL", "JSONL", _("As JSON, with one task per line. Can be imported again without loss."), "jsonl", "application/x-ndjson", write
)
