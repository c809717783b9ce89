"""The incremental splitter of JSON documents agrees with a parser that reads them whole, wherever pieces end."""

from __future__ import annotations

import io
import json
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rawjson import JSONRefused
from data_import import json_stream
from data_import.json_stream import json_items

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=5), inner, max_size=4)
    ),
    max_leaves=20,
)


class Trickle(io.BytesIO):
    """A file that gives only a few bytes at a time, whatever is asked for."""

    step = 1

    def read(self, size: int | None = -1) -> bytes:
        return super().read(self.step)


def items(document: bytes, step: int = 3) -> list[Any]:
    file = Trickle(document)
    file.step = step
    return [orjson.loads(text) for _line, text in json_items(file)]


@given(st.lists(VALUES, max_size=5), st.integers(1, 9), st.sampled_from([None, 1, 3]))
def test_the_items_of_a_list_are_those_a_parser_finds(values: list[Any], step: int, indent: int | None) -> None:
    document = json.dumps(values, indent=indent, ensure_ascii=step % 2 == 0).encode()
    assert items(document, step) == values


@given(
    st.lists(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=3), VALUES, max_size=3), max_size=5),
    st.integers(1, 9),
)
def test_lines_of_json_are_items(values: list[Any], step: int) -> None:
    document = b"\n".join(orjson.dumps(value) for value in values)
    assert items(document, step) == values


def test_one_object_is_one_item_and_the_byte_order_mark_is_passed_over() -> None:
    assert items(b'\xef\xbb\xbf {"text": "a"} ') == [{"text": "a"}]


def test_lines_are_counted() -> None:
    document = b'[\n{"a": 1},\n\n{"a":\n 2}, {"a": 3}]'
    assert [line for line, _text in json_items(io.BytesIO(document))] == [2, 4, 5]


@pytest.mark.parametrize(
    ("document", "line", "said"),
    [
        (b'[{"a": 1},\n{"a": 2}', 2, "cut off"),
        (b'[{"a": 1}\n{"a": 2}]', 2, "missing"),
        (b'[{"a": 1},\n]', 2, "expecting value"),
        (b'{"a": "never ends', 1, "cut off"),
        (b'{"a": 1,\n "b" 2}' + b" " * 100, 1, "delimiter"),
        (b'["\xff"]', 1, "UTF-8"),
        (b"[" * 100_000, 1, "nested"),
    ],
)
def test_what_is_no_json_is_refused_with_its_line(document: bytes, line: int, said: str) -> None:
    with pytest.raises(JSONRefused, match=f"line {line}: .*{said}"):
        list(json_items(io.BytesIO(document)))


def test_only_the_item_under_the_cursor_is_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "PIECE", 1_000)
    file = io.BytesIO(orjson.dumps([{"text": "x" * 500}] * 1_000))
    reading = json_items(file)
    next(reading)
    assert file.tell() <= 2_000


def test_a_mistake_early_in_a_long_document_does_not_read_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "PIECE", 1_000)
    file = io.BytesIO(b'[{"a" 1}, ' + b'{"b": "x"}, ' * 10_000)
    with pytest.raises(JSONRefused, match="delimiter"):
        list(json_items(file))
    assert file.tell() <= 2_000
