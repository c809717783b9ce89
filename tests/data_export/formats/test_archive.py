"""The ZIP archive that is made as a stream, as other programs read it."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_export.archive import Archive, joined
from data_export.entry_names import EntryNames, safe_name


def made(entries: list[tuple[str, bytes, bool]]) -> bytes:
    def pieces() -> Iterator[bytes]:
        with closing(Archive()) as archive:
            for name, content, whole in entries:
                if whole:
                    yield archive.file(name, content)
                else:
                    yield from archive.stream(
                        name, (content[at : at + 7] for at in range(0, len(content), 7)), len(content), packed=len(content) % 2 == 0
                    )
            yield from archive.end()

    return b"".join(pieces())


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(exclude_categories=["C"], exclude_characters="/\\"), min_size=1, max_size=9),
            st.binary(max_size=300),
            st.booleans(),
        ),
        unique_by=lambda entry: entry[0],
    )
)
def test_what_went_in_comes_out(entries: list[tuple[str, bytes, bool]]) -> None:
    with zipfile.ZipFile(io.BytesIO(made(entries))) as archive:
        assert archive.testzip() is None
        assert [(info.filename, archive.read(info)) for info in archive.infolist()] == [(name, content) for name, content, _ in entries]


def test_folders_are_folders_and_files_may_be_read(tmp_path: Path) -> None:
    with closing(Archive()) as archive:
        content = archive.folder("images/") + archive.file("images/a", b"x") + b"".join(archive.end())
    with zipfile.ZipFile(io.BytesIO(content)) as found:
        assert found.infolist()[0].is_dir()
        assert found.infolist()[1].external_attr >> 16 == 0o100644
        found.extractall(tmp_path)
    assert (tmp_path / "images" / "a").read_bytes() == b"x"


def test_more_entries_than_sixteen_bits_can_count_in_little_memory() -> None:
    # An object per entry, as `zipfile` keeps them, would be some forty megabytes here.
    count = 70_000
    with closing(Archive()) as archive:
        content = io.BytesIO()
        tracemalloc.start()
        for number in range(count):
            content.write(archive.file(f"labels/{number}.txt", b""))
        written = len(content.getvalue())
        tracemalloc.reset_peak()
        for piece in archive.end():
            content.write(piece)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 6 * written
    with zipfile.ZipFile(content) as found:
        assert len(found.namelist()) == count


def test_an_entry_announced_as_larger_than_four_gigabytes_is_read_back() -> None:
    with closing(Archive()) as archive:
        content = b"".join([*archive.stream("a", [b"x" * 100_000], 5 << 30, packed=False), archive.file("b", b"y"), *archive.end()])
    with zipfile.ZipFile(io.BytesIO(content)) as found:
        assert (found.read("a"), found.read("b")) == (b"x" * 100_000, b"y")


def test_offsets_beyond_four_gigabytes_are_kept() -> None:
    start = 5 << 30
    with closing(Archive()) as archive:
        archive._offset = start  # as if so much had been sent before
        content = archive.file("a", b"x") + b"".join(archive.end())

    class Behind(io.BytesIO):
        """A file whose first five gigabytes are not there."""

        def seek(self, offset: int, whence: int = 0) -> int:
            return super().seek(offset - start if whence == 0 else offset, whence) + start

        def tell(self) -> int:
            return super().tell() + start

    with zipfile.ZipFile(Behind(content)) as found:
        assert found.read("a") == b"x"


def test_small_pieces_are_joined() -> None:
    assert list(joined([b"ab", b"c", b"", b"defg", b"h"], 3)) == [b"abc", b"defg", b"h"]
    assert list(joined([])) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("a.png", "a.png"),
        ("Straße 7.PNG", "Straße 7.PNG"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\x.png", "x.png"),
        ("..", "file"),
        ("", "file"),
        (".png", "file.png"),
        ("con.txt", "_con.txt"),
        ("a\x00b\u202e:c?.png", "ab_c_.png"),
        ("e\u0301.png", "é.png"),
        ("x" * 400 + ".png", "x" * 176 + ".png"),
        ("字" * 400, "字" * 60),
    ],
)
def test_a_name_is_safe_on_every_system(text: str, name: str) -> None:
    assert safe_name(text) == name


@given(st.text(max_size=300))
def test_no_name_leaves_its_folder(text: str) -> None:
    name = safe_name(text)
    assert name
    assert len(name.encode()) <= 200
    assert not {"/", "\\", "\0", ":"} & set(name)
    assert name.strip(". ") == name


def test_names_are_given_once() -> None:
    with EntryNames() as names:
        assert names.give("one", "a.png", "1-a.png") == ("a.png", True)
        assert names.give("one", "a.png", "1-a.png") == ("a.png", False)
        assert names.give("two", "A.PNG", "2-a.png") == ("2-a.png", True)
        assert names.give("three", "a.jpg", "2-a.jpg") == ("2-a-2.jpg", True)
        assert names.give("four", "a.jpg", "2-a.jpg") == ("2-a-3.jpg", True)
