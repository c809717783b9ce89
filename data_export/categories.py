"""The number each label has in an export: the same in every export of a config, whatever was labelled so far."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from labeling import Config


class Categories:
    """Label → number. A label's `category` attribute decides; the others get the numbers that are free."""

    def __init__(self, numbers: dict[str, int], first: int = 0) -> None:
        self._numbers: dict[str, int] = {}
        self._names: dict[int, str] = {}
        self._first = first
        for label, number in numbers.items():
            self._set(label, number)

    @classmethod
    def of(cls, config: Config, first: int = 0, order: Callable[[Iterable[str]], list[str]] = sorted) -> Categories:
        """The labels of regions of a config; numbers that are free count from `first`, alphabetically or in another `order` of the labels as the config has them."""
        controls = [control for control in config.controls.values() if control.spec.label_tag == "Label"]
        numbers: dict[str, int] = {}
        for control in controls:
            for label, attributes in control.labels_attrs.items():
                if (said := category_of(attributes)) is not None:
                    numbers.setdefault(label, said)
        rest = order(dict.fromkeys(label for control in controls for label in control.labels if label not in numbers))
        taken = set(numbers.values())
        free = (number for number in count(first) if number not in taken)
        return cls({**numbers, **dict(zip(rest, free))}, first)

    @classmethod
    def in_order(cls, labels: list[str]) -> Categories:
        """These labels, numbered from 0 as they come."""
        return cls({label: number for number, label in enumerate(labels)})

    def number(self, label: str) -> int:
        """The label's number; one that the config does not know gets the next above all others."""
        if label not in self._numbers:
            self._set(label, self._next())
        return self._numbers[label]

    def add(self, name: str) -> int:
        """A category that is no label; returns its number, the next above all others."""
        number = self._next()
        self._names[number] = name
        return number

    def without_gaps(self) -> Categories:
        """The same order, numbered 0, 1, 2 … as formats need whose classes are the lines of a file."""
        places = {number: place for place, number in enumerate(sorted(self._names))}
        self._names = {places[number]: name for number, name in self._names.items()}
        self._numbers = {label: places[number] for label, number in self._numbers.items()}
        self._first = 0
        return self

    def leave_out(self, labels: set[str]) -> None:
        """Forget labels; the others keep their numbers."""
        for label in labels:
            if (number := self._numbers.pop(label, None)) is not None and self._names[number] == label:
                del self._names[number]

    def rows(self) -> list[tuple[int, str]]:
        """(number, name) in the order of the numbers."""
        return sorted(self._names.items())

    def _next(self) -> int:
        return max(self._names, default=self._first - 1) + 1

    def _set(self, label: str, number: int) -> None:
        self._numbers[label] = number
        self._names.setdefault(number, label)  # two labels may share a number on purpose: the first one names it


def category_of(attributes: dict[str, str]) -> int | None:
    """The number a label's tag asks for, None when it asks for none or for something that is not a number."""
    said = attributes.get("category", "").strip()
    return int(said) if said.removeprefix("-").isdecimal() and len(said) < 12 else None


def keypoint_order(config: Config) -> list[str]:
    """The labels of key points: by their `model_index`, then those without one in the order of the config. One index counts once."""
    first: dict[int, str] = {}
    rest: dict[str, None] = {}
    for control in config.controls.values():
        if control.tag == "KeyPointLabels":
            for label in control.labels:
                said = control.labels_attrs[label].get("model_index", "").strip()
                if said.isdecimal() and int(said) not in first:
                    first[int(said)] = label
                else:
                    rest[label] = None
    ordered = dict.fromkeys(first[index] for index in sorted(first))
    return list(ordered | rest)


def labels_of_tag(config: Config, tag: str) -> list[str]:
    """The labels of all controls of a tag, each once, in the order of the config."""
    return list(dict.fromkeys(label for control in config.controls.values() if control.tag == tag for label in control.labels))
