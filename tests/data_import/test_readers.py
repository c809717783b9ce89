"""Import formats, each by what its reader yields for a small file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from core.errors import Refused
from data_import.readers import BY_EXTENSION, READERS, UNDEFINED, Mistake, Source, reader_of


def read(folder: Path, name: str, content: bytes, *, as_list: bool = True) -> list[tuple[int | None, Any]]:
    path = folder / "file"
    path.write_bytes(content)
    return list(reader_of(Source(path, name, f"/data/upload/1/{name}"), as_list=as_list).items())


def data(folder: Path, name: str, content: bytes) -> list[dict[str, Any]]:
    return [item["data"] for _line, item in read(folder, name, content)]


def refused(folder: Path, name: str, content: bytes) -> str:
    with pytest.raises(Refused) as caught:
        read(folder, name, content)
    assert caught.value.status == 400
    (sentence,) = caught.value.fields["non_field_errors"]  # type: ignore[index]
    return str(sentence)


def test_the_table_of_readers_names_each_extension_once() -> None:
    assert len(BY_EXTENSION) == sum(len(reader.extensions) for reader in READERS)
    assert {"json", "jsonl", "csv", "tsv", "txt", "html", "xml", "png", "mp3", "mp4", "pdf"} <= BY_EXTENSION.keys()


@pytest.mark.parametrize(("separator", "name"), [(",", "a.csv"), (";", "a.csv"), ("|", "a.csv"), ("\t", "a.csv"), ("\t", "a.tsv")])
def test_tables_in_any_separator(tmp_path: Path, separator: str, name: str) -> None:
    content = f'text{separator}note\n"one{separator} two"{separator}x\nthree{separator}\n'.encode()
    assert data(tmp_path, name, content) == [{"text": f"one{separator} two", "note": "x"}, {"text": "three", "note": ""}]


def test_a_column_of_numbers_becomes_numbers_only_when_nothing_is_lost(tmp_path: Path) -> None:
    content = b"id,price,zip,mixed,empty,big\n1,0.5,00123,1,,12345678901234567890\n2,3.25,99999,x,,1\n-3,10,1,2,,2\n"
    assert data(tmp_path, "a.csv", content) == [
        {"id": 1, "price": 0.5, "zip": "00123", "mixed": "1", "empty": "", "big": "12345678901234567890"},
        {"id": 2, "price": 3.25, "zip": "99999", "mixed": "x", "empty": "", "big": "1"},
        {"id": -3, "price": 10, "zip": "1", "mixed": "2", "empty": "", "big": "2"},
    ]


def test_a_cell_may_hold_lines_and_the_line_of_its_row_is_told(tmp_path: Path) -> None:
    found = read(tmp_path, "a.csv", b'text,n\n"one\ntwo",x\n\nthree,y\n')
    assert [(line, item["data"]["text"]) for line, item in found] == [(2, "one\ntwo"), (5, "three")]


def test_what_spreadsheets_write(tmp_path: Path) -> None:
    assert data(tmp_path, "a.csv", "\ufefftext\nGrüße\n".encode()) == [{"text": "Grüße"}]
    assert data(tmp_path, "a.csv", "text\nGrüße €\n".encode("cp1252")) == [{"text": "Grüße €"}]
    assert data(tmp_path, "a.tsv", "text\tn\r\nGrüße\tx\r\n".encode("utf-16")) == [{"text": "Grüße", "n": "x"}]


def test_a_table_that_does_not_fit_is_told_with_its_line(tmp_path: Path) -> None:
    assert read(tmp_path, "a.csv", b"a,b\n1,2\n1,2,3\n")[1] == (3, Mistake("the row has 3 cells, but the first line names 2 columns"))
    assert "names a column twice: a" in refused(tmp_path, "a.csv", b"a,b,a\n1,2,3\n")
    assert "empty" in refused(tmp_path, "a.csv", b"")
    assert "line 2" in refused(tmp_path, "a.csv", b'a,b\n"1,2\n')


def test_lines_of_text(tmp_path: Path) -> None:
    assert read(tmp_path, "a.txt", b"one\r\n\n  \ntwo") == [(1, {"data": {UNDEFINED: "one"}}), (4, {"data": {UNDEFINED: "two"}})]


def test_documents_and_media_are_one_task(tmp_path: Path) -> None:
    assert data(tmp_path, "a.html", b"<p>Hello</p>") == [{UNDEFINED: "<p>Hello</p>"}]
    assert data(tmp_path, "a.png", b"\x89PNG") == [{UNDEFINED: "/data/upload/1/a.png"}]


def test_a_table_can_be_one_task(tmp_path: Path) -> None:
    assert read(tmp_path, "a.csv", b"a,b\n1,2\n", as_list=False) == [(None, {"data": {UNDEFINED: "/data/upload/1/a.csv"}})]


def test_json_lines_tell_their_line(tmp_path: Path) -> None:
    assert read(tmp_path, "a.jsonl", b'{"text": 1}\n\n{"text": 2}\n') == [(1, {"text": 1}), (3, {"text": 2})]
    first, second, third = read(tmp_path, "a.jsonl", b'{"text": 1}\n{"text": 1e999}\n{"text": 3}\n')
    assert (first, third) == ((1, {"text": 1}), (3, {"text": 3}))
    assert second[0] == 2
    assert isinstance(second[1], Mistake)
