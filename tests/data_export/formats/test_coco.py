"""COCO and COCO_WITH_IMAGES against the official converter."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.data_export.formats.labelled_media import POSES, SHAPES, box, picture, picture_project, point, polygon, upload
from tests.data_export.formats.peer import archive_of, converted, read, text_of
from tests.labelled import import_tasks, make_project
from tests.people import Person

TRIANGLE = polygon("Road", (10, 10), (50, 10), (30, 60))


def ours(person: Person, project: int, **query: Any) -> dict[str, Any]:
    return text_of(archive_of(person, project, "COCO", **query)["result.json"])  # type: ignore[no-any-return]


def rounded(value: Any) -> Any:
    """Numbers to nine decimals, so that the order of multiplications does not matter."""
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [rounded(item) for item in value]
    return round(float(value), 9) if isinstance(value, int | float) else value


def images_of(document: dict[str, Any]) -> list[Any]:
    return [{**image, "file_name": Path(image["file_name"]).name.rpartition("-")[2]} for image in document["images"]]


def test_boxes_and_polygons_are_those_of_the_official_converter(ann: Person, tmp_path: Path) -> None:
    results = [
        [box("Car", 10, 20, 30, 40), TRIANGLE, box("Truck", 0, 0, 100, 100)],
        None,
        [polygon("Sky", (0, 0), (100, 0), (100, 50), (0, 50))],
    ]
    project = picture_project(ann, SHAPES, *results)
    document, peer = ours(ann, project), read(converted(ann, project, "COCO", tmp_path) / "result.json")
    assert rounded(document["annotations"]) == rounded(peer["annotations"])
    assert sorted(map(str, document["categories"])) == sorted(map(str, peer["categories"]))
    assert images_of(document) == images_of(peer)
    assert document["info"].keys() == peer["info"].keys()
    assert {key: value for key, value in document["info"].items() if key != "date_created"} == {
        key: value for key, value in peer["info"].items() if key != "date_created"
    }


def test_a_label_s_category_attribute_is_its_number(ann: Person, tmp_path: Path) -> None:
    project = picture_project(
        ann, SHAPES.replace('"Sky"', '"Sky" category="7"').replace('"Car"', '"Car" category="1"'), [box("Car", 1, 1, 5, 5), TRIANGLE]
    )
    document, peer = ours(ann, project), read(converted(ann, project, "COCO", tmp_path) / "result.json")
    assert {row["name"]: row["id"] for row in document["categories"]} == {"Car": 1, "Sky": 7, "Road": 0, "Truck": 2}
    assert sorted(map(str, document["categories"])) == sorted(map(str, peer["categories"]))
    assert [row["category_id"] for row in document["annotations"]] == [row["category_id"] for row in peer["annotations"]] == [1, 0]


def test_turned_boxes_have_the_peer_s_hull_on_a_square_picture(ann: Person, tmp_path: Path) -> None:
    square = (50, 50)
    project = picture_project(
        ann, SHAPES, [box("Car", 40, 20, 30, 20, 30, size=square), box("Car", 40, 40, 10, 30, 250, size=square)], size=square
    )
    document, peer = ours(ann, project), read(converted(ann, project, "COCO", tmp_path) / "result.json")
    assert rounded([row["bbox"] for row in document["annotations"]]) == rounded([row["bbox"] for row in peer["annotations"]])


def test_turned_boxes_are_turned_in_pixels_where_the_peer_skews_them(ann: Person, tmp_path: Path) -> None:
    # A quarter turn of 30 x 8 pixels is 8 x 30 pixels, on a picture of 60 x 40 too.
    project = picture_project(ann, SHAPES, [box("Car", 50, 20, 50, 20, 90)])
    (row,) = ours(ann, project)["annotations"]
    assert rounded(row["bbox"]) == [22, 8, 8, 30]
    (peer,) = read(converted(ann, project, "COCO", tmp_path) / "result.json")["annotations"]
    assert rounded(peer["bbox"][2:]) == [12, 20]


def test_key_points_are_one_annotation_with_the_peer_s_points(ann: Person, tmp_path: Path) -> None:
    project = picture_project(ann, POSES, [point("right", 50, 50), point("nose", 25, 10), box("Animal", 0, 0, 50, 50)])
    document, peer = ours(ann, project), read(converted(ann, project, "COCO", tmp_path) / "result.json")
    mine, theirs = document["annotations"][-1], peer["annotations"][-1]
    assert {key: mine[key] for key in theirs} == theirs
    assert mine["keypoints"] == [15, 4, 2, 0, 0, 0, 30, 20, 2]
    assert (mine["area"], mine["segmentation"]) == (15 * 16, [])  # readers of COCO insist on them; the peer leaves them out
    assert sorted(map(str, document["categories"])) == sorted(map(str, peer["categories"]))


def test_key_points_of_two_people_stay_apart_where_the_peer_mixes_them(ann: Person, tmp_path: Path) -> None:
    first, second = box("Person", 0, 0, 20, 20, id="a"), box("Person", 50, 50, 20, 20, id="b")
    points = [point("nose", 10, 10, parentID="a"), point("nose", 60, 60, parentID="b"), point("left", 70, 70, parentID="b")]
    project = picture_project(ann, POSES, [first, second, *points])
    found = [row["keypoints"] for row in ours(ann, project)["annotations"] if "keypoints" in row]
    assert found == [[6, 4, 2, 0, 0, 0, 0, 0, 0], [36, 24, 2, 42, 28, 2, 0, 0, 0]]
    assert sum("keypoints" in row for row in read(converted(ann, project, "COCO", tmp_path) / "result.json")["annotations"]) == 1


def test_key_points_without_model_index_keep_the_config_s_order_where_the_peer_fails(ann: Person) -> None:
    config = POSES.replace(' model_index="0"', "").replace(' model_index="1"', "").replace(' model_index="2"', "")
    project = picture_project(ann, config, [point("left", 50, 50)])
    document = ours(ann, project)
    assert document["annotations"][0]["keypoints"] == [0, 0, 0, 30, 20, 2, 0, 0, 0]
    assert next(row["keypoints"] for row in document["categories"] if row["name"] == "default") == ["nose", "left", "right"]


def test_every_answer_is_an_image_and_skipped_tasks_are_none(ann: Person, tmp_path: Path) -> None:
    project = make_project(ann, SHAPES)
    (url,) = upload(ann, project, ("a.png", picture()))
    import_tasks(
        ann,
        project,
        [
            {
                "data": {"image": url},
                "annotations": [{"result": [box("Car", 1, 1, 5, 5)]}, {"result": [TRIANGLE]}, {"result": [], "was_cancelled": True}],
            },
            {"data": {"image": url}, "annotations": [{"result": [], "was_cancelled": True}]},
        ],
    )
    document, peer = ours(ann, project), read(converted(ann, project, "COCO", tmp_path) / "result.json")
    assert images_of(document) == images_of(peer)
    assert len(document["images"]) == 2
    assert sorted(row["category_id"] for row in document["annotations"]) == sorted(row["category_id"] for row in peer["annotations"])


def test_choices_are_no_categories_though_they_are_at_the_peer(ann: Person) -> None:
    config = SHAPES.replace("</View>", '<Choices name="light" toName="image"><Choice value="Day"/><Choice value="Night"/></Choices></View>')
    project = picture_project(ann, config, [{"from_name": "light", "to_name": "image", "type": "choices", "value": {"choices": ["Day"]}}])
    document = ours(ann, project)
    assert {row["name"] for row in document["categories"]} == {"Car", "Truck", "Road", "Sky"}
    assert [(image["width"], image["height"]) for image in document["images"]] == [(60, 40)]
    assert document["annotations"] == []


def test_a_label_that_left_the_config_gets_the_next_number(ann: Person) -> None:
    project = picture_project(ann, SHAPES.replace('"Sky"', '"Sky" category="7"'), [box("Car", 1, 1, 5, 5)])
    assert ann.patch(f"/api/projects/{project}/", {"label_config": SHAPES.replace('"Sky"', '"Sky" category="7"')}).status_code == 200
    import_tasks(ann, project, [{"data": {"image": "https://example.com/a.png"}, "annotations": [{"result": [box("Boat", 1, 1, 5, 5)]}]}])
    document = ours(ann, project)
    assert {row["id"]: row["name"] for row in document["categories"]}[document["annotations"][-1]["category_id"]] == "Boat"
    assert document["annotations"][-1]["category_id"] == 8


def test_a_shape_drawn_with_labels_and_polygon_is_kept_though_the_peer_drops_it(ann: Person, tmp_path: Path) -> None:
    config = '<View><Image name="image" value="$image"/><Labels name="label" toName="image"><Label value="Road"/></Labels><Polygon name="polygon" toName="image"/><Rectangle name="box" toName="image"/></View>'
    row = {"from_name": "label", "to_name": "image", "type": "labels", "original_width": 60, "original_height": 40}
    shapes = [
        {"points": [[0, 0], [50, 0], [0, 50]], "labels": ["Road"]},
        {"x": 10, "y": 10, "width": 10, "height": 10, "rotation": 0, "labels": ["Road"]},
    ]
    project = picture_project(ann, config, [{**row, "value": value} for value in shapes])
    assert [bool(item["segmentation"]) for item in ours(ann, project)["annotations"]] == [True, False]
    assert len(read(converted(ann, project, "COCO", tmp_path) / "result.json")["annotations"]) == 1


def test_images_are_in_the_archive_under_their_own_names(ann: Person) -> None:
    project = picture_project(ann, SHAPES, [box("Car", 1, 1, 5, 5)], None, None, names=["my Straße.png", "b.png", "b.png"])
    archive = archive_of(ann, project, "COCO_WITH_IMAGES")
    names = [image["file_name"] for image in text_of(archive["result.json"])["images"]]
    assert names[:2] == ["images/my Straße.png", "images/b.png"]
    assert names[2].endswith("-b.png")
    assert {name for name in archive if not name.endswith("/")} == {*names, "result.json"}
    assert all(archive[name] == picture() for name in names)
    plain = archive_of(ann, project, "COCO")
    assert {*plain} == {"images/", "result.json"}
    assert [image["file_name"] for image in text_of(plain["result.json"])["images"]] == names


@pytest.mark.parametrize(("orientation", "size"), [(1, (60, 40)), (6, (40, 60))])
def test_an_unlabelled_photograph_has_the_size_people_see(ann: Person, orientation: int, size: tuple[int, int]) -> None:
    from PIL import Image

    project = make_project(ann, SHAPES)
    exif = Image.Exif()
    exif[0x0112] = orientation
    (url,) = upload(ann, project, ("a.jpg", picture(format="JPEG", exif=exif)))
    import_tasks(ann, project, [{"image": url}])
    (image,) = ours(ann, project)["images"]
    assert (image["width"], image["height"]) == size
