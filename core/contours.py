"""The outlines of a mask as polygons: the outer borders of its connected parts, through the centres of their pixels.

Border following after S. Suzuki and K. Abe, "Topological structural analysis of digitized binary images by border following" (1985). Parts hang
together over corners too (8 neighbours), the ground only over edges (4). Parts that lie in a hole of another have no outline of their own.
"""

from __future__ import annotations

import re

Point = tuple[int, int]

PAINTED = re.compile(rb"[^\0]+")
# Neighbours in counterclockwise order on the screen: right, up right, up, … down right; y grows downwards.
AROUND = ((1, 0), (1, -1), (0, -1), (-1, -1), (-1, 0), (-1, 1), (0, 1), (1, 1))
LEFT = 4


def outlines(mask: bytes | bytearray, width: int, height: int) -> list[list[Point]]:
    """The corners of each part's outline as (x, y), from its first pixel (topmost, then leftmost) counterclockwise; straight runs keep their ends."""
    return [_corners(_border(mask, width, height, start), start) for start in _starts(mask, width, height)]


def _starts(mask: bytes | bytearray, width: int, height: int) -> list[Point]:
    """The first pixel of every part that the outer ground touches."""
    ground, parts = _Sets(), _Sets()
    outside = ground.new()
    first: list[Point] = []  # by number of a part's run
    left_of: list[int] = []  # the run of ground before it
    above_painted: list[tuple[int, int, int]] = []
    above_ground: list[tuple[int, int, int]] = [(-1, width + 1, outside)]
    for y in range(height):
        painted: list[tuple[int, int, int]] = []
        bare: list[tuple[int, int, int]] = []
        at = -1  # a frame of ground stands around the picture
        for match in PAINTED.finditer(mask, y * width, (y + 1) * width):
            begin, end = match.start() - y * width, match.end() - y * width
            bare.append((at, begin, ground.new()))
            painted.append((begin, end, parts.new()))
            first.append((begin, y))
            left_of.append(bare[-1][2])
            at = end
        bare.append((at, width + 1, ground.new()))
        _join(above_painted, painted, parts, reach=1)
        _join(above_ground, bare, ground, reach=0)
        ground.unite(bare[0][2], outside)
        ground.unite(bare[-1][2], outside)
        above_painted, above_ground = painted, bare
    for _, _, run in above_ground:
        ground.unite(run, outside)
    around = ground.find(outside)
    return [first[run] for run in range(len(first)) if parts.find(run) == run and ground.find(left_of[run]) == around]


def _join(above: list[tuple[int, int, int]], below: list[tuple[int, int, int]], sets: _Sets, reach: int) -> None:
    """Unite the runs of two rows that touch: those that share a column, and with `reach` 1 those that share a corner."""
    up = 0
    for begin, end, run in below:
        while up < len(above) and above[up][1] + reach <= begin:
            up += 1
        at = up
        while at < len(above) and above[at][0] < end + reach:
            sets.unite(above[at][2], run)
            at += 1


class _Sets:
    """Disjoint sets of numbers; the smallest number stands for a set."""

    def __init__(self) -> None:
        self._parent: list[int] = []

    def new(self) -> int:
        self._parent.append(len(self._parent))
        return len(self._parent) - 1

    def find(self, item: int) -> int:
        parent = self._parent
        while parent[item] != item:
            parent[item] = parent[parent[item]]
            item = parent[item]
        return item

    def unite(self, one: int, other: int) -> None:
        one, other = self.find(one), self.find(other)
        self._parent[max(one, other)] = min(one, other)


def _border(mask: bytes | bytearray, width: int, height: int, start: Point) -> list[int]:
    """The directions of the steps along the outer border from `start` back to it; empty for a single pixel."""

    def painted(x: int, y: int) -> bool:
        return 0 <= x < width and 0 <= y < height and mask[y * width + x] != 0

    x, y = start
    back = next((turn % 8 for turn in range(LEFT - 1, LEFT - 9, -1) if painted(x + AROUND[turn % 8][0], y + AROUND[turn % 8][1])), None)
    if back is None:
        return []
    last = (x + AROUND[back][0], y + AROUND[back][1])
    steps: list[int] = []
    direction = back
    while True:
        for turn in range(direction + 1, direction + 9):
            across, down = AROUND[turn & 7]
            if painted(x + across, y + down):
                break
        steps.append(turn & 7)
        here, (x, y) = (x, y), (x + across, y + down)
        if (x, y) == start and here == last:
            return steps
        direction = (turn + 4) & 7


def _corners(steps: list[int], start: Point) -> list[Point]:
    """The points at which the direction changes."""
    if not steps:
        return [start]
    x, y = start
    found = []
    before = steps[-1]
    for step in steps:
        if step != before:
            found.append((x, y))
        x, y, before = x + AROUND[step][0], y + AROUND[step][1], step
    return found
