"""Which labels a result row names."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeling import labels_of


@pytest.mark.parametrize(
    ("row", "labels"),
    [
        ({"type": "rectanglelabels", "value": {"rectanglelabels": ["Car", "Red"]}}, ["Car", "Red"]),
        ({"type": "labels", "value": {"start": 0, "end": 1, "labels": ["Person"]}}, ["Person"]),
        ({"type": "videorectangle", "value": {"sequence": [], "labels": ["Car"]}}, ["Car"]),
        ({"type": "choices", "value": {"choices": ["Good"]}}, ["Good"]),
        ({"type": "choices", "value": {"choices": [["Animal", "Cat"], ["Animal", "Dog"]]}}, ["Animal", "Cat", "Dog"]),
        ({"type": "taxonomy", "value": {"taxonomy": [["A", "B"], ["C"]]}}, ["A", "B", "C"]),
        ({"type": "relation", "from_id": "a", "to_id": "b", "labels": ["owns"]}, ["owns"]),
        ({"type": "relation", "from_id": "a", "to_id": "b"}, []),
        ({"type": "rectangle", "value": {"x": 1}}, []),
        ({"type": "textarea", "value": {"text": ["Good"]}}, []),
        ({"type": "rectanglelabels", "value": {"rectanglelabels": "Car"}}, []),
        ({"type": "rectanglelabels", "value": None}, []),
        ({"type": ["x"], "value": {}}, []),
        (None, []),
        ("row", []),
    ],
)
def test_labels(row: Any, labels: list[str]) -> None:
    assert labels_of(row) == labels


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["type", "value", "labels", "choices", "x"]), inner, max_size=3)
    ),
    max_leaves=10,
)


@given(json_values)
def test_never_raises(row: Any) -> None:
    assert all(isinstance(label, str) for label in labels_of(row))
