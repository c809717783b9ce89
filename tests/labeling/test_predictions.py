"""Short forms of predictions."""

from __future__ import annotations

from typing import Any

import pytest

from labeling import PredictionError, normalize_prediction_result, parse

MOOD = '<Choices name="mood" toName="text"><Choice value="Good"/></Choices>'
ALL = parse(
    '<View><Text name="text" value="$text"/><Image name="image" value="$image"/>'
    '<Rectangle name="shape" toName="image"/><RectangleLabels name="box" toName="image"><Label value="Car"/></RectangleLabels>'
    f'<Relations name="r"><Relation value="x"/></Relations>{MOOD}'
    '<TextArea name="why" toName="text"/><Number name="count" toName="text"/><Rating name="stars" toName="text"/></View>'
)


def one(name: str, to: str, kind: str, value: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"from_name": name, "to_name": to, "type": kind, "value": value}]


def test_a_list_stays_as_it_is() -> None:
    rows = one("mood", "text", "choices", {"choices": ["Good"]})
    assert normalize_prediction_result(ALL, rows) is rows
    assert normalize_prediction_result(ALL, []) == []


@pytest.mark.parametrize(
    ("value", "rows"),
    [
        ({"choices": ["Good"]}, one("mood", "text", "choices", {"choices": ["Good"]})),
        ({"text": ["Why not"]}, one("why", "text", "textarea", {"text": ["Why not"]})),
        ({"rating": 4}, one("stars", "text", "rating", {"rating": 4})),
        (
            {"x": 1, "y": 2, "width": 3, "height": 4, "rectanglelabels": ["Car"]},
            one("box", "image", "rectanglelabels", {"x": 1, "y": 2, "width": 3, "height": 4, "rectanglelabels": ["Car"]}),
        ),
        ("Good", one("mood", "text", "choices", {"choices": ["Good"]})),
        (7, one("count", "text", "number", {"number": 7})),
        (0.5, one("count", "text", "number", {"number": 0.5})),
    ],
)
def test_short_form(value: Any, rows: list[dict[str, Any]]) -> None:
    assert normalize_prediction_result(ALL, value) == rows


def test_text_goes_to_the_first_control_that_takes_it() -> None:
    config = parse('<View><Text name="text" value="$t"/><Rating name="stars" toName="text"/><TextArea name="why" toName="text"/></View>')
    assert normalize_prediction_result(config, "so") == one("why", "text", "textarea", {"text": ["so"]})
    assert normalize_prediction_result(config, 3) == one("stars", "text", "rating", {"rating": 3})


def test_two_objects_of_a_pair_are_joined() -> None:
    config = parse('<View><Text name="a" value="$a"/><Text name="b" value="$b"/><Pairwise name="p" toName="a,b"/></View>')
    assert normalize_prediction_result(config, {"selected": "left"})[0]["to_name"] == "a,b"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([{}, "x"], r"result\[1\] must be an object"),
        ({"nothing": 1}, 'it needs "shape", "rectangle"|it needs'),
        (True, "must be a list of rows"),
        (None, "must be a list of rows"),
    ],
)
def test_refused(value: Any, message: str) -> None:
    with pytest.raises(PredictionError, match=message):
        normalize_prediction_result(ALL, value)


def test_refused_for_want_of_a_control() -> None:
    config = parse('<View><Text name="text" value="$t"/></View>')
    with pytest.raises(PredictionError, match="A plain text needs Choices or TextArea in the config"):
        normalize_prediction_result(config, "Good")
    with pytest.raises(PredictionError, match="A plain number needs Rating or Number in the config"):
        normalize_prediction_result(config, 5)
    with pytest.raises(PredictionError, match="The config has no controls"):
        normalize_prediction_result(config, {"choices": []})
