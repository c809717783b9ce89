"""Regions of videos between key frames, against the official SDK's own filling in."""

from __future__ import annotations

import warnings
from typing import Any

import orjson
import pytest

from data_export.key_frames import with_every_frame

KEYS = [
    {"frame": 1, "x": 10, "y": 20, "width": 30, "height": 40, "rotation": 0, "time": 0.04, "enabled": True},
    {"frame": 6, "x": 20, "y": 10, "width": 30, "height": 50, "rotation": 90, "time": 0.24, "enabled": False},
    {"frame": 9, "x": 0, "y": 0, "width": 5, "height": 5, "rotation": 0, "time": 0.36, "enabled": True},
]


@pytest.mark.parametrize("more", [{"framesCount": 12, "duration": 0.5}, {"framesCount": 12}, {}])
def test_frames_are_those_of_the_official_sdk(more: dict[str, Any]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from label_studio_sdk._extensions.label_studio_tools.postprocessing.video import extract_key_frames
    result = [
        {"type": "videorectangle", "id": "a", "value": {"sequence": KEYS, "labels": ["Car"], **more}},
        {"type": "choices", "value": {"choices": ["x"]}},
    ]
    ours = orjson.loads(with_every_frame(orjson.dumps({"annotations": [{"result": result}]}).decode()))
    assert ours["annotations"][0]["result"] == extract_key_frames(result)


@pytest.mark.parametrize("sequence", [None, [], "x", [1], [{"frame": "a"}], [{"frame": 1}, {"frame": 10**9}]])
def test_what_is_no_sequence_stays_as_it_is(sequence: Any) -> None:
    task = {"annotations": [{"result": [{"value": {"sequence": sequence}}, 5, None]}, {"result": None}]}
    assert orjson.loads(with_every_frame(orjson.dumps(task).decode())) == task
