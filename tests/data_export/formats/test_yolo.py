"""YOLO and YOLO OBB, with and without images, against the official converter."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.data_export.formats.labelled_media import POSES, RECTANGLES, SHAPES, box, picture, picture_project, point, polygon, upload
from tests.data_export.formats.peer import archive_of, converted, read, text_of
from tests.labelled import import_tasks, make_project
from tests.people import Person

TRIANGLE = polygon("Road", (10, 10), (50, 10), (30, 60))


def lines(content: bytes | str) -> list[list[float]]:
    text = content.decode() if isinstance(content, bytes) else content
    return [[round(float(part), 9) for part in line.split()] for line in text.splitlines()]


def labels_of(archive: dict[str, bytes]) -> dict[str, list[list[float]]]:
    return {
        name.removeprefix("labels/"): lines(content)
        for name, content in archive.items()
        if name.startswith("labels/") and not name.endswith("/")
    }


def peer_labels(folder: Path) -> dict[str, list[list[float]]]:
    # The peer names a label file by the stored upload, prefix and all.
    return {path.name[9:]: lines(path.read_text()) for path in (folder / "labels").iterdir()}


def named(labels: dict[str, list[list[float]]], classes: str | bytes) -> dict[str, list[list[Any]]]:
    """Lines with the names of their classes: ours are in the order of the set-up, the peer's in that of the alphabet."""
    names = (classes.decode() if isinstance(classes, bytes) else classes).splitlines()
    return {file: [[names[int(row[0])], *row[1:]] for row in rows] for file, rows in labels.items()}


def assert_like_the_peer(archive: dict[str, bytes], peer: Path) -> None:
    assert named(labels_of(archive), archive["classes.txt"]) == named(peer_labels(peer), (peer / "classes.txt").read_text())
    ours, theirs = text_of(archive["notes.json"]), read(peer / "notes.json")
    assert {row["name"] for row in ours["categories"]} == {row["name"] for row in theirs["categories"]}
    assert [row["name"] for row in ours["categories"]] == archive["classes.txt"].decode().splitlines()
    assert {**ours["info"], **theirs["info"]} == ours["info"]


@pytest.mark.parametrize("format", ["YOLO", "YOLO_OBB"])
def test_label_files_and_classes_are_those_of_the_official_converter(ann: Person, tmp_path: Path, format: str) -> None:
    project = picture_project(ann, SHAPES, [box("Car", 10, 20, 30, 40), TRIANGLE, box("Truck", 0, 0, 100, 100)], None, [TRIANGLE], [])
    archive, peer = archive_of(ann, project, format), converted(ann, project, format, tmp_path)
    assert_like_the_peer(archive, peer)
    assert labels_of(archive)["picture1.txt"] == []
    assert archive["classes.txt"].decode().split() == ["Truck", "Car", "Road", "Sky"]
    assert {*archive} == {"images/", "labels/", "classes.txt", "notes.json", *(f"labels/picture{number}.txt" for number in range(4))}


def test_turned_boxes_keep_their_corners_in_obb(ann: Person, tmp_path: Path) -> None:
    project = picture_project(ann, RECTANGLES, [box("Car", 40, 20, 30, 20, 30), box("Bus", 50, 50, 10, 40, 270)])
    archive, peer = archive_of(ann, project, "YOLO_OBB"), converted(ann, project, "YOLO_OBB", tmp_path)
    assert_like_the_peer(archive, peer)
    assert len(labels_of(archive)["picture0.txt"][0]) == 9


def test_obb_keeps_boxes_without_a_rotation_though_the_peer_drops_them(ann: Person, tmp_path: Path) -> None:
    project = picture_project(ann, RECTANGLES, [box("Car", 10, 10, 20, 20, None)])
    assert labels_of(archive_of(ann, project, "YOLO_OBB"))["picture0.txt"] == [[1, 0.1, 0.1, 0.3, 0.1, 0.3, 0.3, 0.1, 0.3]]
    assert peer_labels(converted(ann, project, "YOLO_OBB", tmp_path))["picture0.txt"] == []


def test_plain_yolo_covers_a_turned_box_where_the_peer_forgets_the_turn(ann: Person, tmp_path: Path) -> None:
    project = picture_project(ann, RECTANGLES, [box("Car", 50, 20, 50, 20, 90)])
    assert labels_of(archive_of(ann, project, "YOLO"))["picture0.txt"] == [[1, round(26 / 60, 9), 23 / 40, round(8 / 60, 9), 30 / 40]]
    assert peer_labels(converted(ann, project, "YOLO", tmp_path))["picture0.txt"] == [[1, 0.75, 0.3, 0.5, 0.2]]


def test_boxes_end_at_the_picture_s_edge_though_not_at_the_peer(ann: Person) -> None:
    project = picture_project(ann, RECTANGLES, [box("Car", -10, 50, 30, 60), box("Car", 30, 30, -20, -10)])
    assert labels_of(archive_of(ann, project, "YOLO"))["picture0.txt"] == [[1, 0.1, 0.75, 0.2, 0.5], [1, 0.2, 0.25, 0.2, 0.1]]


def test_a_region_with_two_labels_has_two_lines(ann: Person, tmp_path: Path) -> None:
    project = picture_project(ann, RECTANGLES.replace('name="box"', 'name="box" choice="multiple"'), [box(["Car", "Bus"], 10, 20, 30, 40)])
    archive = archive_of(ann, project, "YOLO")
    assert_like_the_peer(archive, converted(ann, project, "YOLO", tmp_path))
    assert [row[0] for row in labels_of(archive)["picture0.txt"]] == [1, 2]


def test_key_points_stand_behind_the_box_they_lie_in(ann: Person, tmp_path: Path) -> None:
    results = [
        box("Animal", 0, 0, 50, 50, id="a"),
        point("right", 25, 50, parentID="a"),
        point("nose", 25, 10, parentID="a"),
        box("Person", 60, 60, 10, 10, id="b"),
    ]
    project = picture_project(ann, POSES, results)
    archive, peer = archive_of(ann, project, "YOLO"), converted(ann, project, "YOLO", tmp_path)
    assert_like_the_peer(archive, peer)
    assert labels_of(archive)["picture0.txt"][0] == [1, 0.25, 0.25, 0.5, 0.5, 0.25, 0.1, 2, 0, 0, 0, 0.25, 0.5, 2]
    assert archive["classes.txt"].decode() == (peer / "classes.txt").read_text() == "Person\nAnimal\n"


def test_classes_are_the_lines_of_their_file_though_category_attributes_leave_gaps_at_the_peer(ann: Person, tmp_path: Path) -> None:
    project = picture_project(
        ann,
        RECTANGLES.replace('"Truck"', '"Truck" category="9"').replace('"Bus"', '"Bus" category="4"'),
        [box("Truck", 0, 0, 10, 10), box("Bus", 0, 0, 10, 10)],
    )
    archive = archive_of(ann, project, "YOLO")
    names = archive["classes.txt"].decode().split()
    assert [names[int(row[0])] for row in labels_of(archive)["picture0.txt"]] == ["Truck", "Bus"]
    assert names == ["Car", "Bus", "Truck"]
    peer = converted(ann, project, "YOLO", tmp_path)
    assert max(int(row[0]) for row in peer_labels(peer)["picture0.txt"]) >= len((peer / "classes.txt").read_text().split())


def test_every_answer_to_an_image_is_kept_though_the_peer_overwrites_them(ann: Person, tmp_path: Path) -> None:
    project = make_project(ann, RECTANGLES)
    (url,) = upload(ann, project, ("a.png", picture()))
    boxes = [box(label, 0, 0, 10, 10) for label in ("Car", "Truck", "Bus")]
    import_tasks(
        ann, project, [{"data": {"image": url}, "annotations": [{"result": [item], "ground_truth": item is boxes[1]} for item in boxes]}]
    )
    found = labels_of(archive_of(ann, project, "YOLO_WITH_IMAGES"))
    assert found.pop("a.txt")[0][0] == 0  # the ground truth, a truck, belongs to the image
    assert all(name.startswith("a-annotation-") for name in found)
    assert sorted(rows[0][0] for rows in found.values()) == [1, 2]
    assert len(peer_labels(converted(ann, project, "YOLO", tmp_path))) == 1


@pytest.mark.parametrize("format", ["YOLO_WITH_IMAGES", "YOLO_OBB_WITH_IMAGES"])
def test_images_come_along_also_those_without_boxes(ann: Person, format: str) -> None:
    project = picture_project(ann, RECTANGLES, [box("Car", 0, 0, 10, 10)], None, names=["a.png", "b.png"])
    archive = archive_of(ann, project, format)
    assert {*archive} == {"images/", "images/a.png", "images/b.png", "labels/", "labels/a.txt", "labels/b.txt", "classes.txt", "notes.json"}
    assert archive["images/b.png"] == picture()
    assert archive["labels/b.txt"] == b""


def test_images_that_share_a_stem_do_not_share_a_label_file(ann: Person) -> None:
    project = make_project(ann, RECTANGLES)
    urls = upload(ann, project, ("a.png", picture()), ("a.jpg", picture(format="JPEG")), ("A.PNG", picture()))
    import_tasks(ann, project, [{"data": {"image": url}, "annotations": [{"result": [box("Car", 0, 0, 10, 10)]}]} for url in urls])
    archive = archive_of(ann, project, "YOLO_WITH_IMAGES")
    assert len(labels_of(archive)) == 3
    assert {name.rpartition(".")[0][7:].casefold() for name in archive if name.startswith("images/") and name != "images/"} == {
        name[:-4].casefold() for name in labels_of(archive)
    }
