"""Shapes of regions in the units of export formats. Results hold percent of the picture; angles are degrees clockwise about the top left corner."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from data_export.numbers import number

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle before its rotation, in percent of the picture; width and height are not negative."""

    x: float
    y: float
    width: float
    height: float
    rotation: float = 0.0

    def hull(self, picture: Point) -> tuple[float, float, float, float]:
        """(x, y, width, height) in pixels of the smallest upright rectangle around it, on a `picture` of that width and height."""
        across, down = picture
        if not self.rotation:
            return self.x * across / 100, self.y * down / 100, self.width * across / 100, self.height * down / 100
        return bounds(self.corners(picture))

    def corners(self, picture: Point) -> list[Point]:
        """Its corners in pixels: those that were top left, top right, bottom right and bottom left before it was turned.

        Turned in pixels: in percent of a picture that is not square a turned rectangle would be skewed.
        """
        across, down = picture
        x, y = self.x / 100 * across, self.y / 100 * down
        width, height = self.width / 100 * across, self.height / 100 * down
        angle = math.radians(self.rotation)
        cos, sin = math.cos(angle), math.sin(angle)
        return [
            (x, y),
            (x + width * cos, y + width * sin),
            (x + width * cos - height * sin, y + width * sin + height * cos),
            (x - height * sin, y + height * cos),
        ]


def box_in(value: dict[str, Any]) -> Box | None:
    """The rectangle in a row's value, None when there is none. One that was drawn to the left or upwards is turned the right way round."""
    x, y, width, height = (number(value.get(key)) for key in ("x", "y", "width", "height"))
    if x is None or y is None or width is None or height is None:
        return None
    rotation = number(value.get("rotation")) or 0.0
    if width < 0 or height < 0:
        if rotation:
            return None
        x, y, width, height = min(x, x + width), min(y, y + height), abs(width), abs(height)
    return Box(x, y, width, height, rotation)


def polygon_in(value: dict[str, Any]) -> list[Point]:
    """The corners of a polygon in percent; empty when the value holds none."""
    points = value.get("points")
    found: list[Point] = []
    for point in points if isinstance(points, list) else ():
        if not isinstance(point, list) or len(point) != 2 or (x := number(point[0])) is None or (y := number(point[1])) is None:
            return []
        found.append((x, y))
    return found


def bounds(points: Sequence[Point]) -> tuple[float, float, float, float]:
    """(x, y, width, height) of the upright rectangle around some points."""
    left, top = min(x for x, _ in points), min(y for _, y in points)
    return left, top, max(x for x, _ in points) - left, max(y for _, y in points) - top


def area(points: Sequence[Point]) -> float:
    """The area of a polygon, by the shoelace formula."""
    return abs(sum(x * y2 - x2 * y for (x, y), (x2, y2) in zip(points, [*points[1:], points[0]]))) / 2
