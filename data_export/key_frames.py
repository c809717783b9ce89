"""Regions of a video between their key frames: a frame's box is found on the line from one key frame to the next."""

from __future__ import annotations

from typing import Any

from core.rawjson import dump_json, read_json
from data_export.numbers import number

MEASURES = ("x", "y", "width", "height", "rotation")
MOST = 1_000_000  # frames of one region


def with_every_frame(task: str) -> str:
    """A task's JSON text whose annotations tell every frame of their regions."""
    if '"sequence"' not in task:
        return task
    told = read_json(task)
    for annotation in told["annotations"]:
        if isinstance(annotation["result"], list):
            annotation["result"] = [_row(row) for row in annotation["result"]]
    return dump_json(told).decode()


def _row(row: Any) -> Any:
    value = row.get("value") if isinstance(row, dict) else None
    if not isinstance(value, dict):
        return row
    keys = value.get("sequence")
    if not isinstance(keys, list) or not keys or not all(isinstance(key, dict) and type(key.get("frame")) is int for key in keys):
        return row
    keys = sorted(keys, key=lambda key: key["frame"])
    last = max(int(number(value.get("framesCount")) or 0), keys[-1]["frame"])
    if last - keys[0]["frame"] > MOST:
        return row
    duration = number(value.get("duration")) or 0.0
    told: list[dict[str, Any]] = []
    following: dict[str, Any] | None
    for key, following in zip(keys, [*keys[1:], None], strict=True):
        told.append(key)
        if key.get("enabled", True):
            # After the last key frame the region stays where it is until the video ends.
            end = following["frame"] - 1 if following is not None else last
            told += [_between(key, following, frame, last, duration) for frame in range(key["frame"] + 1, end + 1)]
    return {**row, "value": {**value, "sequence": told}}


def _between(key: dict[str, Any], following: dict[str, Any] | None, frame: int, last: int, duration: float) -> dict[str, Any]:
    made = {**key, "frame": frame, "auto": True}
    share = (frame - key["frame"]) / ((following["frame"] if following is not None else last) - key["frame"])
    for name in MEASURES:
        start, end = number(key.get(name)), number((following or key).get(name))
        if start is not None and end is not None and start != end:
            made[name] = start + (end - start) * share
    start, end = number(key.get("time")), number((following or key).get("time"))
    if start is not None and end is not None:
        made["time"] = round(start + ((end if end != start or not duration else duration) - start) * share, 2)
    return made
