"""JSON: the whole tasks with everything that was said about them, as Label Studio writes and reads it (§2.11 of the API)."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from data_export.formats import Format, Options
from data_export.queries import Tasks


def write(selection: Tasks, options: Options) -> Iterator[bytes]:
    """A list of tasks, a chunk of them at a time; stored JSON goes out as it is stored."""
    lead = "["
    for texts in selection.texts():
        if texts:
            yield (lead + ",".join(texts)).encode()
            lead = ","
    yield b"]" if lead == "," else b"[]"


JSON = Format(
    "JSON",
    "JSON",
    _("Everything: tasks with their annotations, predictions and drafts. Can be imported again without loss."),
    "json",
    "application/json",
    write,
)
