"""COCO, YOLO, Pascal VOC, CoNLL and spaCy: what was exported is imported again equal, whatever was drawn; and what others write."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.permissions import Role
from data_export.brush_rle import decode_alpha
from tests.data_export.formats.labelled_media import (
    HEIGHT,
    POSES,
    RECTANGLES,
    SHAPES,
    WIDTH,
    box,
    picture,
    picture_project,
    point,
    polygon,
)
from tests.data_export.formats.peer import exported
from tests.labelled import import_tasks, make_project, send_files
from tests.people import Person, somebody

pytestmark = pytest.mark.django_db

FEW = settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
SPANS = '<View><Text name="text" value="$text"/><Labels name="ner" toName="text"><Label value="PER"/><Label value="LOC"/></Labels></View>'

PART = st.integers(0, 50).map(float)
SIDE = st.integers(1, 50).map(float)
BOX = st.builds(box, st.sampled_from(["Truck", "Car"]), PART, PART, SIDE, SIDE)
POLYGON = st.builds(
    lambda label, points: polygon(label, *points),
    st.sampled_from(["Road", "Sky"]),
    st.lists(st.tuples(PART, PART), min_size=3, max_size=6),
)


@pytest.fixture
def ann() -> Person:
    return somebody(Role.MANAGER)


def archive(**files: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        for name, body in files.items():
            packed.writestr(name, body)
    return content.getvalue()


def imported(person: Person, config: str, name: str, content: bytes) -> list[dict[str, Any]]:
    """The tasks of a new project after an import of a file."""
    project = make_project(person, config)
    answer = send_files(person, f"/api/projects/{project}/import", (name, content))
    assert answer.status_code == 201, answer.content
    found: list[dict[str, Any]] = orjson.loads(exported(person, project, "JSON", download_all_tasks="1"))
    return found


def drawn(result: list[dict[str, Any]]) -> list[Any]:
    """What can be seen of a result: control, label and numbers, in an order of its own."""

    def numbers(value: Any) -> Any:
        if isinstance(value, list):
            return [numbers(part) for part in value]
        return round(value, 4) if isinstance(value, int | float) and not isinstance(value, bool) else value

    return sorted(
        [row["from_name"], row["original_width"], *([key, numbers(value)] for key, value in sorted(row["value"].items()))] for row in result
    )


def results(tasks: list[dict[str, Any]]) -> list[Any]:
    return [drawn(task["annotations"][0]["result"]) if task["annotations"] else [] for task in tasks]


@FEW
@given(pictures=st.lists(st.lists(BOX | POLYGON, max_size=4), min_size=1, max_size=3))
@pytest.mark.parametrize("format", ["COCO_WITH_IMAGES", "YOLO_WITH_IMAGES"])
def test_shapes_come_back_equal(format: str, pictures: list[Any]) -> None:
    ann = somebody(Role.MANAGER)
    project = picture_project(ann, SHAPES, *pictures)
    tasks = imported(ann, SHAPES, "x.zip", exported(ann, project, format))
    assert results(tasks) == [drawn(result) for result in pictures]
    assert [task["data"]["image"].rsplit("-", 1)[-1] for task in tasks] == [f"picture{number}.png" for number in range(len(pictures))]


WHOLE = st.integers(0, 20)
PIXELS = st.builds(
    lambda label, x, y, width, height: box(label, x * 100 / WIDTH, y * 100 / HEIGHT, width * 100 / WIDTH, height * 100 / HEIGHT),
    st.sampled_from(["Truck", "Car", "Bus"]),
    WHOLE,
    WHOLE,
    st.integers(1, 19),
    st.integers(1, 19),
)


@FEW
@given(pictures=st.lists(st.lists(PIXELS, max_size=4), min_size=1, max_size=3))
def test_rectangles_of_whole_pixels_come_back_equal_from_voc(pictures: list[Any]) -> None:
    ann = somebody(Role.MANAGER)
    project = picture_project(ann, RECTANGLES, *pictures)
    tasks = imported(ann, RECTANGLES, "x.zip", exported(ann, project, "VOC"))
    # VOC cuts off parts of pixels: a side may be one pixel shorter after the way through percent.
    assert [[(row["from_name"], row["value"]["rectanglelabels"]) for row in task["annotations"][0]["result"]] for task in tasks] == [
        [(row["from_name"], row["value"]["rectanglelabels"]) for row in result] for result in pictures
    ]
    for task, result in zip(tasks, pictures, strict=True):
        for ours, row in zip(task["annotations"][0]["result"], result, strict=True):
            for side, length in (("x", WIDTH), ("y", HEIGHT), ("width", WIDTH), ("height", HEIGHT)):
                assert abs(ours["value"][side] - row["value"][side]) * length / 100 < 1.001


def test_turned_boxes_come_back_turned_from_obb(ann: Person) -> None:
    result = [box("Car", 40, 20, 30, 20, 30), box("Bus", 50, 50, 10, 40, 270)]
    project = picture_project(ann, RECTANGLES, result)
    tasks = imported(ann, RECTANGLES, "x.zip", exported(ann, project, "YOLO_OBB_WITH_IMAGES"))
    assert results(tasks) == [drawn(result)]


def test_key_points_come_back_from_coco(ann: Person) -> None:
    project = picture_project(ann, POSES, [box("Person", 10, 10, 50, 50, id="a"), point("nose", 25, 25), point("left", 30, 50)])
    (task,) = imported(ann, POSES, "x.zip", exported(ann, project, "COCO_WITH_IMAGES"))
    rows = task["annotations"][0]["result"]
    assert [(row["type"], row["value"].get("keypointlabels", row["value"].get("rectanglelabels"))) for row in rows] == [
        ("rectanglelabels", ["Person"]),
        ("keypointlabels", ["nose"]),
        ("keypointlabels", ["left"]),
    ]
    assert (rows[1]["value"]["x"], rows[2]["value"]["y"]) == (25, 50)


WORDS = st.lists(st.sampled_from(["Ann", "went", "to", "Rome", "Bob"]), min_size=1, max_size=6)


@FEW
@given(texts=st.lists(st.tuples(WORDS, st.lists(st.sampled_from(["", "PER", "LOC"]), min_size=6, max_size=6)), min_size=1, max_size=3))
@pytest.mark.parametrize(("format", "name"), [("CONLL2003", "a.conll")])
def test_tagged_words_come_back_equal(format: str, name: str, texts: list[tuple[list[str], list[str]]]) -> None:
    ann = somebody(Role.MANAGER)
    tasks = []
    for words, labels in texts:
        text, rows, at = " ".join(words), [], 0
        for number, (word, label) in enumerate(zip(words, labels, strict=False)):
            value = {"start": at, "end": at + len(word), "text": word, "labels": [label]}
            if label:
                rows.append({"id": f"r{number}", "from_name": "ner", "to_name": "text", "type": "labels", "value": value})
            at += len(word) + 1
        tasks.append({"data": {"text": text}, "annotations": [{"result": rows}]})
    project = make_project(ann, SPANS)
    import_tasks(ann, project, tasks)
    found = imported(ann, SPANS, name, exported(ann, project, format))
    assert [task["data"] for task in found] == [task["data"] for task in tasks]
    assert [[row["value"] for row in task["annotations"][0]["result"]] for task in found] == [
        [row["value"] for row in task["annotations"][0]["result"]]  # type: ignore[index]
        for task in tasks
    ]


def test_entities_of_spacy_are_read(ann: Person) -> None:
    spacy = pytest.importorskip("spacy")
    from spacy.tokens import DocBin

    doc = spacy.blank("en")("Ann went to Rome")
    doc.ents = [doc.char_span(0, 3, "PER"), doc.char_span(12, 16, "LOC")]
    (task,) = imported(ann, SPANS, "a.spacy", DocBin(docs=[doc]).to_bytes())
    assert task["data"] == {"text": "Ann went to Rome"}
    assert [row["value"] for row in task["annotations"][0]["result"]] == [
        {"start": 0, "end": 3, "text": "Ann", "labels": ["PER"]},
        {"start": 12, "end": 16, "text": "Rome", "labels": ["LOC"]},
    ]


def test_a_yolo_folder_as_training_tools_have_it(ann: Person) -> None:
    content = archive(
        **{
            "set/data.yaml": b"names:\n  0: Car\n  1: Bus\n",
            "set/images/train/a.png": picture(),
            "set/labels/train/a.txt": b"1 0.5 0.5 0.25 0.5\n0 0.1 0.1 0.3 0.1 0.2 0.4\n",
            "set/images/val/b.png": picture(),
            "set/labels/val/b.txt": b"",
            "set/images/val/c.png": picture(),
        }
    )
    tasks = imported(ann, RECTANGLES, "x.zip", content)
    assert [len(task["annotations"]) for task in tasks] == [1, 1, 0]
    first = tasks[0]["annotations"][0]["result"]
    assert [row["value"]["rectanglelabels"] for row in first] == [["Bus"], ["Car"]]
    assert [first[0]["value"][side] for side in ("x", "y", "width", "height")] == [37.5, 25, 25, 50]
    assert tasks[1]["annotations"][0]["result"] == []


def test_poses_come_back_from_yolo(ann: Person) -> None:
    project = picture_project(ann, POSES, [box("Person", 10, 10, 50, 50, id="a"), {**point("nose", 25, 25), "parentID": "a"}])
    (task,) = imported(ann, POSES, "x.zip", exported(ann, project, "YOLO_WITH_IMAGES"))
    owner, nose = task["annotations"][0]["result"]
    assert (owner["value"]["rectanglelabels"], nose["value"]["keypointlabels"], nose["parentID"]) == (["Person"], ["nose"], owner["id"])
    assert (round(nose["value"]["x"], 6), round(nose["value"]["y"], 6)) == (25, 25)


BRUSH = '<View><Image name="image" value="$image"/><BrushLabels name="b" toName="image"><Label value="Car"/></BrushLabels></View>'


@pytest.mark.parametrize("counts", [[2, 2, 10, 2], "22:0"], ids=["numbers", "packed"])
def test_masks_of_coco_are_painted(ann: Person, counts: Any) -> None:
    annotation = {"id": 1, "image_id": 5, "category_id": 3, "bbox": [0, 0, 1, 1], "iscrowd": 1}
    document = {
        "annotations": [
            {**annotation, "segmentation": {"size": [4, 4], "counts": counts}},
        ],
        "info": {"x": [1, {"y": 2}]},
        "images": [{"id": 5, "file_name": "https://example.org/a.png", "width": 4, "height": 4}],
        "categories": [{"id": 3, "name": "Car"}],
    }
    (task,) = imported(ann, BRUSH, "a.json", orjson.dumps(document))
    (row,) = task["annotations"][0]["result"]
    mask = decode_alpha(row["value"]["rle"], 4, 4)
    # Runs go down the columns: the third and fourth pixel of the first, the last two of the fourth.
    assert [(at % 4, at // 4) for at, painted in enumerate(mask) if painted] == [(0, 2), (3, 2), (0, 3), (3, 3)]
    assert (row["value"]["brushlabels"], row["original_width"]) == (["Car"], 4)


MASK = {
    "images": [{"id": 5, "file_name": "https://example.org/a.png", "width": 8, "height": 8}],
    "categories": [{"id": 3, "name": "Car"}],
    # Columns 2 to 5, rows 2 to 4.
    "annotations": [{"id": 1, "image_id": 5, "category_id": 3, "bbox": [2, 2, 4, 3], "iscrowd": 1,
                     "segmentation": {"size": [8, 8], "counts": [18, 3, 5, 3, 5, 3, 5, 3, 19]}}],
}  # fmt: skip


def previewed(person: Person, config: str, name: str, content: bytes) -> dict[str, Any]:
    project = make_project(person, config)
    upload = send_files(person, f"/api/projects/{project}/uploads", (name, content)).json()["id"]
    found: dict[str, Any] = person.post(f"/api/projects/{project}/imports/preview", {"file_upload_ids": [upload]}).json()
    return found


def test_masks_and_polygons_take_the_shape_that_the_set_up_has_and_people_are_told(ann: Person) -> None:
    document = orjson.dumps(MASK)
    polygons = BRUSH.replace("BrushLabels", "PolygonLabels")
    (row,) = imported(ann, polygons, "a.json", document)[0]["annotations"][0]["result"]
    assert sorted(row["value"]["points"]) == [[31.25, 31.25], [31.25, 56.25], [68.75, 31.25], [68.75, 56.25]]
    assert "become polygons" in previewed(ann, polygons, "a.json", document)["notes"][0]
    boxes = BRUSH.replace("BrushLabels", "RectangleLabels")
    (row,) = imported(ann, boxes, "a.json", document)[0]["annotations"][0]["result"]
    assert [row["value"][side] for side in ("x", "y", "width", "height")] == [25, 25, 50, 37.5]
    assert "only the boxes" in previewed(ann, boxes, "a.json", document)["notes"][0]
    outlined = {**MASK, "annotations": [{"id": 1, "image_id": 5, "category_id": 3, "segmentation": [[2, 2, 5, 2, 5, 4, 2, 4]]}]}
    (row,) = imported(ann, BRUSH, "a.json", orjson.dumps(outlined))[0]["annotations"][0]["result"]
    assert sum(map(bool, decode_alpha(row["value"]["rle"], 8, 8))) == 12
    assert "painted" in previewed(ann, BRUSH, "a.json", orjson.dumps(outlined))["notes"][0]
    assert previewed(ann, BRUSH, "a.json", document)["notes"] == []


def test_a_shape_that_the_set_up_cannot_hold_is_refused_in_words(ann: Person) -> None:
    boxed = {**MASK, "annotations": [{"id": 1, "image_id": 5, "category_id": 3, "bbox": [2, 2, 4, 3]}]}
    project = make_project(ann, BRUSH)
    answer = send_files(ann, f"/api/projects/{project}/import", ("a.json", orjson.dumps(boxed)))
    assert (answer.status_code, "Add a control that can" in answer.content.decode()) == (400, True)


QUADS = b"0 0.1 0.1 0.5 0.1 0.5 0.5 0.1 0.5\n0 0.1 0.1 0.9 0.1 0.7 0.6 0.2 0.6\n"


@pytest.mark.parametrize(
    ("said", "types"),
    [
        ({"notes.json": b'{"info": {"task": "segment"}}'}, ["polygonlabels", "polygonlabels"]),
        ({"notes.json": b'{"info": {"task": "obb"}}'}, ["rectanglelabels", "polygonlabels"]),  # the second has no right angles
        ({"data.yaml": b"names: [Car]\ntask: segment\n"}, ["polygonlabels", "polygonlabels"]),
        ({"data.yaml": b"names: [Car]\n"}, ["rectanglelabels", "polygonlabels"]),
        ({"labels/b.txt": b"0 0.5 0.5 0.1 0.1\n", "images/b.png": picture()}, ["polygonlabels", "polygonlabels"]),
    ],
    ids=["segment", "obb", "yaml", "unsaid", "among boxes"],
)
def test_four_corners_are_a_turned_box_or_a_polygon_by_what_the_set_is_for(ann: Person, said: dict[str, bytes], types: list[str]) -> None:
    content = archive(**{"classes.txt": b"Car\n", "images/a.png": picture(), "labels/a.txt": QUADS, **said})
    task = imported(ann, SHAPES, "x.zip", content)[0]
    assert [row["type"] for row in task["annotations"][0]["result"]] == types


def test_a_project_without_a_set_up_is_proposed_one(ann: Person) -> None:
    document = {
        "images": [{"id": 1, "file_name": "a.png", "width": 10, "height": 10}],
        "categories": [{"id": 1, "name": 'Car "old"'}, {"id": 2, "name": "Bus"}],
        "annotations": [
            {"image_id": 1, "category_id": 1, "bbox": [1, 1, 2, 2]},
            {"image_id": 1, "category_id": 2, "bbox": [1, 1, 2, 2], "segmentation": [[1, 1, 3, 1, 3, 3]]},
        ],
    }
    files = {
        "a.json": orjson.dumps(document),
        "a.conll": b"Ann B-PER\nwent O\n",
        "y.zip": archive(**{"classes.txt": b"Car\nBus\n", "images/a.png": picture(), "labels/a.txt": b"1 0.5 0.5 0.5 0.5\n"}),
    }
    for name, content in files.items():
        project = make_project(ann, "<View></View>")
        upload = send_files(ann, f"/api/projects/{project}/uploads", (name, content)).json()["id"]
        answer = ann.post(f"/api/projects/{project}/imports/preview", {"file_upload_ids": [upload]}).json()
        assert ann.patch(f"/api/projects/{project}/", {"label_config": answer["proposal"]}).status_code == 200
        again = ann.post(f"/api/projects/{project}/imports/preview", {"file_upload_ids": [upload]}).json()
        assert (again["proposal"], again["problems"], again["annotations"]) == ("", [], 1), name
        assert all(found["label"] == found["name"] for found in again["classes"])
        assert again["tasks"][0]["regions"] == sum(found["count"] for found in again["classes"])


def test_what_cannot_be_read_is_told(ann: Person) -> None:
    project = make_project(ann, RECTANGLES)
    for content in (
        archive(**{"classes.txt": b"Car\n", "labels/a.txt": b"0 0.5 0.5 0.5 0.5\n"}),
        archive(**{"a.xml": b"<annotation><size></size><object>"}),
        archive(**{"a.json": b'{"images": [{"file_name": "a.png"'}),
    ):
        answer = send_files(ann, f"/api/projects/{project}/import", ("x.zip", content))
        assert answer.status_code == 400, answer.content
