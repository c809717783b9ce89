"""Regions of images as result rows, from pixels or from parts of the picture's sides."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from core.errors import Refused
from data_import.readers.bundle import Bundle
from data_import.readers.coco_rle import MAX_PIXELS
from data_import.readers.dataset import DatasetReader, Target

Point = tuple[float, float]
Size = tuple[float, float]


def target_or_none(reader: DatasetReader, tag: str) -> Target | None:
    """The control of a tag that gets answers, None when the labeling set-up has none."""
    try:
        return reader.target(tag)
    except Refused:
        return None


def region(target: Target, number: int, label: str, value: dict[str, Any], size: Size | None, **more: Any) -> dict[str, Any]:
    """A row of a result. `number` tells it from the others of its task; `size` is the picture's width and height in pixels."""
    sides = {"original_width": round(size[0]), "original_height": round(size[1])} if size is not None else {}
    return {
        "id": f"r{number}",
        "from_name": target.from_name,
        "to_name": target.to_name,
        "type": target.type,
        "value": {**value, target.key: [label]},
        "image_rotation": 0,
        **sides,
        **more,
    }


def box(x: float, y: float, width: float, height: float, rotation: float = 0.0) -> dict[str, Any]:
    """A rectangle in parts of the picture's sides."""
    return {"x": x * 100, "y": y * 100, "width": width * 100, "height": height * 100, "rotation": rotation}


def polygon(points: Sequence[Point]) -> dict[str, Any]:
    """Corners in parts of the picture's sides."""
    return {"points": [[x * 100, y * 100] for x, y in points], "closed": True}


def filled(polygons: Sequence[Sequence[Sequence[float]]], size: Size) -> tuple[bytearray, int, int] | None:
    """(0 or 255 of each pixel, row by row; width; height) of polygons, their corners in percent, painted on a picture; None for one that is too large."""
    from PIL import Image, ImageDraw  # imported here: most imports never need it

    width, height = round(size[0]), round(size[1])
    if not 0 < width * height <= MAX_PIXELS:
        return None
    image = Image.new("L", (width, height))
    draw = ImageDraw.Draw(image)
    for corners in polygons:
        draw.polygon([(x / 100 * width, y / 100 * height) for x, y in corners], fill=255, outline=255)
    return bytearray(image.tobytes()), width, height


def turned_box(corners: Sequence[Point], size: Size) -> dict[str, Any]:
    """The rectangle with these corners (top left, top right, bottom right, bottom left before it was turned), in parts of the picture's sides."""
    (x0, y0), (x1, y1), _, (x3, y3) = ((x * size[0], y * size[1]) for x, y in corners)
    width, height = math.hypot(x1 - x0, y1 - y0), math.hypot(x3 - x0, y3 - y0)
    return box(x0 / size[0], y0 / size[1], width / size[0], height / size[1], math.degrees(math.atan2(y1 - y0, x1 - x0)) % 360)


def size_of_picture(bundle: Bundle, name: str) -> Size | None:
    """Width and height in pixels as people see the image, None for one that cannot be read."""
    from PIL import Image  # imported here: most imports never need it

    try:
        with bundle.open(name) as file, Image.open(file) as image:
            turned = image.getexif().get(0x0112) in (5, 6, 7, 8)
            return (image.height, image.width) if turned else (image.width, image.height)
    except (OSError, ValueError, SyntaxError, TypeError, KeyError, Image.DecompressionBombError):
        return None
