"""What is in a file, before it is imported: its first rows, how many there are, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from core.actor import Actor
from core.errors import Refused
from data_import.intake import Intake
from data_import.readers import UNDEFINED, Item, Source, reader_of
from data_import.reading import ImportFile, judge
from projects.models import Project

ROWS = 5
PIECE_ROWS = 200  # of the piece that the create page sends
MAX_TEXT = 2_000  # characters of a value that are shown


def preview_of_upload(actor: Actor, project: Project, file: ImportFile) -> dict[str, Any]:
    """{format, kind, rows, columns, preview, problems} of a stored file, judged by the project's labeling set-up."""
    intake = Intake(actor, project)
    try:
        first = [item for _line, item in islice(reader_of(file.source).items(), ROWS)]
        found = judge(intake, [file])
    except Refused as refused:
        return _answer(file.source, None, [], _sentences(refused))
    problems = list(found.messages)
    if found.mistakes > len(problems):
        problems.append(f"… and {found.mistakes - len(problems):,} more items with mistakes.")
    key = intake.key_for(file.source.file_type.kind)
    return _answer(file.source, found.count, [_data(item, key) for item in first], problems)


def preview_of_piece(path: Path, name: str, *, whole: bool, label_config: str) -> dict[str, Any]:
    """The same for the beginning of a file without a project; `rows` is None unless the piece is the `whole` file.

    With a labeling set-up the first rows are judged by it. Media are not looked into.
    """
    source = Source(path, name, url=f"/data/upload/…/{name}")
    items, problems = _first_items(source, whole=whole)
    key = UNDEFINED
    said: list[str] = []
    if label_config.strip():
        import labeling
        from projects.configs import parsed

        config = parsed(label_config)
        key = next(iter(config.data_keys), UNDEFINED)
        for number, item in enumerate(items):
            said += [f"Error at item {number}: {message}" for message in labeling.validate_task_data(config, _data(item, key, cut=False))][
                : ROWS - len(said)
            ]
    shown = [_data(item, key) for item in items[:ROWS]]
    return _answer(source, len(items) if whole and len(items) < PIECE_ROWS else None, shown, problems + said)


def _first_items(source: Source, *, whole: bool) -> tuple[list[Any], list[str]]:
    items: list[Any] = []
    reading: Iterator[Item] = reader_of(source).items()
    try:
        for _line, item in islice(reading, PIECE_ROWS):
            items.append(item)
    except Refused as refused:
        # A piece ends in the middle of an item: only what is wrong before counts.
        if whole or not items:
            return items, _sentences(refused)
    return items, []


def _sentences(refused: Refused) -> list[str]:
    said = (refused.fields or {}).get("non_field_errors", [str(refused)])
    return [str(sentence) for sentence in said]


def _data(item: Any, key: str, *, cut: bool = True) -> dict[str, Any]:
    data = item.get("data", item) if isinstance(item, dict) else {}
    if not isinstance(data, dict):
        return {}
    return {
        key if name == UNDEFINED else name: value[:MAX_TEXT] if cut and isinstance(value, str) else value for name, value in data.items()
    }


def _answer(source: Source, rows: int | None, preview: list[dict[str, Any]], problems: list[str]) -> dict[str, Any]:
    return {
        "format": source.extension,
        "kind": source.file_type.kind,
        "rows": rows,
        "columns": list(dict.fromkeys(key for data in preview for key in data)),
        "preview": preview,
        "problems": problems,
    }
