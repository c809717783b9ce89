from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rawjson import JSONRefused, json_text, read_json

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    lambda children: (
        st.lists(children, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=5), children, max_size=4)
    ),
    max_leaves=20,
)


@given(PLAIN)
def test_what_is_written_is_read_back_equal(value: object) -> None:
    assert read_json(json_text(value)) == value
    assert read_json(json.dumps(value).encode()) == value


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[1,]",
        b"NaN",
        b"[Infinity]",
        b"1e999",
        rb'"\ud800"',
        b"\xff",
        rb'"\u0000"',
        rb'{"\u0000": 1}',
        b"[" * 65 + b"]" * 65,
        b'{"a":' * 70 + b"1" + b"}" * 70,
    ],
)
def test_what_no_column_can_keep_is_refused(body: bytes) -> None:
    with pytest.raises(JSONRefused):
        read_json(body)


def test_sixty_four_levels_are_taken_and_an_escaped_backslash_is_no_nul() -> None:
    assert read_json(b"[" * 64 + b"]" * 64)
    assert read_json(rb'"\\u0000"') == "\\u0000"


def test_many_brackets_side_by_side_are_not_deep() -> None:
    assert len(read_json(b"[" + b",".join([b"[[]]"] * 10_000) + b"]")) == 10_000
