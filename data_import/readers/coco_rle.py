"""COCO's run-length encoding of masks: runs of unpainted and painted pixels in turn, column by column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

MAX_PIXELS = 100_000_000  # a few numbers may claim any size


def painted(segmentation: Any) -> tuple[bytearray, int, int] | None:
    """(0 or 255 of each pixel, row by row; width; height) of `{"size": [height, width], "counts": [numbers] or "text"}`; None for what is not one."""
    if not isinstance(segmentation, dict) or not _size(segmentation.get("size")):
        return None
    height, width = segmentation["size"]
    counts = segmentation.get("counts")
    runs = _unpacked(counts) if isinstance(counts, str) else counts
    if not isinstance(runs, list) or not all(isinstance(run, int) and not isinstance(run, bool) and run >= 0 for run in runs):
        return None
    if sum(runs) != height * width:
        return None
    return _rows(runs, width, height), width, height


def _size(said: Any) -> bool:
    return (
        isinstance(said, list)
        and len(said) == 2
        and all(isinstance(side, int) and not isinstance(side, bool) and side > 0 for side in said)
        and said[0] * said[1] <= MAX_PIXELS
    )


def _rows(runs: Sequence[int], width: int, height: int) -> bytearray:
    columns = bytearray()
    for place, run in enumerate(runs):
        columns += (b"\xff" if place % 2 else b"\0") * run
    rows = bytearray(width * height)
    for x in range(width):
        rows[x::width] = columns[x * height : (x + 1) * height]
    return rows


def _unpacked(text: str) -> list[int] | None:
    """The runs of the text that `pycocotools` writes: numbers in base 32, low digits first, each from the third on as the difference to the one before the last."""
    runs: list[int] = []
    at = 0
    while at < len(text):
        value, shift, more = 0, 0, True
        while more:
            if at == len(text) or shift > 60:
                return None
            digit = ord(text[at]) - 48
            if not 0 <= digit < 64:
                return None
            value |= (digit & 0x1F) << shift
            more, at, shift = bool(digit & 0x20), at + 1, shift + 5
            if not more and digit & 0x10:
                value -= 1 << shift
        if len(runs) > 2:
            value += runs[-2]
        if value < 0:
            return None
        runs.append(value)
    return runs
