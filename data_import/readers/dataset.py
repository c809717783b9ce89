"""Annotation formats: readers that look at all files of a bundle and yield tasks with annotations (COCO, YOLO, Pascal VOC, CoNLL …)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from core.errors import Refused
from data_import.readers.bundle import Bundle

if TYPE_CHECKING:
    from labeling import Config, Control


@dataclass(frozen=True)
class Mistake:
    """Stands in place of a task that could not be read: one sentence for the report. Reading goes on."""

    why: str


class Row(NamedTuple):
    """A task as Label Studio's JSON has it (`{"data": …, "annotations": […]}`), and where it was read: the file in the bundle and its line from 1."""

    task: dict[str, Any] | Mistake
    file: str = ""
    line: int | None = None


@dataclass(frozen=True)
class Choices:
    """What the person who imports has chosen.

    classes: class of the file → label of the config; "" leaves its objects out. A class that is not named keeps its name.
    control: the `name` of the control that gets the answers; "" is the first that fits.
    as_predictions: answers become predictions of `model_version` instead of annotations.
    """

    classes: Mapping[str, str] = field(default_factory=dict)
    control: str = ""
    as_predictions: bool = False
    model_version: str = ""


@dataclass(frozen=True)
class Target:
    """Where answers go in a config: what result rows say as `from_name`, `to_name` and `type`, the `key` of their value that holds the labels
    (`rectanglelabels`), and the `data_key` of the task that the object shows."""

    control: Control
    from_name: str
    to_name: str
    type: str
    key: str
    data_key: str


class DatasetReader(ABC):
    """One annotation format over one bundle. Made once to preview and once or more to import; nothing is kept between."""

    name: ClassVar[str]  # `coco`, as clients name it
    title: ClassVar[str]  # `COCO`, as people read it

    def __init__(self, bundle: Bundle, config: Config, choices: Choices | None = None) -> None:
        self.bundle, self.config, self.choices = bundle, config, choices or Choices()

    @classmethod
    @abstractmethod
    def recognizes(cls, bundle: Bundle) -> bool:
        """Whether the bundle holds this format, by its files' names and first bytes. Must not read whole large files, and never raises."""

    @abstractmethod
    def classes(self) -> dict[str, int]:
        """The classes in the order of the format's own list, each with how many objects have it."""

    @abstractmethod
    def rows(self) -> Iterator[Row]:
        """The tasks in a fixed order, one by one. Raises `Refused` (400) where nothing further can be read."""

    @abstractmethod
    def proposal(self) -> str:
        """A labeling set-up that can hold everything the files say, for a project that has none."""

    def notes(self) -> list[str]:
        """What the labeling set-up cannot hold as the files have it, a sentence each: people read them before they import."""
        return []

    def label(self, name: str) -> str | None:
        """The label that stands for a class of the file, None when its objects are left out."""
        return self.choices.classes.get(name, name) or None

    def target(self, *tags: str) -> Target:
        """The control that the person chose, else the first of the config with one of these tags, the tags' order first.

        Raises `Refused` (400) when there is none.
        """
        controls = [control for tag in tags for control in self.config.controls.values() if control.tag == tag]
        if self.choices.control:
            controls = [control for control in controls if control.name == self.choices.control]
        for control in controls:
            shown = self.config.objects.get(control.to_name[0]) if control.to_name else None
            if shown is not None and shown.value_key:
                return Target(control, control.name, control.to_name[0], control.type, control.value_key, shown.value_key)
        names = " or ".join(f"<{tag}>" for tag in tags)
        raise Refused(
            "Validation error",
            400,
            fields={"non_field_errors": [f"{self.title}: the labeling set-up needs a {names} tag for these answers."]},
        )

    def task(self, data: dict[str, Any], result: Sequence[dict[str, Any]] | None, **more: Any) -> dict[str, Any]:
        """A task whose `result` is an annotation or, by the person's choice, a prediction; None when nobody has looked at it yet."""
        if result is None:
            return {"data": data, **more}
        if self.choices.as_predictions:
            return {
                "data": data,
                "predictions": [{"result": list(result), "model_version": self.choices.model_version or self.name}],
                **more,
            }
        return {"data": data, "annotations": [{"result": list(result), "ground_truth": False}], **more}
