"""What most formats are made of: one item per answer, with the rows of its result that belong to a control of the config (§2.11 of the API)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from core.rawjson import read_json
from data_export.numbers import number
from data_export.queries import Tasks

if TYPE_CHECKING:
    from labeling import Config, Control, ObjectTag


@dataclass(frozen=True, slots=True)
class Region:
    """A row of a result. `value` and `row` are as stored, so nothing in them may be trusted to have a type; `number` and `labels_in` check."""

    control: Control
    name: str  # what the row calls its control: differs from the control's own name for copies made by a Repeater
    value: dict[str, Any]
    row: dict[str, Any]

    @property
    def size(self) -> tuple[float, float] | None:
        """Width and height of the picture in pixels, None where the row does not say."""
        width, height = number(self.row.get("original_width")), number(self.row.get("original_height"))
        return (width, height) if width and height and width > 0 and height > 0 else None

    def labels(self, *keys: str) -> list[str]:
        """The labels under the first of these keys that holds any."""
        return next((found for key in keys if (found := texts_in(self.value.get(key)))), [])


@dataclass(frozen=True, slots=True)
class Item:
    """An answer to a task, or a task without any (`annotation` None). Regions are grouped by control, in the order of the result."""

    task: int
    data: dict[str, Any]
    regions: list[Region] = field(default_factory=list)
    annotation: int | None = None
    annotator: str = ""  # the person's id

    @property
    def size(self) -> tuple[float, float] | None:
        """The picture's width and height in pixels as its regions tell it."""
        return next((size for region in self.regions if (size := region.size)), None)


@dataclass(frozen=True, slots=True)
class ExportedTask:
    """A task with the rows of its annotations that are not skipped."""

    id: int
    data: dict[str, Any]
    annotations: list[tuple[Any, ...]]

    def items(self, config: Config) -> Iterator[Item]:
        """An item per annotation, newest first; results are only parsed when their turn comes."""
        if not self.annotations:
            yield Item(self.id, self.data)
        for row in self.annotations:
            yield Item(self.id, self.data, regions_of(config, row[3]), row[1], "" if row[2] is None else str(row[2]))


def exported_tasks(selection: Tasks, *, reference_first: bool = False) -> Iterator[list[ExportedTask]]:
    """The selected tasks in lists of a bounded length, without those that were only skipped. `reference_first`: ground truth before the rest."""
    for chunk in selection.chunks():
        tasks = []
        for row in chunk.tasks:
            stored = chunk.annotations.get(row[0], [])
            annotations = sorted((item for item in stored if not item[4]), key=lambda item: item[6], reverse=True)
            if reference_first:
                annotations.sort(key=lambda item: not item[5])
            if annotations or not stored:
                tasks.append(ExportedTask(row[0], read_json(row[1]), annotations))
        yield tasks


def regions_of(config: Config, result: str | None) -> list[Region]:
    """The rows of a result's JSON text that a control of the config has made."""
    by_name: dict[str, list[Region]] = {}
    for row in read_json(result) if result else ():
        if not isinstance(row, dict):
            continue
        name, value = row.get("from_name"), row.get("value")
        if isinstance(name, str) and isinstance(value, dict) and (control := config.find_control(name)):
            by_name.setdefault(name, []).append(Region(control, name, value, row))
    return [region for regions in by_name.values() for region in regions]


def source_of(config: Config, *tags: str) -> ObjectTag | None:
    """The object of one of these tags that the controls are about."""
    asked = [name for control in config.controls.values() for name in control.to_name]
    found = [config.objects[name] for name in asked if name in config.objects]
    return next((target for target in (*found, *config.objects.values()) if target.tag in tags), None)


def content_of(source: ObjectTag | None, data: dict[str, Any]) -> str:
    """What the object shows of a task: an address or a text; "" when the task has none."""
    from labeling import interpolate

    value = interpolate(source.value, data) if source is not None else ""
    return value if isinstance(value, str) else "" if value is None or isinstance(value, list | dict) else str(value)


def texts_in(value: Any) -> list[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []
