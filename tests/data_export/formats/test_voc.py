"""VOC against the official converter."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

from tests.data_export.formats.labelled_media import RECTANGLES, box, picture, picture_project, upload
from tests.data_export.formats.peer import archive_of, converted
from tests.labelled import import_tasks, make_project
from tests.people import Person

FREE = {"database", "image", "annotation", "filename"}  # texts that say nothing, and names that the peer prefixes


def structure(node: ET.Element) -> tuple[str, str, list[object]]:
    children = [structure(child) for child in node]
    return node.tag, "" if children or node.tag in FREE else node.text or "", children


def document(archive: dict[str, bytes], name: str) -> ET.Element:
    return ET.fromstring(archive[f"Annotations/{name}.xml"])


def test_documents_have_the_structure_of_the_official_converter_s(ann: Person, tmp_path: Path) -> None:
    project = picture_project(
        ann, RECTANGLES, [box("Car", 10, 20, 33, 40), box("Bus & <Tram>", 1.7, 3.4, 50, 50)], [box("Truck", 0, 0, 100, 100)]
    )
    archive = archive_of(ann, project, "VOC")
    for path in (converted(ann, project, "VOC", tmp_path) / "Annotations").iterdir():
        assert structure(document(archive, path.stem[9:])) == structure(ET.fromstring(path.read_text()))
    first = document(archive, "picture0")
    assert first.findtext("filename") == "picture0.png"
    assert [node.findtext("name") for node in first.iter("object")] == ["Car", "Bus & <Tram>"]
    assert [[int(part.text or "") for part in node] for node in first.iter("bndbox")] == [[6, 8, 25, 24], [1, 1, 31, 21]]
    assert (archive["images/picture0.png"], archive["images/picture1.png"]) == (picture(), picture())


def test_a_turned_box_has_its_hull_where_the_peer_forgets_the_turn(ann: Person) -> None:
    project = picture_project(ann, RECTANGLES, [box("Car", 50, 20, 50, 20, 90)])
    (around,) = document(archive_of(ann, project, "VOC"), "picture0").iter("bndbox")
    assert [int(part.text or "") for part in around] == [22, 8, 30, 38]


def test_an_empty_image_is_kept_though_the_peer_drops_it(ann: Person, tmp_path: Path) -> None:
    project = picture_project(ann, RECTANGLES, None, [box("Car", 0, 0, 10, 10)])
    empty = document(archive_of(ann, project, "VOC"), "picture0")
    assert (empty.findtext("size/width"), empty.findtext("size/height"), empty.findtext("size/depth"), empty.find("object")) == (
        "60",
        "40",
        "3",
        None,
    )
    assert len(list((converted(ann, project, "VOC", tmp_path) / "Annotations").iterdir())) == 1


def test_second_answers_have_documents_of_their_own_though_the_peer_overwrites_them(ann: Person) -> None:
    project = make_project(ann, RECTANGLES)
    (url,) = upload(ann, project, ("a.png", picture()))
    import_tasks(
        ann,
        project,
        [{"data": {"image": url}, "annotations": [{"result": [box("Car", 0, 0, 10, 10)]}, {"result": [box("Bus", 0, 0, 10, 10)]}]}],
    )
    names = [name for name in archive_of(ann, project, "VOC") if name.endswith(".xml")]
    assert len(names) == 2
    assert "Annotations/a.xml" in names


def test_no_images_when_resources_are_not_wanted(ann: Person) -> None:
    project = picture_project(ann, RECTANGLES, [box("Car", 0, 0, 10, 10)])
    assert {*archive_of(ann, project, "VOC", download_resources="false")} == {"images/", "Annotations/", "Annotations/picture0.xml"}


def test_characters_that_xml_cannot_hold_are_left_out(ann: Person) -> None:
    project = picture_project(ann, RECTANGLES, [box("C\x01ar", 0, 0, 10, 10), box("two\n\rlines\u2028 ", 0, 0, 10, 10)])
    found = document(archive_of(ann, project, "VOC"), "picture0")
    assert [node.findtext("name") for node in found.iter("object")] == ["Car", "two\n\rlines\u2028 "]
