"""Checking results: limits, speed in counted work, all types of a config at once. Single rows: vectors/results.json."""

from __future__ import annotations

import time
from typing import Any

from labeling import parse, validate_result

CONFIG = parse(
    '<View><Image name="i" value="$i"/><RectangleLabels name="box" toName="i"><Label value="Car"/></RectangleLabels>'
    '<Brush name="b" toName="i"/></View>'
)


def box(number: int) -> dict[str, Any]:
    return {
        "original_width": 1200,
        "original_height": 800,
        "image_rotation": 0,
        "value": {"x": 9.5, "y": 13.03, "width": 16.4, "height": 17.6, "rotation": 0, "rectanglelabels": ["Car"]},
        "id": f"id{number}",
        "from_name": "box",
        "to_name": "i",
        "type": "rectanglelabels",
        "origin": "manual",
    }


def test_at_most_100_problems() -> None:
    broken = [{**box(number), "value": {}} for number in range(5000)]
    assert len(validate_result(CONFIG, broken)) == 100
    unknown = [{**box(number), "from_name": "x"} for number in range(5000)]
    assert len(validate_result(CONFIG, unknown)) == 100


def test_unknown_labels_cost_no_seconds() -> None:
    labels = "".join(f'<Label value="label number {number}"/>' for number in range(2000))
    config = parse(f'<View><Image name="i" value="$i"/><RectangleLabels name="box" toName="i">{labels}</RectangleLabels></View>')
    row = box(1)
    row["value"]["rectanglelabels"] = [f"lable number {number}" for number in range(100_000)]
    relations = [{"type": "relation", "from_id": "x", "to_id": "y", "labels": ["a"] * 1000} for _ in range(1000)]
    started = time.process_time()
    assert len(validate_result(config, [row, *relations])) == 100
    assert time.process_time() - started < 5


def test_a_thousand_rows_in_milliseconds() -> None:
    rows = [box(number) for number in range(1000)]
    validate_result(CONFIG, rows)
    started = time.process_time()
    for _ in range(5):
        assert validate_result(CONFIG, rows) == []
    # About 2 ms each; the bound only catches a change of order.
    assert time.process_time() - started < 1


def test_a_mask_of_a_million_bytes() -> None:
    row = {"id": "m", "from_name": "b", "to_name": "i", "type": "brush", "value": {"format": "rle", "rle": [7] * 1_000_000}}
    assert validate_result(CONFIG, [row]) == []
    row["value"] = {"format": "rle", "rle": [7] * 999_999 + [-1]}
    assert [p.path for p in validate_result(CONFIG, [row])] == ["result[0].value.rle[999999]"]
    row["value"] = {"format": "rle", "rle": [1.0, True]}
    assert [p.path for p in validate_result(CONFIG, [row])] == ["result[0].value.rle[1]"]
