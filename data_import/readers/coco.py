"""COCO: one JSON file with images, categories and annotations in pixels; boxes, polygons and key points."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from core.rawjson import JSONRefused, read_json
from data_import.readers.bundle import Bundle, refused
from data_import.readers.dataset import DatasetReader, Mistake, Row
from data_import.readers.shapes import Size, box, polygon, region, size_of_picture, target_or_none

LARGEST = 512 << 20  # bytes


class COCO(DatasetReader):
    name = "coco"
    title = "COCO"

    @classmethod
    def recognizes(cls, bundle: Bundle) -> bool:
        return _file(bundle) is not None

    def classes(self) -> dict[str, int]:
        counted = Counter(self._category(item) for item in self._annotations)
        names = [str(row.get("name")) for row in _objects(self._document.get("categories"))]
        return {name: counted[name] for name in names}

    def rows(self) -> Iterator[Row]:
        by_image: dict[Any, list[dict[str, Any]]] = defaultdict(list)
        for item in self._annotations:
            by_image[item.get("image_id")].append(item)
        for image in _objects(self._document.get("images")):
            yield Row(self._task(image, by_image.get(image.get("id"), [])), self._name)

    def _task(self, image: dict[str, Any], items: list[dict[str, Any]]) -> dict[str, Any] | Mistake:
        said = image.get("file_name") or image.get("coco_url")
        if not isinstance(said, str):
            return Mistake(f"the image {image.get('id')!r} has no file_name")
        medium = self.bundle.find_media(said)
        address = self.bundle.address(medium) if medium else image.get("coco_url") or image.get("flickr_url") or said
        data = {self._data_key: address}
        width, height = _number(image.get("width")), _number(image.get("height"))
        size = (width, height) if width and height else size_of_picture(self.bundle, medium) if medium else None
        if not items:
            return self.task(data, None)
        if size is None:
            return Mistake(f"{said}: its width and height are not known, so its annotations cannot be placed")
        result: list[dict[str, Any]] = []
        for item in items:
            self._add(result, item, size)
        return self.task(data, result)

    def _add(self, result: list[dict[str, Any]], item: dict[str, Any], size: Size) -> None:
        label = self.label(self._category(item))
        shapes = self._polygons(item, size)
        corners = item.get("bbox")
        owner: dict[str, Any] | None = None
        points = self._points(item, size)
        if shapes and (target := self._targets["PolygonLabels"]) and label:
            result += [region(target, len(result) + number, label, shape, size) for number, shape in enumerate(shapes)]
        elif isinstance(corners, list) and len(corners) == 4 and all(_number(part) is not None for part in corners) and label:
            x, y, width, height = corners
            if (target := self._targets["RectangleLabels"]) and not (points and self._category(item) == "default"):
                owner = region(target, len(result), label, box(x / size[0], y / size[1], width / size[0], height / size[1]), size)
                result.append(owner)
            elif (target := self._targets["PolygonLabels"]) and not points:
                around = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
                result.append(region(target, len(result), label, polygon([(a / size[0], b / size[1]) for a, b in around]), size))
        if target := self._targets["KeyPointLabels"]:
            parent = {"parentID": owner["id"]} if owner is not None else {}
            for name, x, y in points:
                if named := self.label(name):
                    result.append(region(target, len(result), named, {"x": x * 100, "y": y * 100, "width": 0.5}, size, **parent))

    def _polygons(self, item: dict[str, Any], size: Size) -> list[dict[str, Any]]:
        parts = item.get("segmentation")
        found = []
        for flat in parts if isinstance(parts, list) else []:
            if isinstance(flat, list) and len(flat) >= 6 and len(flat) % 2 == 0 and all(_number(part) is not None for part in flat):
                found.append(polygon([(x / size[0], y / size[1]) for x, y in zip(flat[::2], flat[1::2], strict=True)]))
        return found

    def _points(self, item: dict[str, Any], size: Size) -> list[tuple[str, float, float]]:
        flat = item.get("keypoints")
        names = self._categories.get(item.get("category_id"), {}).get("keypoints")
        if not isinstance(flat, list) or not isinstance(names, list) or not all(_number(part) is not None for part in flat):
            return []
        triples = zip(names, flat[::3], flat[1::3], flat[2::3], strict=False)
        return [(str(name), x / size[0], y / size[1]) for name, x, y, seen in triples if seen]

    @cached_property
    def _targets(self) -> dict[str, Any]:
        return {tag: target_or_none(self, tag) for tag in ("RectangleLabels", "PolygonLabels", "KeyPointLabels")}

    @cached_property
    def _data_key(self) -> str:
        return next((target.data_key for target in self._targets.values() if target), None) or self.target(*self._targets).data_key

    def _category(self, item: dict[str, Any]) -> str:
        found = self._categories.get(item.get("category_id"))
        return str(found.get("name")) if found else f"category {item.get('category_id')}"

    @cached_property
    def _categories(self) -> dict[Any, dict[str, Any]]:
        return {row.get("id"): row for row in _objects(self._document.get("categories"))}

    @cached_property
    def _annotations(self) -> list[dict[str, Any]]:
        return _objects(self._document.get("annotations"))

    @cached_property
    def _name(self) -> str:
        return _file(self.bundle) or self.bundle.title

    @cached_property
    def _document(self) -> dict[str, Any]:
        try:
            found = read_json(self.bundle.read(self._name, at_most=LARGEST))
        except JSONRefused as error:
            raise refused(self._name, str(error)) from None
        if not isinstance(found, dict):
            raise refused(self._name, "this is not a COCO file: it is not an object with images and annotations")
        return found


def _file(bundle: Bundle) -> str | None:
    """The JSON file of the bundle that looks like COCO."""
    for name in bundle.with_extension("json"):
        head = bundle.head(name).lstrip(b"\xef\xbb\xbf \t\r\n")
        if head.startswith(b"{") and b'"file_name"' in head and b'"images"' in head:
            return name
        if head.startswith(b"{") and b'"bbox"' in head and b'"image_id"' in head and b'"annotations"' in head:
            return name
    return None


def _objects(value: Any) -> list[dict[str, Any]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _number(value: Any) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e12 else None
