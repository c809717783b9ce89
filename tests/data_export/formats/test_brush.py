"""Painted masks: as arrays, as pictures and as the polygons of COCO, against the official converter."""

from __future__ import annotations

import io
import random
import warnings
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import given, settings
from hypothesis import strategies as st

import labeling
from core.contours import outlines
from data_export.brush_rle import MaskRefused, decode_alpha
from data_export.geometry import area
from tests.data_export.formats.labelled_media import BRUSH, HEIGHT, WIDTH, box, mask, picture_project
from tests.data_export.formats.peer import archive_of, converted, exported, read, text_of
from tests.people import Person

MASKS = Path(labeling.__file__).parent / "vectors/masks.json"


def encoded(alpha: bytes, colour: tuple[int, int, int] | None = None) -> list[int]:
    """What the SDK's encoder makes of a mask; without a colour all four channels are the mask, as the editor paints them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import numpy as np
        from label_studio_sdk.converter.brush import encode_rle
    pixels = b"".join(bytes((*(colour or (value,) * 3), value)) for value in alpha)
    return [int(byte) for byte in encode_rle(np.frombuffer(pixels, np.uint8))]


def painted(*boxes: tuple[int, int, int, int], width: int = WIDTH, height: int = HEIGHT) -> bytes:
    """A mask of rectangles (x, y, width, height)."""
    rows = [bytearray(width) for _ in range(height)]
    for x, y, across, down in boxes:
        for row in rows[y : y + down]:
            row[x : x + across] = b"\xff" * across
    return b"".join(rows)


ONE = painted((3, 4, 20, 10), (10, 10, 5, 20))
TWO = painted((0, 0, WIDTH, HEIGHT))


@pytest.mark.parametrize("format", ["BRUSH_TO_NUMPY", "BRUSH_TO_PNG"])
def test_masks_are_the_official_converter_s_files(ann: Person, tmp_path: Path, format: str) -> None:
    from PIL import Image

    results = [
        [
            mask(["Cell"], encoded(ONE)),
            mask(["Cell"], encoded(TWO, (1, 2, 3))),
            mask(["Back/ground"], encoded(ONE, (0, 0, 0))),
            mask([], encoded(ONE)),
        ],
        [mask(["Cell"], encoded(TWO))],
        None,
    ]
    project = picture_project(ann, BRUSH, *results)
    archive = archive_of(ann, project, format)
    peer = {path.name: path.read_bytes() for path in converted(ann, project, format, tmp_path).iterdir()}
    # A mask without a label has an empty list of labels, which the peer writes as nothing: `…-mask--0`.
    assert {name.replace("no_label", "") for name in archive} == set(peer)
    assert len(archive) == 5
    for name, content in archive.items():
        theirs = peer[name.replace("no_label", "")]
        if format == "BRUSH_TO_NUMPY":
            assert content == theirs
        else:
            mine, other = Image.open(io.BytesIO(content)), Image.open(io.BytesIO(theirs))
            assert (mine.mode, mine.size, mine.tobytes()) == (other.mode, other.size, other.tobytes())


@pytest.mark.parametrize(("format", "magic"), [("BRUSH_TO_NUMPY", b"\x93NUMPY"), ("BRUSH_TO_PNG", b"\x89PNG")])
def test_a_single_mask_is_sent_without_an_archive(ann: Person, format: str, magic: bytes) -> None:
    project = picture_project(ann, BRUSH, [mask(["Cell"], encoded(ONE))])
    answer = ann.get(f"/api/projects/{project}/export", exportType=format)
    assert answer["filename"].rpartition(".")[2] == format.rpartition("_")[2].lower().replace("numpy", "npy")
    assert b"".join(answer.streaming_content).startswith(magic)


def test_the_command_line_writes_the_same_kind_of_file(ann: Person, tmp_path: Path) -> None:
    project = picture_project(ann, BRUSH, [mask(["Cell"], encoded(ONE))])
    call_command("export", str(project), "BRUSH_TO_PNG", export_path=str(tmp_path), stdout=io.StringIO())
    assert (tmp_path / f"project-{project}.png").read_bytes() == exported(ann, project, "BRUSH_TO_PNG")


def test_no_mask_is_an_empty_archive(ann: Person) -> None:
    project = picture_project(ann, BRUSH, None)
    assert archive_of(ann, project, "BRUSH_TO_PNG") == {}


def test_a_mask_that_cannot_be_read_is_named_and_the_rest_exported(ann: Person) -> None:
    broken = [
        mask(["Cell"], encoded(ONE)[:20]),
        mask(["Cell"], encoded(ONE), (HEIGHT, HEIGHT)),
        mask(["Cell"], []),
        mask(["Cell"], encoded(ONE)),
    ]
    project = picture_project(ann, BRUSH, broken)
    archive = archive_of(ann, project, "BRUSH_TO_NUMPY")
    assert [name.rpartition(".")[2] for name in archive] == ["npy", "txt"]
    assert archive["missing.txt"].decode().count("\n") == 3
    coco = archive_of(ann, project, "BRUSH_TO_COCO")
    assert len(text_of(coco["result_coco.json"])["annotations"]) == 1
    assert coco["missing.txt"].decode().count("\n") == 3


def test_names_hold_no_path(ann: Person) -> None:
    project = picture_project(
        ann, BRUSH, [mask(["../../etc\\x\x01y:z"], encoded(ONE)), mask(["a/b"], encoded(ONE)), mask(["a-b"], encoded(ONE))]
    )
    names = list(archive_of(ann, project, "BRUSH_TO_NUMPY"))
    assert all("/" not in name and "\\" not in name and ":" not in name and name.isprintable() for name in names)
    assert [name.partition("-mask-")[2] for name in names[1:]] == ["a-b-0.npy", "a-b-1.npy"]


def test_polygons_are_those_of_the_official_converter(ann: Person, tmp_path: Path) -> None:
    rings = painted((5, 5, 20, 20), (40, 2, 3, 30), (28, 28, 6, 2))
    config = BRUSH.replace("</View>", '<RectangleLabels name="box" toName="image"><Label value="Box"/></RectangleLabels></View>')
    project = picture_project(
        ann,
        config,
        [mask(["Cell"], encoded(ONE)), mask(["Cell"], encoded(rings)), box("Box", 10, 20, 30, 40)],
        [mask(["Back/ground"], encoded(TWO))],
        None,
    )
    archive = archive_of(ann, project, "BRUSH_TO_COCO")
    document, peer = text_of(archive["result_coco.json"]), read(converted(ann, project, "BRUSH_TO_COCO", tmp_path) / "result_coco.json")

    def rows(found: Any) -> Any:
        names = {row["id"]: row["name"] for row in found["categories"]}
        keys = ("segmentation", "area", "bbox", "iscrowd", "annotator")
        return sorted([names[row["category_id"]], row["image_id"], *(row[key] for key in keys)] for row in found["annotations"])

    assert rows(document) == rows(peer)
    assert document["annotations"][0].keys() == peer["annotations"][0].keys()
    assert document["images"][0].keys() == peer["images"][0].keys()
    assert [(row["width"], row["height"], row["path"]) for row in document["images"][:2]] == [
        (row["width"], row["height"], row["path"]) for row in peer["images"]
    ]
    assert (document["images"][2]["width"], document["images"][2]["height"]) == (WIDTH, HEIGHT)  # the peer drops pictures without a mask
    assert {*document["categories"][0]} == {*peer["categories"][0]}
    assert {row["name"]: (row["id"], row["color"]) for row in document["categories"]}["Cell"] == (
        3,
        "#ff0000",
    )  # in the config's numbers, not by chance
    assert {*archive} == {"images/", "result_coco.json"}


def test_a_turned_box_has_its_hull_where_the_peer_forgets_the_turn(ann: Person) -> None:
    config = BRUSH.replace("</View>", '<RectangleLabels name="box" toName="image"><Label value="Box"/></RectangleLabels></View>')
    project = picture_project(ann, config, [box("Box", 50, 20, 50, 20, 90)])
    (row,) = text_of(archive_of(ann, project, "BRUSH_TO_COCO")["result_coco.json"])["annotations"]
    assert [round(number, 6) for number in row["bbox"]] == [22, 8, 8, 30]


def test_pictures_come_along_when_resources_are_asked_for(ann: Person) -> None:
    project = picture_project(ann, BRUSH, [mask(["Cell"], encoded(ONE))])
    assert "images/picture0.png" in archive_of(ann, project, "BRUSH_TO_COCO", download_resources="true")


def test_masks_are_counted_per_answer_and_control(ann: Person) -> None:
    project = picture_project(ann, BRUSH, [mask(["Cell"], encoded(ONE))] * 3)
    assert [name.rpartition("-")[2] for name in archive_of(ann, project, "BRUSH_TO_PNG")] == ["0.png", "1.png", "2.png"]
    assert exported(ann, project, "BRUSH_TO_PNG")[:2] == b"PK"


@settings(deadline=None)
@given(st.integers(1, 20), st.integers(1, 20), st.randoms(use_true_random=False), st.booleans())
def test_any_mask_survives_the_sdk_s_encoder(width: int, height: int, draw: random.Random, noisy: bool) -> None:
    alpha = bytes(draw.choices(range(256) if noisy else (0, 255), k=width * height))
    assert decode_alpha(encoded(alpha, (7, 0, 255) if noisy else None), width, height) == alpha


@pytest.mark.parametrize("vector", read(MASKS)["vectors"], ids=lambda vector: str(vector["name"]))
def test_masks_mean_here_what_they_mean_in_the_editor(vector: dict[str, Any]) -> None:
    wanted = b"".join(bytes([value]) * pixels for value, pixels in vector["runs"])
    for rle in (vector["rle"], vector["written"]):
        assert decode_alpha(rle, vector["width"], vector["height"]) == wanted


@settings(deadline=None)
@given(
    st.binary(max_size=200) | st.binary(max_size=100).map(lambda body: bytes([0, 0, 0, 64, 0x3A, 0xF7, 0x7F]) + body),
    st.integers(-1, 8),
    st.integers(-1, 8),
)
def test_any_bytes_are_a_mask_of_that_size_or_refused(data: bytes, width: int, height: int) -> None:
    try:
        found = decode_alpha(list(data), width, height)
    except MaskRefused:
        return
    assert len(found) == width * height


def test_a_few_bytes_cannot_claim_a_huge_picture() -> None:
    with pytest.raises(MaskRefused):
        decode_alpha([255] * 60, 40_000, 26_843)


@settings(deadline=None)
@given(st.integers(1, 14), st.integers(1, 14), st.randoms(use_true_random=False), st.sampled_from([0.2, 0.5, 0.8]))
def test_outlines_are_opencv_s_outer_contours(width: int, height: int, draw: random.Random, share: float) -> None:
    import cv2
    import numpy as np

    alpha = bytes(255 if draw.random() < share else 0 for _ in range(width * height))
    contours, _ = cv2.findContours(np.frombuffer(alpha, np.uint8).reshape(height, width), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    theirs = [[tuple(map(int, point[0])) for point in contour] for contour in contours]
    ours = outlines(alpha, width, height)
    assert sorted(ours) == sorted(theirs)
    assert sorted(area(points) for points in ours) == sorted(cv2.contourArea(contour) for contour in contours)
