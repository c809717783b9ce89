"""How far two results agree."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quality.metrics import agreement


def row(kind: str, name: str = "c", **value: Any) -> dict[str, Any]:
    return {"id": "r", "from_name": name, "to_name": "o", "type": kind, "value": value}


def box(x: float, label: str = "Car", **more: Any) -> dict[str, Any]:
    return row("rectanglelabels", x=x, y=0, width=10, height=10, rectanglelabels=[label], **more)


def span(start: int, end: int, label: str = "Person") -> dict[str, Any]:
    return row("labels", start=start, end=end, labels=[label])


TRIANGLE = [[0, 0], [10, 0], [0, 10]]


@pytest.mark.parametrize(
    ("first", "second", "wanted"),
    [
        ([], [], 1),
        ([row("choices", choices=["A"])], [row("choices", choices=["A"])], 1),
        ([row("choices", choices=["A"])], [row("choices", choices=["B"])], 0),
        ([row("choices", choices=["A", "B"])], [row("choices", choices=["B", "C"])], 1 / 3),
        ([row("choices", choices=["A"])], [], 0),
        ([row("rating", rating=3)], [row("rating", rating=3)], 1),
        ([row("rating", rating=3)], [row("rating", rating=4)], 0),
        ([row("textarea", text=["a red car"])], [row("textarea", text=["a blue car"])], 2 / 3),
        ([span(0, 10)], [span(5, 15)], 1 / 3),
        ([span(0, 10)], [span(0, 10, "Place")], 0),
        ([span(0, 10), span(20, 30)], [span(0, 10)], 2 / 3),
        ([box(0)], [box(5)], 1 / 3),
        ([box(0)], [box(0, "Bus")], 0),
        ([box(0, rotation=90)], [box(0, rotation=90)], 1),
        ([row("polygonlabels", points=TRIANGLE, polygonlabels=["A"])], [row("polygonlabels", points=TRIANGLE, polygonlabels=["A"])], 1),
        ([row("keypointlabels", x=1, y=1, keypointlabels=["A"])], [row("keypointlabels", x=1, y=3.5, keypointlabels=["A"])], 0.5),
        (
            [row("choices", "a", choices=["A"]), row("rating", "b", rating=1)],
            [row("choices", "a", choices=["A"]), row("rating", "b", rating=2)],
            0.5,
        ),
    ],
)
def test_what_is_compared_how(first: list[Any], second: list[Any], wanted: float) -> None:
    assert agreement(first, second) == pytest.approx(wanted, abs=0.001)
    assert agreement(second, first) == pytest.approx(wanted, abs=0.001)


def test_controls_count_as_the_project_weighs_them() -> None:
    ours = [row("choices", "a", choices=["A"]), row("rating", "b", rating=1)]
    theirs = [row("choices", "a", choices=["A"]), row("rating", "b", rating=2)]
    assert agreement(ours, theirs, {"b": {"overall": 0}}) == 1
    assert agreement(ours, theirs, {"a": {"overall": 3}}) == 0.75


def test_shapes_are_compared_by_area() -> None:
    whole = row("polygonlabels", points=[[0, 0], [20, 0], [20, 10], [0, 10]], polygonlabels=["A"])
    half = row("polygonlabels", points=[[0, 0], [10, 0], [10, 10], [0, 10]], polygonlabels=["A"])
    assert agreement([whole], [half]) == pytest.approx(0.5, abs=0.05)
    circle = row("ellipselabels", x=50, y=50, radiusX=10, radiusY=10, ellipselabels=["A"])
    small = row("ellipselabels", x=50, y=50, radiusX=5, radiusY=5, ellipselabels=["A"])
    assert agreement([circle], [small]) == pytest.approx(0.25, abs=0.05)


VALUES = st.dictionaries(
    st.sampled_from(["choices", "labels", "text", "start", "end", "x", "y", "width", "height", "points", "rotation", "rating", "rle"]),
    st.one_of(st.none(), st.booleans(), st.integers(-5, 200), st.floats(allow_nan=False, allow_infinity=False, width=16), st.text(max_size=3),
              st.lists(st.one_of(st.text(max_size=2), st.integers(0, 9)), max_size=3)),
    max_size=5,
)  # fmt: skip
KINDS = st.sampled_from(
    ["choices", "labels", "rectanglelabels", "polygonlabels", "ellipselabels", "keypointlabels", "brushlabels", "textarea", "rating"]
)
RESULTS = st.lists(st.builds(lambda kind, value: row(kind, **value), KINDS, VALUES), max_size=4)


@settings(max_examples=150, deadline=None)
@given(RESULTS, RESULTS)
def test_it_is_a_number_from_0_to_1_whatever_the_results_hold(first: list[Any], second: list[Any]) -> None:
    assert 0 <= agreement(first, second) <= 1
    assert agreement(first, second) == pytest.approx(agreement(second, first))
