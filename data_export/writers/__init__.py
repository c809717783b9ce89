"""Export formats. To add one: a file beside this one with a `Format`, and its name in `FORMATS`."""

from __future__ import annotations

from data_export.formats import Format
from data_export.writers.json import JSON
from data_export.writers.json_min import JSON_MIN
from data_export.writers.table import CSV, TSV

FORMATS: dict[str, Format] = {format.name: format for format in (JSON, JSON_MIN, CSV, TSV)}

__all__ = ["FORMATS"]
