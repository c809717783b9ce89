"""JSONL: the tasks of JSON, one per line, for tools that read line by line."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from data_export.formats import Format, Options
from data_export.queries import Tasks


def write(selection: Tasks, options: Options) -> Iterator[bytes]:
    for texts in selection.texts():
        # Stored JSON holds no line breaks: our own encoder wrote it.
        yield "".join(f"{text}\n" for text in texts).encode()


JSONL = Format(
    "JSONL", "JSONL", _("As JSON, with one task per line. Can be imported again without loss."), "jsonl", "application/x-ndjson", write
)
