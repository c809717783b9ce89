"""YOLO: a text file of labels per image. Boxes (class, centre, size), polygons, and boxes that are turned (class and four corners)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import yaml

from data_import.readers.bundle import Bundle, refused
from data_import.readers.dataset import DatasetReader, Mistake, Row
from data_import.readers.shapes import Size, box, polygon, region, size_of_picture, target_or_none, turned_box

LINE = re.compile(r"\d{1,6}(?:\s+-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?){4,}\s*")
CLASS_LISTS = ("classes.txt", "obj.names", "data.yaml", "data.yml", "dataset.yaml")
NOT_LABELS = frozenset({"classes.txt", "missing.txt", "train.txt", "val.txt", "test.txt", "readme.txt", "requirements.txt"})
CORNERS = 9  # numbers of a line with a class and four corners


class YOLO(DatasetReader):
    name = "yolo"
    title = "YOLO"

    @classmethod
    def recognizes(cls, bundle: Bundle) -> bool:
        files = _labels(bundle)
        named = any(_last(name) in CLASS_LISTS for name in bundle.names) or any("labels/" in name for name in files)
        looked = 0
        for name in files:
            lines = bundle.head(name, 2_048).decode("utf-8", "replace").splitlines()
            if lines:
                looked += 1
                if not LINE.fullmatch(lines[0]):
                    return False
            if looked == 5:
                break
        return named and bool(files) and (looked > 0 or bool(bundle.media))

    def classes(self) -> dict[str, int]:
        counted: Counter[str] = Counter()
        for name in _labels(self.bundle):
            for numbers in self._lines(name):
                if not isinstance(numbers, Mistake):
                    counted[self._class(int(numbers[0]))] += 1
        return {name: counted[name] for name in dict.fromkeys([*self._names, *counted])}

    def rows(self) -> Iterator[Row]:
        shown: set[str] = set()
        for name in _labels(self.bundle):
            image = self._image(name)
            if image is None:
                yield Row(Mistake("there is no image of this name. Send the images together with the label files"), name)
                continue
            shown.add(image)
            yield Row(self._task(name, image), name)
        for image in self.bundle.media:
            if image not in shown:
                yield Row(self.task({self._data_key: self.bundle.address(image)}, None), image)

    def _task(self, name: str, image: str) -> dict[str, Any] | Mistake:
        size = size_of_picture(self.bundle, image)
        result: list[dict[str, Any]] = []
        for numbers in self._lines(name):
            if isinstance(numbers, Mistake):
                return numbers
            if (label := self.label(self._class(int(numbers[0])))) and (row := self._region(numbers[1:], label, len(result), size)):
                result.append(row)
        return self.task({self._data_key: self.bundle.address(image)}, result)

    def _region(self, numbers: list[float], label: str, place: int, size: Size | None) -> dict[str, Any] | None:
        boxes, polygons = self._targets["RectangleLabels"], self._targets["PolygonLabels"]
        points = list(zip(numbers[::2], numbers[1::2], strict=False))
        if len(numbers) == 4 or len(numbers) % 2:  # an odd number: a box with a confidence, or with the key points of a pose
            x, y, width, height = numbers[:4]
            left, top = x - width / 2, y - height / 2
            if boxes:
                return region(boxes, place, label, box(left, top, width, height), size)
            around = [(left, top), (left + width, top), (left + width, top + height), (left, top + height)]
            return region(polygons, place, label, polygon(around), size) if polygons else None
        if len(points) == 4 and boxes and size and (self._oriented or not polygons):
            return region(boxes, place, label, turned_box(points, size), size)
        if polygons:
            return region(polygons, place, label, polygon(points), size)
        across, down = [x for x, _ in points], [y for _, y in points]
        left, top = min(across), min(down)
        return region(boxes, place, label, box(left, top, max(across) - left, max(down) - top), size) if boxes else None

    @cached_property
    def _oriented(self) -> bool:
        """Whether every line has four corners: then they are boxes that may be turned, not polygons."""
        lengths = {len(numbers) for name in _labels(self.bundle)[:200] for numbers in self._lines(name) if not isinstance(numbers, Mistake)}
        return lengths == {CORNERS}

    def _lines(self, name: str) -> Iterator[list[float] | Mistake]:
        for number, line in enumerate(self.bundle.read(name).decode("utf-8", "replace").splitlines(), 1):
            if not line.strip():
                continue
            if not LINE.fullmatch(line.strip()):
                yield Mistake(f"line {number} is not a class and at least four numbers")
                return
            yield [float(part) for part in line.split()]

    @cached_property
    def _targets(self) -> dict[str, Any]:
        found = {tag: target_or_none(self, tag) for tag in ("RectangleLabels", "PolygonLabels")}
        if not any(found.values()):
            self.target("RectangleLabels", "PolygonLabels")
        return found

    @cached_property
    def _data_key(self) -> str:
        return str(next(target.data_key for target in self._targets.values() if target))

    def _class(self, number: int) -> str:
        return self._names[number] if number < len(self._names) else f"class {number}"

    @cached_property
    def _names(self) -> list[str]:
        for wanted in CLASS_LISTS:
            for name in self.bundle.names:
                if _last(name) == wanted:
                    text = self.bundle.read(name).decode("utf-8-sig", "replace")
                    return (
                        _of_yaml(name, text)
                        if wanted.endswith(("yaml", "yml"))
                        else [line.strip() for line in text.splitlines() if line.strip()]
                    )
        return []

    def _image(self, labels: str) -> str | None:
        stem = labels.rpartition(".")[0]
        same = stem.replace("labels/", "images/", 1) if "labels/" in stem else stem
        return self._by_stem.get(same) or self._by_stem.get(same.rpartition("/")[2])

    @cached_property
    def _by_stem(self) -> dict[str, str]:
        whole = {name.rpartition(".")[0]: name for name in self.bundle.media}
        return {**{stem.rpartition("/")[2]: name for stem, name in whole.items()}, **whole}


def _of_yaml(name: str, text: str) -> list[str]:
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError:
        raise refused(name, "this is not YAML that can be read") from None
    names = found.get("names") if isinstance(found, dict) else None
    if isinstance(names, dict):
        numbers = [number for number in names if isinstance(number, int) and 0 <= number < 100_000]
        return [str(names.get(number, f"class {number}")) for number in range(max(numbers, default=-1) + 1)]
    return [str(part) for part in names] if isinstance(names, list) else []


def _labels(bundle: Bundle) -> list[str]:
    return [name for name in bundle.with_extension("txt") if _last(name) not in NOT_LABELS]


def _last(name: str) -> str:
    return name.rpartition("/")[2].lower()
