"""Archives and folders as bundles of files: found by name, read in pieces, refused when they would do harm."""

from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path

import pytest

from core.errors import Refused
from data_import.readers import Archive, Files


def archive(folder: Path, *files: tuple[str | zipfile.ZipInfo, bytes], compression: int = zipfile.ZIP_DEFLATED) -> Path:
    path = folder / "some.zip"
    with zipfile.ZipFile(path, "w", compression) as made:
        for name, content in files:
            made.writestr(name, content)
    return path


def read_all(path: Path) -> None:
    bundle = Archive(path, "some.zip")
    for name in bundle.names:
        bundle.read(name)


def refused(path: Path) -> str:
    with pytest.raises(Refused) as caught:
        read_all(path)
    assert caught.value.status == 400
    (sentence,) = caught.value.fields["non_field_errors"]  # type: ignore[index]
    return str(sentence)


def test_names_are_in_natural_order_and_hidden_files_are_passed_over(tmp_path: Path) -> None:
    path = archive(tmp_path, *((name, b"x") for name in ("d/img10.png", "d/img2.png", "__MACOSX/d/img2.png", "d/.DS_Store", "a.txt", "d/")))
    bundle = Archive(path, "some.zip", lambda name: f"/data/{name}")
    assert list(bundle.names) == ["a.txt", "d/img2.png", "d/img10.png"]
    assert bundle.media == ["d/img2.png", "d/img10.png"]
    assert (bundle.address("a.txt"), bundle.size("a.txt"), bundle.head("a.txt"), bundle.with_extension("txt")) == (
        "/data/a.txt",
        1,
        b"x",
        ["a.txt"],
    )


def test_media_are_found_by_path_by_its_end_and_by_name(tmp_path: Path) -> None:
    path = archive(tmp_path, *((name, b"x") for name in ("set/images/a.png", "set/train/b.png", "set/val/b.png")))
    bundle = Archive(path, "some.zip")
    assert bundle.find_media("set/images/a.png") == "set/images/a.png"
    assert bundle.find_media("./images/a.png") == bundle.find_media("C:\\other\\a.png") == "set/images/a.png"
    assert bundle.find_media("val/b.png") == "set/val/b.png"
    assert bundle.find_media("b.png") is None  # which one?
    assert bundle.find_media("c.png") is None


def test_files_of_a_folder_are_a_bundle_too(tmp_path: Path) -> None:
    (tmp_path / "1").write_bytes(b"one")
    bundle = Files("folder", {"images/a.png": (lambda: tmp_path / "1", "/data/upload/1/a.png")})
    assert (list(bundle.names), bundle.address("images/a.png"), bundle.read("images/a.png")) == (
        ["images/a.png"],
        "/data/upload/1/a.png",
        b"one",
    )


@pytest.mark.parametrize("name", ["../a.txt", "/etc/a.txt", "d/../../a.txt", "C:\\a.txt", "..\\a.txt"])
def test_paths_that_lead_out_are_refused(tmp_path: Path, name: str) -> None:
    assert "leads out of it" in refused(archive(tmp_path, (name, b"x")))


def test_a_bomb_is_refused_before_anything_is_unpacked(tmp_path: Path) -> None:
    assert "more than 200 times its size" in refused(archive(tmp_path, ("a.txt", bytes(150 << 20))))


def test_links_passwords_and_other_files_are_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.png")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert "a link instead of a file" in refused(archive(tmp_path, (link, b"/etc/passwd")))
    path = archive(tmp_path, ("a.txt", b"x"))
    raw = bytearray(path.read_bytes())
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(raw)
    assert "encrypted" in refused(path)
    path.write_bytes(b"no archive")
    assert "not a ZIP archive" in refused(path)


def test_a_damaged_member_is_its_owner_s_mistake(tmp_path: Path) -> None:
    path = archive(tmp_path, ("a.txt", b"hello world"), compression=zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(b"hello world", b"hello wOrld"))
    assert "damaged" in refused(path)


def test_members_are_read_in_pieces(tmp_path: Path) -> None:
    bundle = Archive(archive(tmp_path, ("a.txt", b"one\ntwo\nthree")), "some.zip")
    assert list(io.TextIOWrapper(bundle.open("a.txt"))) == ["one\n", "two\n", "three"]
