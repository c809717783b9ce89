"""Pascal VOC: an XML file per image with its rectangles in whole pixels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from data_import.readers.bundle import Bundle
from data_import.readers.dataset import DatasetReader, Mistake, Row, Target
from data_import.readers.proposal import picture_config
from data_import.readers.shapes import box, region, size_of_picture

LARGEST = 16 << 20  # bytes of an image's XML


class VOC(DatasetReader):
    name = "voc"
    title = "Pascal VOC"

    @classmethod
    def recognizes(cls, bundle: Bundle) -> bool:
        files = bundle.with_extension("xml")[:5]
        return bool(files) and all(b"<annotation" in (head := bundle.head(name, 4_096)) and b"<size" in head for name in files)

    def classes(self) -> dict[str, int]:
        counted: Counter[str] = Counter()
        for name in self.bundle.with_extension("xml"):
            if not isinstance(root := self._root(name), Mistake):
                counted.update(_text(item, "name") for item in root.iter("object"))
        return dict(counted)

    def proposal(self) -> str:
        return picture_config({"RectangleLabels": self.classes()})

    def rows(self) -> Iterator[Row]:
        for name in self.bundle.with_extension("xml"):
            root = self._root(name)
            yield Row(root if isinstance(root, Mistake) else self._task(root, name), name)

    def _task(self, root: Element, name: str) -> dict[str, Any] | Mistake:
        said = _text(root, "filename") or name.rpartition("/")[2]
        medium = self.bundle.find_media(said)
        data = {self._target.data_key: self.bundle.address(medium) if medium else said}
        objects = list(root.iter("object"))
        width, height = _number(root.find("size/width")), _number(root.find("size/height"))
        size = (width, height) if width and height else size_of_picture(self.bundle, medium) if medium else None
        if not objects:
            return self.task(data, [])
        if size is None:
            return Mistake(f"the size of {said} is not known, so its rectangles cannot be placed")
        result: list[dict[str, Any]] = []
        for item in objects:
            corners = [_number(item.find(f"bndbox/{side}")) for side in ("xmin", "ymin", "xmax", "ymax")]
            if any(side is None for side in corners):
                return Mistake("an object has no bndbox with xmin, ymin, xmax and ymax")
            left, top, right, bottom = (side or 0.0 for side in corners)
            if label := self.label(_text(item, "name")):
                value = box(left / size[0], top / size[1], (right - left) / size[0], (bottom - top) / size[1])
                result.append(region(self._target, len(result), label, value, size))
        return self.task(data, result)

    def _root(self, name: str) -> Element | Mistake:
        try:
            root: Element = fromstring(self.bundle.read(name, at_most=LARGEST))
        except (ParseError, DefusedXmlException, ValueError, LookupError):
            return Mistake("this is not XML that can be read")
        return root if root.tag == "annotation" else Mistake("this is not a Pascal VOC file: its outer element is not <annotation>")

    @cached_property
    def _target(self) -> Target:
        return self.target("RectangleLabels")


def _text(element: Element, name: str) -> str:
    return (element.findtext(name) or "").strip()


def _number(element: Element | None) -> float | None:
    try:
        value = float((element.text or "") if element is not None else "")
    except ValueError:
        return None
    return value if abs(value) < 1e12 else None
