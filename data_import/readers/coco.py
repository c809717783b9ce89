"""COCO: one JSON file with images, categories and annotations in pixels; boxes, polygons, masks and key points."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from core.contours import outlines
from data_import.readers.brush_rle import encode_alpha
from data_import.readers.bundle import Bundle
from data_import.readers.coco_document import COCODocument
from data_import.readers.coco_rle import painted
from data_import.readers.dataset import DatasetReader, Mistake, Row
from data_import.readers.proposal import picture_config
from data_import.readers.shapes import Size, box, filled, polygon, region, size_of_picture, target_or_none

TAGS = ("RectangleLabels", "PolygonLabels", "BrushLabels", "KeyPointLabels")


class COCO(DatasetReader):
    name = "coco"
    title = "COCO"

    @classmethod
    def recognizes(cls, bundle: Bundle) -> bool:
        return _file(bundle) is not None

    def classes(self) -> dict[str, int]:
        counts = self._document.counts
        known = {key: str(row.get("name")) for key, row in self._document.categories.items()}
        found = {name: counts.get(key, 0) for key, name in known.items()}
        return {**found, **{f"category {key}": count for key, count in counts.items() if key not in known}}

    def rows(self) -> Iterator[Row]:
        for image, items in self._document.images():
            yield Row(self._task(image, items), self._document.name)

    def proposal(self) -> str:
        kinds, classes = self._document.kinds, list(self.classes())
        points = [str(name) for row in self._document.categories.values() for name in (row.get("keypoints") or ()) if kinds["keypoints"]]
        labels = {
            "RectangleLabels": classes if kinds["bbox"] or points else [],
            "PolygonLabels": classes if kinds["polygon"] else [],
            "BrushLabels": classes if kinds["mask"] else [],
            "KeyPointLabels": points,
        }
        return picture_config({tag: given for tag, given in labels.items() if given} or {"RectangleLabels": classes})

    def notes(self) -> list[str]:
        kinds, targets = self._document.kinds, self._targets
        said = []
        if kinds["mask"] and not targets["BrushLabels"] and targets["PolygonLabels"]:
            said.append(_("The labeling set-up has no <BrushLabels>: masks become polygons along their outlines, holes are filled."))
        elif kinds["mask"] and not targets["BrushLabels"] and targets["RectangleLabels"]:
            said.append(_("The labeling set-up has no <BrushLabels> or <PolygonLabels>: of masks only the boxes around them are kept."))
        if kinds["polygon"] and not targets["PolygonLabels"] and targets["BrushLabels"]:
            said.append(_("The labeling set-up has no <PolygonLabels>: polygons are painted as masks."))
        elif kinds["polygon"] and not targets["PolygonLabels"] and targets["RectangleLabels"]:
            said.append(_("The labeling set-up has no <PolygonLabels>: of polygons only the boxes around them are kept."))
        return said

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
            before = len(result)
            self._add(result, item, size)
            if len(result) == before and self.label(self._category(item)) and (item.get("bbox") or item.get("segmentation")):
                return Mistake(
                    f"annotation {item.get('id')!r} of {said} has no shape that the labeling set-up can hold. Add a control that can"
                    " (<RectangleLabels>, <PolygonLabels> or <BrushLabels>), or leave its class out"
                )
        return self.task(data, result)

    def _add(self, result: list[dict[str, Any]], item: dict[str, Any], size: Size) -> None:
        label = self.label(self._category(item))
        shapes = self._polygons(item, size)
        corners = item.get("bbox")
        owner: dict[str, Any] | None = None
        points = self._points(item, size)
        mask = painted(item.get("segmentation")) if label and (self._targets["BrushLabels"] or self._targets["PolygonLabels"]) else None
        if mask and not self._targets["BrushLabels"]:
            shapes = _outlined(*mask)
        elif shapes and label and not self._targets["PolygonLabels"] and self._targets["BrushLabels"]:
            mask = filled([shape["points"] for shape in shapes], size)
        if mask and (target := self._targets["BrushLabels"]) and label:
            value = {"format": "rle", "rle": encode_alpha(mask[0])}
            result.append(region(target, len(result), label, value, (float(mask[1]), float(mask[2]))))
        elif shapes and (target := self._targets["PolygonLabels"]) and label:
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
        names = self._document.categories.get(item.get("category_id"), {}).get("keypoints")
        if not isinstance(flat, list) or not isinstance(names, list) or not all(_number(part) is not None for part in flat):
            return []
        triples = zip(names, flat[::3], flat[1::3], flat[2::3], strict=False)
        return [(str(name), x / size[0], y / size[1]) for name, x, y, seen in triples if seen]

    @cached_property
    def _targets(self) -> dict[str, Any]:
        return {tag: target_or_none(self, tag) for tag in TAGS}

    @cached_property
    def _data_key(self) -> str:
        return next((target.data_key for target in self._targets.values() if target), None) or self.target(*TAGS).data_key

    def _category(self, item: dict[str, Any]) -> str:
        found = self._document.categories.get(item.get("category_id"))
        return str(found.get("name")) if found else f"category {item.get('category_id')}"

    @cached_property
    def _document(self) -> COCODocument:
        return COCODocument(self.bundle, _file(self.bundle) or self.bundle.title)


def _outlined(mask: bytearray, width: int, height: int) -> list[dict[str, Any]]:
    """A polygon along each part of a mask, through the middle of its outermost pixels; parts as thin as a line have none."""
    return [
        polygon([((x + 0.5) / width, (y + 0.5) / height) for x, y in corners])
        for corners in outlines(mask, width, height)
        if len({x for x, _y in corners}) > 1 and len({y for _x, y in corners}) > 1 and len(corners) > 2
    ]


def _file(bundle: Bundle) -> str | None:
    """The JSON file of the bundle that looks like COCO."""
    for name in bundle.with_extension("json"):
        head = bundle.head(name).lstrip(b"\xef\xbb\xbf \t\r\n")
        if head.startswith(b"{") and b'"file_name"' in head and b'"images"' in head:
            return name
        if head.startswith(b"{") and b'"bbox"' in head and b'"image_id"' in head and b'"annotations"' in head:
            return name
    return None


def _number(value: Any) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e12 else None
