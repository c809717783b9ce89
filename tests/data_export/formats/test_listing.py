"""`export/formats`: the formats in the order and with the marks that clients know."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import orjson
import pytest
from django.utils import timezone

from labeling import gallery, parse, to_parsed_label_config
from projects.models import Project
from tests.data_export.formats.labelled_media import BRUSH, POSES, RECTANGLES, SHAPES, SPEECH
from tests.data_export.formats.peer import converter_of, exported
from tests.labelled import TEXT_CONFIG, import_tasks, make_project
from tests.people import Person

OWN = {"JSONL", "PARQUET", "SPACY", "HF_DATASET"}
KEYPOINTS = '<View><KeyPointLabels name="k" toName="i"><Label value="a"/></KeyPointLabels><Image name="i" value="$image"/></View>'
PAGES = RECTANGLES.replace('value="$image"', 'valueList="$images"')
TWO_KEYS = RECTANGLES.replace("</View>", '<Text name="t" value="$t"/><TextArea name="ta" toName="t"/></View>')
URL_TEXT = '<View><Labels name="l" toName="t"><Label value="a"/></Labels><Text name="t" value="$t" valueType="url"/></View>'
PLAIN = '<View><Image name="i" value="$i"/><Rectangle name="r" toName="i"/><Labels name="l" toName="i"><Label value="a"/></Labels></View>'
BRUSH_AND_LABELS = PLAIN.replace("Rectangle", "Brush")
CONFIGS = [
    TEXT_CONFIG,
    RECTANGLES,
    SHAPES,
    POSES,
    BRUSH,
    SPEECH,
    KEYPOINTS,
    PAGES,
    TWO_KEYS,
    URL_TEXT,
    PLAIN,
    BRUSH_AND_LABELS,
    "<View></View>",
    *(template.config for template in gallery()),
]


def peer_formats(config: str) -> list[dict[str, Any]]:
    """What the official converter says of a parsed config, as the server lists it: what fits first."""
    converter = converter_of(to_parsed_label_config(parse(config)))
    rows = []
    for format, info in converter.all_formats().items():
        row = {**deepcopy(info), "name": format.name}
        if format.name not in converter.supported_formats:
            row["disabled"] = True
        rows.append(row)
    return sorted(rows, key=lambda row: row.get("disabled", False))


@pytest.mark.parametrize("number", range(len(CONFIGS)))
def test_formats_are_listed_word_for_word_as_the_official_converter_does(ann: Person, number: int) -> None:
    project = make_project(ann)
    Project.objects.filter(pk=project).update(label_config=CONFIGS[number])
    known = ann.get(f"/api/projects/{project}/export/formats").json()
    # DocLang is listed last, as not available, also where the official converter writes it.
    *others, doclang = known
    assert others == [row for row in peer_formats(CONFIGS[number]) if row["name"] != "DOCLANG"]
    assert doclang == {**next(row for row in peer_formats("<View></View>") if row["name"] == "DOCLANG"), "disabled": True}
    rows = ann.get(f"/api/projects/{project}/export/formats", all="true").json()
    assert {row["name"] for row in rows} - {row["name"] for row in known} == OWN
    assert all(row["description"] and row["link"] for row in rows)


def test_what_does_not_fit_is_a_400_where_the_peer_sends_empty_folders(ann: Person) -> None:
    project = make_project(ann)
    for row in ann.get(f"/api/projects/{project}/export/formats").json():
        answer = ann.get(f"/api/projects/{project}/export", exportType=row["name"])
        assert answer.status_code == (400 if row.get("disabled") else 200)


@pytest.mark.parametrize("config", [RECTANGLES, SHAPES, POSES, BRUSH, SPEECH])
def test_every_format_that_fits_survives_results_of_any_shape(ann: Person, config: str) -> None:
    odd: list[Any] = [None, "x", 1, -5, [], [1], {}, [None], [[1, 2]], [["a", "b"]], 1e308, True]
    project = make_project(ann, config)
    keys = (
        "x",
        "y",
        "width",
        "height",
        "rotation",
        "points",
        "rle",
        "text",
        "start",
        "rectanglelabels",
        "polygonlabels",
        "keypointlabels",
        "brushlabels",
        "labels",
    )
    rows = [
        {
            "from_name": name, "to_name": "image", "type": "unheard-of", "original_width": odd[number], "original_height": odd[-number], "parentID": odd[number], "id": "a",
            "value": {key: odd[(number + place) % len(odd)] for place, key in enumerate(keys)} | {"rectanglelabels": ["Car"], "polygonlabels": ["Car"]},
        }
        for name in ("box", "polygon", "point", "mask", "said")
        for number in range(len(odd))
    ]  # fmt: skip
    import_tasks(ann, project, [{"data": {"image": "a.png", "audio": "a.wav"}}])
    Project.objects.filter(pk=project).update(label_config=config)
    store(project, rows)
    for row in ann.get(f"/api/projects/{project}/export/formats").json():
        if not row.get("disabled"):
            assert exported(ann, project, row["name"], download_all_tasks="1") is not None


def store(project: int, rows: list[dict[str, Any]]) -> None:
    """As an annotation of older times: what an import would refuse today."""
    from tasks.models import Annotation, Task

    task = Task.objects.get(project_id=project)
    now = timezone.now()
    Annotation.objects.create(task=task, project_id=project, result=orjson.dumps(rows).decode(), created_at=now, updated_at=now)
    Task.objects.filter(pk=task.pk).update(total_annotations=1)


def test_jsonl_has_a_task_per_line_and_is_imported_again(ann: Person) -> None:
    project = make_project(ann)
    import_tasks(ann, project, [{"data": {"text": f"line {number}\nbreak"}} for number in range(3)])
    content = exported(ann, project, "JSONL", download_all_tasks="1")
    assert [orjson.loads(line) for line in content.splitlines()] == orjson.loads(exported(ann, project, "JSON", download_all_tasks="1"))
