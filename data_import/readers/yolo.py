"""YOLO: a text file of labels per image. Boxes (class, centre, size), polygons, boxes that are turned (class and four corners), and poses (a box
and the key points in it)."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import yaml

from core.rawjson import JSONRefused, read_json
from data_import.readers.bundle import Bundle, refused
from data_import.readers.dataset import DatasetReader, Mistake, Row
from data_import.readers.proposal import picture_config
from data_import.readers.shapes import Point, Size, box, polygon, region, size_of_picture, target_or_none, turned_box

LINE = re.compile(r"\d{1,6}(?:\s+-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?){4,}\s*")
CLASS_LISTS = ("classes.txt", "obj.names", "data.yaml", "data.yml", "dataset.yaml")
NOT_LABELS = frozenset({"classes.txt", "missing.txt", "train.txt", "val.txt", "test.txt", "readme.txt", "requirements.txt"})
CORNERS = 9  # numbers of a line with a class and four corners
OFF = 0.02  # of its diagonal by which a corner may miss that of a rectangle, and 1.5 pixels in small ones


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
            if not (label := self.label(self._class(int(numbers[0])))):
                continue
            points = self._points(numbers[5:])
            row = self._region(numbers[1:5] if points is not None else numbers[1:], label, len(result), size)
            if row:
                result.append(row)
            target = self._targets["KeyPointLabels"]
            for name, x, y in (points or ()) if target else ():
                if named := self.label(name):
                    parent = {"parentID": row["id"]} if row else {}
                    value = {"x": x * 100, "y": y * 100, "width": 0.5}
                    result.append(region(target, len(result), named, value, size, **parent))
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
        if len(points) == 4 and boxes and size and self._turned and (not polygons or _rectangle(points, size)):
            return region(boxes, place, label, turned_box(points, size), size)
        if polygons:
            return region(polygons, place, label, polygon(points), size)
        across, down = [x for x, _ in points], [y for _, y in points]
        left, top = min(across), min(down)
        return region(boxes, place, label, box(left, top, max(across) - left, max(down) - top), size) if boxes else None

    def _points(self, numbers: list[float]) -> list[tuple[str, float, float]] | None:
        """The key points of a pose that can be seen; None when the set has no poses or the line is none."""
        names, parts = self._pose
        if not names or len(numbers) != len(names) * parts:
            return None
        found = zip(names, numbers[::parts], numbers[1::parts], numbers[2::parts] if parts == 3 else [1.0] * len(names), strict=True)
        return [(name, x, y) for name, x, y, seen in found if seen and (x or y)]

    @cached_property
    def _pose(self) -> tuple[list[str], int]:
        """(names of a pose's key points, numbers of each): from `notes.json` as we and Label Studio write it, or `kpt_shape` of the data's YAML
        with the key points of the labeling set-up. No names: the set has no poses."""
        for name in self.bundle.with_extension("json"):
            if _last(name) == "notes.json" and (points := _key_points(self.bundle.read(name))):
                return points, 3
        for name in self.bundle.with_extension("yaml", "yml"):
            found = _yaml(name, self.bundle.read(name).decode("utf-8-sig", "replace")) if _last(name) in CLASS_LISTS else None
            shape = found.get("kpt_shape") if isinstance(found, dict) else None
            if isinstance(shape, list) and len(shape) == 2 and shape[1] in (2, 3) and isinstance(shape[0], int) and 0 < shape[0] < 1000:
                target = self._targets["KeyPointLabels"]
                known = target.control.labels if target else []
                return [*known, *(f"point {number}" for number in range(len(known), shape[0]))][: shape[0]], shape[1]
        return [], 3

    @cached_property
    def _turned(self) -> bool:
        """Whether four corners are a box that may be turned, not a polygon: by what the set says of itself (`task` in `notes.json` as we write it,
        or in the data's YAML), else when every line has four corners."""
        return self._task_of_set == "obb" if self._task_of_set else self._lengths == {CORNERS}

    @cached_property
    def _task_of_set(self) -> str:
        """What the set is for, as training tools name it (`detect`, `segment`, `obb`, `pose`); "" when it does not say."""
        for name in self.bundle.with_extension("json"):
            if _last(name) == "notes.json" and isinstance(info := _notes(self.bundle.read(name)).get("info"), dict):
                return str(info.get("task") or "")
        for name in self.bundle.with_extension("yaml", "yml"):
            found = _yaml(name, self.bundle.read(name).decode("utf-8-sig", "replace")) if _last(name) in CLASS_LISTS else None
            if isinstance(found, dict) and isinstance(found.get("task"), str):
                return str(found["task"])
        return ""

    @cached_property
    def _lengths(self) -> set[int]:
        """How many numbers the lines of the first files have."""
        return {len(numbers) for name in _labels(self.bundle)[:200] for numbers in self._lines(name) if not isinstance(numbers, Mistake)}

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
        found = {tag: target_or_none(self, tag) for tag in ("RectangleLabels", "PolygonLabels", "KeyPointLabels")}
        if not any(found.values()):
            self.target("RectangleLabels", "PolygonLabels")
        return found

    def proposal(self) -> str:
        lengths = self._lengths
        boxed = not lengths or 5 in lengths or (self._turned and CORNERS in lengths)
        outlines = lengths - {CORNERS} if self._turned else lengths
        tags = {"RectangleLabels": boxed, "PolygonLabels": any(length > 5 for length in outlines if length % 2)}
        classes = list(self.classes())
        return picture_config({tag: classes for tag, wanted in tags.items() if wanted} or {"RectangleLabels": classes})

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


def _yaml(name: str, text: str) -> Any:
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        raise refused(name, "this is not YAML that can be read") from None


def _rectangle(points: list[Point], size: Size) -> bool:
    """Whether four corners are those of a rectangle, turned or not, on a picture of this size in pixels."""
    a, b, c, d = ((x * size[0], y * size[1]) for x, y in points)
    diagonal = math.dist(a, c)
    most = max(OFF * diagonal, 1.5)
    crossing = math.dist(((a[0] + c[0]) / 2, (a[1] + c[1]) / 2), ((b[0] + d[0]) / 2, (b[1] + d[1]) / 2))
    return crossing <= most and abs(diagonal - math.dist(b, d)) <= most


def _notes(content: bytes) -> dict[str, Any]:
    try:
        found = read_json(content)
    except JSONRefused:
        return {}
    return found if isinstance(found, dict) else {}


def _key_points(notes: bytes) -> list[str]:
    rows = _notes(notes).get("categories")
    first = rows[0] if isinstance(rows, list) and rows and isinstance(rows[0], dict) else {}
    points = first.get("keypoints")
    return [str(point) for point in points] if isinstance(points, list) else []


def _of_yaml(name: str, text: str) -> list[str]:
    found = _yaml(name, text)
    names = found.get("names") if isinstance(found, dict) else None
    if isinstance(names, dict):
        numbers = [number for number in names if isinstance(number, int) and 0 <= number < 100_000]
        return [str(names.get(number, f"class {number}")) for number in range(max(numbers, default=-1) + 1)]
    return [str(part) for part in names] if isinstance(names, list) else []


def _labels(bundle: Bundle) -> list[str]:
    return [name for name in bundle.with_extension("txt") if _last(name) not in NOT_LABELS]


def _last(name: str) -> str:
    return name.rpartition("/")[2].lower()
