"""Sample tasks made up from a config."""

from __future__ import annotations

import json
from typing import Any

import pytest

import labeling
from labeling import parse, sample_task, validate_result, validate_task_data

TAG_CONFIGS = [
    pytest.param(case["config"], id=f"{path.parent.name}: {case['name']}")
    for path in sorted(labeling.TAGS_FOLDER.glob("*/vectors.json"))
    for case in json.loads(path.read_text(encoding="utf-8"))["vectors"]
]


@pytest.mark.parametrize("xml", TAG_CONFIGS)
def test_fits_its_config(xml: str) -> None:
    config = parse(xml)
    sample = sample_task(config, with_annotation=True)
    assert sample["data"] == sample_task(config)
    assert validate_task_data(config, sample["data"]) == []
    assert set(sample["data"]) == set(config.data_keys)
    [annotation] = sample["annotations"]
    [prediction] = sample["predictions"]
    assert validate_result(config, annotation["result"]) == []
    assert [row["value"] for row in prediction["result"]] == [row["value"] for row in annotation["result"]]
    assert "://" not in json.dumps(sample)


def sample(inner: str) -> dict[str, Any]:
    return sample_task(parse(f"<View>{inner}</View>"))


def test_paths_lists_and_several_objects() -> None:
    data = sample('<Text name="a" value="$doc.body"/><Text name="b" value="$doc.notes[1].text"/><Image name="i" valueList="$pages"/>')
    assert set(data) == {"doc", "pages"}
    assert isinstance(data["doc"]["body"], str)
    assert isinstance(data["doc"]["notes"][1]["text"], str)
    assert data["doc"]["body"] != data["doc"]["notes"][1]["text"], "two texts differ"
    assert len(data["pages"]) > 1
    assert all(page.startswith("/static/samples/") for page in data["pages"])


def test_a_repeated_list_has_two_elements() -> None:
    data = sample('<Repeater on="$pages" indexFlag="{{i}}"><Text name="t_{{i}}" value="$pages[{{i}}].text"/></Repeater>')
    assert len(data["pages"]) == 2
    assert all(isinstance(page["text"], str) for page in data["pages"])


def test_columns_of_a_time_series() -> None:
    data = sample(
        '<TimeSeries name="s" value="$s" valueType="json" timeColumn="t"><Channel column="load"/><Channel column="heat"/></TimeSeries>'
    )
    assert list(data["s"]) == ["t", "load", "heat"]
    assert len({len(column) for column in data["s"].values()}) == 1
    assert sample('<TimeSeries name="s" value="$s"><Channel column="load"/></TimeSeries>') == {"s": "/static/samples/sensors.csv"}


def test_words_of_other_tags() -> None:
    data = sample('<Header value="Case $case_number of $client.full_name"/><Video name="v" value="$v" frameRate="$fps"/>')
    assert data["case_number"] == "Example of case number"
    assert data["client"] == {"full_name": "Example of full name"}
    assert data["fps"] == 25


def test_keys_of_phrases_and_addresses() -> None:
    phrases = sample('<Paragraphs name="p" value="$p" nameKey="who" textKey="what"/>')["p"]
    assert set(phrases[0]) == {"who", "what", "start", "end"}
    assert sample('<Text name="t" value="$t" valueType="url"/>') == {"t": "/static/samples/note.txt"}


def test_annotation_names_real_labels_and_text() -> None:
    config = parse(
        '<View><Text name="t" value="$t"/><Labels name="l" toName="t"><Label value="Who" alias="w"/></Labels>'
        '<Taxonomy name="x" toName="t"><Choice value="A"><Choice value="B"/></Choice></Taxonomy></View>'
    )
    task = sample_task(config, with_annotation=True)
    span, path = (row["value"] for row in task["annotations"][0]["result"])
    assert span["labels"] == ["w"]
    assert span["text"] == task["data"]["t"][span["start"] : span["end"]] != ""
    assert path == {"taxonomy": [["A", "B"]]}


def test_very_deep_paths_are_left_out() -> None:
    assert sample(f'<Header value="$a{".b" * 5000}"/><Header value="$c.d"/>') == {"c": {"d": "Example of d"}}
    assert sample('<Header value="$a[99999999999]"/>') == {"a": {"99999999999": "Example of a"}}


def test_samples_are_not_shared() -> None:
    config = parse('<View><Paragraphs name="p" value="$p"/></View>')
    sample_task(config)["p"].clear()
    assert sample_task(config)["p"]
