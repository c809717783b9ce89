"""The export formats in people's words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class ExportFormat:
    """`name` is the API's `exportType`."""

    name: str
    title: str
    description: str


def offered() -> list[ExportFormat]:
    return [
        ExportFormat("JSON", "JSON", _("Everything: data, annotations, drafts and predictions. Can be imported again.")),
        ExportFormat("JSON_MIN", "JSON_MIN", _("One flat object per annotation: the data and the answers by name.")),
        ExportFormat("CSV", "CSV", _("A row per annotation, for spreadsheets and pandas.")),
        ExportFormat("TSV", "TSV", _("As CSV, with tabs between the columns.")),
    ]
