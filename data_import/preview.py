"""What is in a file, before it is imported: its first rows, how many there are, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from core.actor import Actor
from core.errors import Refused
from data_import.intake import Intake, ItemRefused
from data_import.parts import Entry, ImportFile, Part, Reading, parts_of
from data_import.readers import DATASETS, UNDEFINED, Item, Source, reader_of
from data_import.reading import Found, sentences_of
from projects.models import Project

ROWS = 5
LOOKED_AT = 20_000  # items that a preview judges
MAX_PROBLEMS = 100
PIECE_ROWS = 200  # of the piece that the create page sends
MAX_TEXT = 2_000  # characters of a value that are shown


def preview_of_uploads(
    actor: Actor, project: Project, files: Sequence[ImportFile], reading: Reading, *, elsewhere: bool = False
) -> dict[str, Any]:
    """What an import of stored files would make, judged by the project's labeling set-up. Nothing is kept.

    `format` is an annotation format's name, or the file's extension; `title` what people call it; `rows` how many tasks there are (None when
    only the first `LOOKED_AT` were looked at); `refused` how many of them have mistakes, `problems` the first of these; `preview` data of the
    first tasks; `tasks` the first tasks whole; `placeholders` who of another server is no member here; `classes` the file's classes, `{name, count, label}` where `label` is that of the set-up, "" when it
    has none of that name; `labels` and `controls` what can be chosen; `notes` what comes in another
    shape than the files have; `formats` the annotation formats there are; `proposal` a labeling set-up for
    an annotation format when the project has none.
    """
    intake = Intake(actor, project, elsewhere=elsewhere)
    answer: dict[str, Any] = {
        "format": "", "title": "", "kind": "", "rows": None, "refused": 0, "annotations": 0, "predictions": 0,
        "placeholders": [], "columns": [], "preview": [], "tasks": [], "problems": [], "notes": [], "classes": [], "labels": [], "controls": [], "proposal": "",
        "formats": [{"name": reader.name, "title": reader.title} for reader in DATASETS],
    }  # fmt: skip
    found = Found()
    shown: list[dict[str, Any]] = []
    seen = 0
    try:
        for part, of in parts_of(files, intake.config, reading):
            if not answer["format"]:
                _describe(answer, part, of[0].source)
            elif answer["format"] != part.extension:
                answer["title"] = ""  # of several kinds
            for entry in part.entries():
                seen += 1
                if seen > LOOKED_AT:
                    break
                _look(intake, entry, found, answer)
                if len(shown) < ROWS and isinstance(entry.item, dict):
                    shown.append(_shown(entry.item, intake.key_for(entry.kind)))
            if seen > LOOKED_AT:
                break
    except Refused as refused:
        answer["problems"] = [*found.messages, *_sentences(refused)]
    else:
        answer["rows"] = None if seen > LOOKED_AT else seen
        answer["problems"] = list(found.messages)
        if found.mistakes > len(found.messages):
            answer["problems"].append(f"… and {found.mistakes - len(found.messages):,} more items with mistakes.")
    answer["refused"] = found.mistakes
    answer["placeholders"] = [person.key for person in intake.people.wanted.values()][:MAX_PROBLEMS]
    answer["tasks"] = shown
    answer["preview"] = [task["data"] for task in shown]
    answer["columns"] = list(dict.fromkeys(key for data in answer["preview"] for key in data))
    return answer


def _look(intake: Intake, entry: Entry, found: Found, answer: dict[str, Any]) -> None:
    found.count += 1
    try:
        task = intake.read(entry.item, kind=entry.kind)
    except ItemRefused as refused:
        found.mistakes += 1
        found.messages += sentences_of(found.count, entry, refused)[: MAX_PROBLEMS - len(found.messages)]
    else:
        answer["annotations"] += len(task.annotations)
        answer["predictions"] += len(task.predictions)


def _describe(answer: dict[str, Any], part: Part, source: Source) -> None:
    """What kind of thing is read, and what can be chosen about it."""
    answer["format"], answer["title"], answer["kind"] = part.extension, part.extension.upper(), source.file_type.kind
    dataset = part.dataset
    if dataset is None:
        return
    answer["format"], answer["title"], answer["kind"] = dataset.name, dataset.title, "dataset"
    controls = [control for control in dataset.config.controls.values() if control.labels]
    answer["controls"] = [{"name": control.name, "tag": control.tag, "labels": control.labels} for control in controls]
    labels = list(dict.fromkeys(label for control in controls for label in control.labels))
    answer["labels"] = labels
    if controls:
        answer["notes"] = dataset.notes()
    else:
        answer["proposal"] = dataset.proposal()
    by_lower = {label.lower(): label for label in reversed(labels)}
    answer["classes"] = [
        {"name": name, "count": count, "label": name if name in labels else by_lower.get(name.lower(), "")}
        for name, count in dataset.classes().items()
    ]


def _shown(item: dict[str, Any], key: str) -> dict[str, Any]:
    """A task for the eye: its data cut to what fits, and how much work comes with it."""
    counts = {
        name: len(item[name]) for name in ("annotations", "predictions", "drafts") if isinstance(item.get(name), list) and "data" in item
    }
    return {"data": _data(item, key), "regions": _regions(item), **counts}


def _regions(item: dict[str, Any]) -> int:
    """The rows of the task's annotations and predictions."""
    entries = [
        entry for name in ("annotations", "predictions") for entry in item.get(name) or () if "data" in item and isinstance(entry, dict)
    ]
    return sum(len(entry["result"]) for entry in entries if isinstance(entry.get("result"), list))


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
