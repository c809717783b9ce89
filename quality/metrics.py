"""How far two results agree: 1 is the same answer, 0 nothing in common.

Control by control: choices and taxonomies by shared labels, numbers and dates by equality, text by shared words, spans and shapes by how much they
overlap (intersection over union, label by label). Then the mean over the controls, with the project's weights.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import labeling

Row = dict[str, Any]
MOST_REGIONS = 500  # of one control; beyond, only their labels are compared
GRID = 64  # shapes are compared on a grid of so many cells a side


def agreement(first: Sequence[Row], second: Sequence[Row], weights: Mapping[str, Any] | None = None) -> float:
    """Takes two results and the project's `control_weights`. Two empty results agree."""
    ours, theirs = _by_control(first), _by_control(second)
    total = weight = 0.0
    for name in ours.keys() | theirs.keys():
        share = _weight(weights, name)
        total += share * _control(ours.get(name, []), theirs.get(name, []))
        weight += share
    if weight == 0:
        return 1.0
    return total / weight


def _by_control(result: Sequence[Row]) -> dict[str, list[Row]]:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in result:
        if isinstance(row, dict) and isinstance(row.get("from_name"), str) and isinstance(row.get("value"), dict):
            found[row["from_name"]].append(row)
    return found


def _weight(weights: Mapping[str, Any] | None, name: str) -> float:
    entry = (weights or {}).get(name)
    overall = entry.get("overall", 1.0) if isinstance(entry, dict) else 1.0
    return float(overall) if isinstance(overall, int | float) and overall >= 0 else 1.0


def _control(ours: list[Row], theirs: list[Row]) -> float:
    if not ours or not theirs:
        return 0.0
    kinds = {str(row.get("type")) for row in ours + theirs}
    if len(kinds) > 1:
        return _shared(_labels(ours), _labels(theirs)) if _labels(ours) or _labels(theirs) else 0.0
    kind = kinds.pop()
    if overlap := _OVERLAPS.get(kind):
        if max(len(ours), len(theirs)) <= MOST_REGIONS:
            # Whichever of two equally good partners is taken first must not decide who agrees with whom.
            return (_matched(ours, theirs, overlap) + _matched(theirs, ours, overlap)) / 2
        return _shared(_labels(ours), _labels(theirs))
    if kind in ("textarea",):
        return _words(_texts(ours), _texts(theirs))
    labels = _labels(ours), _labels(theirs)
    if labels[0] or labels[1]:
        return _shared(*labels)
    return _shared([str(row["value"].get(kind)) for row in ours], [str(row["value"].get(kind)) for row in theirs])


def _labels(rows: list[Row]) -> list[str]:
    return [label for row in rows for label in labeling.labels_of(row)]


def _shared(ours: Sequence[str], theirs: Sequence[str]) -> float:
    """Jaccard: what is in both, of what is in either."""
    first, second = set(ours), set(theirs)
    return len(first & second) / len(first | second) if first | second else 1.0


def _texts(rows: list[Row]) -> list[str]:
    found: list[str] = []
    for row in rows:
        text = row["value"].get("text")
        found += [str(part) for part in text] if isinstance(text, list) else [str(text)]
    return found


def _words(ours: list[str], theirs: list[str]) -> float:
    """Twice the words in both, of the words of both."""
    first, second = " ".join(ours).split(), " ".join(theirs).split()
    if first == second:
        return 1.0
    rest, both = list(second), 0
    for word in first:
        if word in rest:
            rest.remove(word)
            both += 1
    return 2 * both / (len(first) + len(second))


def _matched(ours: list[Row], theirs: list[Row], overlap: Callable[[Row, Row], float]) -> float:
    """Regions of the same labels are paired, the best first; the mean overlap over all regions of both."""
    found = [
        (score, a, b)
        for a, mine in enumerate(ours)
        for b, other in enumerate(theirs)
        if sorted(labeling.labels_of(mine)) == sorted(labeling.labels_of(other)) and (score := overlap(mine["value"], other["value"])) > 0
    ]
    used_a: set[int] = set()
    used_b: set[int] = set()
    total = 0.0
    for score, a, b in sorted(found, reverse=True):
        if a not in used_a and b not in used_b:
            used_a.add(a)
            used_b.add(b)
            total += score
    return 2 * total / (len(ours) + len(theirs))


def _number(value: Row, name: str) -> float:
    found = value.get(name)
    if isinstance(found, str):
        try:
            return float(found)
        except ValueError:
            return 0.0
    return float(found) if isinstance(found, int | float) and not isinstance(found, bool) else 0.0


def _span(mine: Row, other: Row) -> float:
    """Stretches of text or of time; in documents with paragraphs and markup both ends must be in the same places."""
    names = ("globalOffsets",)
    for name in names:
        if isinstance(mine.get(name), dict) and isinstance(other.get(name), dict):
            return _span(mine[name], other[name])
    if any(isinstance(value.get("start"), str) and not value["start"].replace(".", "", 1).isdigit() for value in (mine, other)):
        places = ("start", "end", "startOffset", "endOffset")
        return float([mine.get(name) for name in places] == [other.get(name) for name in places])
    a, b, c, d = _number(mine, "start"), _number(mine, "end"), _number(other, "start"), _number(other, "end")
    union = max(b, d) - min(a, c)
    if union <= 0:
        return float((a, b) == (c, d))
    return max(0.0, min(b, d) - max(a, c)) / union


def _box(mine: Row, other: Row) -> float:
    if _number(mine, "rotation") or _number(other, "rotation"):
        return _shape(_corners(mine), _corners(other))
    x, y, w, h = (_number(mine, name) for name in ("x", "y", "width", "height"))
    u, v, p, q = (_number(other, name) for name in ("x", "y", "width", "height"))
    both = max(0.0, min(x + w, u + p) - max(x, u)) * max(0.0, min(y + h, v + q) - max(y, v))
    either = w * h + p * q - both
    return both / either if either > 0 else float((x, y, w, h) == (u, v, p, q))


def _corners(value: Row) -> list[tuple[float, float]]:
    from math import cos, radians, sin

    x, y, w, h = (_number(value, name) for name in ("x", "y", "width", "height"))
    turn = radians(_number(value, "rotation"))
    return [(x + dx * cos(turn) - dy * sin(turn), y + dx * sin(turn) + dy * cos(turn)) for dx, dy in ((0, 0), (w, 0), (w, h), (0, h))]


def _polygon(mine: Row, other: Row) -> float:
    return _shape(_points(mine), _points(other))


def _points(value: Row) -> list[tuple[float, float]]:
    points = value.get("points") or value.get("vertices")
    if not isinstance(points, list):
        return []
    found = []
    for point in points:
        if isinstance(point, dict):
            found.append((_number(point, "x"), _number(point, "y")))
        elif isinstance(point, list) and len(point) == 2 and all(isinstance(part, int | float) for part in point):
            found.append((float(point[0]), float(point[1])))
    return found


def _ellipse(mine: Row, other: Row) -> float:
    return _shape(_round(mine), _round(other))


def _round(value: Row) -> list[tuple[float, float]]:
    from math import cos, pi, radians, sin

    x, y, a, b = (_number(value, name) for name in ("x", "y", "radiusX", "radiusY"))
    turn = radians(_number(value, "rotation"))
    found = []
    for step in range(48):
        dx, dy = a * cos(step * pi / 24), b * sin(step * pi / 24)
        found.append((x + dx * cos(turn) - dy * sin(turn), y + dx * sin(turn) + dy * cos(turn)))
    return found


def _shape(ours: list[tuple[float, float]], theirs: list[tuple[float, float]]) -> float:
    """Filled shapes compared on a grid over both."""
    if len(ours) < 3 or len(theirs) < 3:
        return float(ours == theirs)
    from PIL import Image, ImageChops, ImageDraw

    xs, ys = [x for x, _y in ours + theirs], [y for _x, y in ours + theirs]
    width, height = max(xs) - min(xs), max(ys) - min(ys)
    if width <= 0 or height <= 0:
        return float(ours == theirs)
    masks = []
    for points in (ours, theirs):
        image = Image.new("1", (GRID, GRID))
        scaled = [((x - min(xs)) / width * (GRID - 1), (y - min(ys)) / height * (GRID - 1)) for x, y in points]
        ImageDraw.Draw(image).polygon(scaled, fill=1, outline=1)
        masks.append(image)
    both = ImageChops.logical_and(*masks).histogram()[-1]
    either = ImageChops.logical_or(*masks).histogram()[-1]
    return both / either if either else 0.0


def _point(mine: Row, other: Row) -> float:
    """1 at the same place, 0 from a twentieth of the image apart."""
    distance = ((_number(mine, "x") - _number(other, "x")) ** 2 + (_number(mine, "y") - _number(other, "y")) ** 2) ** 0.5
    return max(0.0, 1 - distance / 5)


def _mask(mine: Row, other: Row) -> float:
    return float(mine.get("rle") == other.get("rle"))


_OVERLAPS: dict[str, Callable[[Row, Row], float]] = {
    "labels": _span,
    "hypertextlabels": _span,
    "paragraphlabels": _span,
    "timeserieslabels": _span,
    "rectanglelabels": _box,
    "rectangle": _box,
    "polygonlabels": _polygon,
    "polygon": _polygon,
    "ellipselabels": _ellipse,
    "ellipse": _ellipse,
    "keypointlabels": _point,
    "keypoint": _point,
    "brushlabels": _mask,
    "brush": _mask,
}
