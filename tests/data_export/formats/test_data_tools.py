"""PARQUET, SPACY and HF_DATASET, as the libraries that they are for read them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.data_export.formats.labelled_media import RECTANGLES, box, picture_project
from tests.data_export.formats.peer import exported
from tests.labelled import choice, import_tasks, make_project
from tests.people import Person

SPANS = '<View><Text name="text" value="$text"/><Labels name="ner" toName="text"><Label value="PER"/><Label value="LOC"/></Labels></View>'


def text_project(person: Person) -> int:
    project = make_project(person)
    import_tasks(
        person,
        project,
        [
            {
                "data": {"text": "one", "n": 1, "x": 0.5, "mixed": "a", "id": "mine"},
                "annotations": [{"result": choice(), "lead_time": 2.5}],
            },
            {"data": {"text": "two", "n": 2, "x": 1, "mixed": 3, "list": [1, {"a": 2}]}},
        ],
    )
    return project


def test_parquet_is_a_typed_table(ann: Person) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    table = parquet.read_table(io.BytesIO(exported(ann, text_project(ann), "PARQUET", download_all_tasks="1")))
    types = {field.name: str(field.type) for field in table.schema}
    assert (types["n"], types["x"], types["mixed"], types["lead_time"]) == ("int64", "double", "string", "double")
    first, second = table.to_pylist()
    assert (first["sentiment"], first["lead_time"], first["_data_id"], first["mixed"]) == ("Positive", 2.5, "mine", "a")
    assert (second["n"], second["x"], second["mixed"], second["list"], second["sentiment"]) == (2, 1.0, "3", '[1,{"a":2}]', None)


def unpacked(content: bytes, folder: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        archive.extractall(folder)
    return folder


def load(folder: Path, cache: Path) -> Any:
    datasets = pytest.importorskip("datasets")
    return datasets.load_dataset(str(folder), split="train", cache_dir=str(cache))


def test_a_folder_with_a_table_is_loaded_by_datasets(ann: Person, tmp_path: Path) -> None:
    folder = unpacked(exported(ann, text_project(ann), "HF_DATASET", download_all_tasks="1"), tmp_path / "set")
    loaded = load(folder, tmp_path / "cache")
    assert (loaded["text"][:], loaded["sentiment"][:], loaded.features["x"].dtype) == (["one", "two"], ["Positive", None], "float64")
    assert "<Choices" in (folder / "README.md").read_text()


def test_a_folder_of_images_is_loaded_by_datasets(ann: Person, tmp_path: Path) -> None:
    project = picture_project(ann, RECTANGLES, [box("Car", 10, 20, 30, 40)], None)
    loaded = load(unpacked(exported(ann, project, "HF_DATASET", download_all_tasks="1"), tmp_path / "set"), tmp_path / "cache")
    assert sorted(picture.size for picture in loaded["image"]) == [(60, 40), (60, 40)]
    assert sum('"rectanglelabels":["Car"]' in (said or "") for said in loaded["box"]) == 1


def test_spacy_reads_texts_with_their_entities(ann: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    spacy = pytest.importorskip("spacy")
    from spacy.tokens import DocBin

    def named(start: int, end: int, label: str) -> dict[str, Any]:
        return {"from_name": "ner", "to_name": "text", "type": "labels", "value": {"start": start, "end": end, "labels": [label]}}

    project = make_project(ann, SPANS)
    rows = [named(0, 3, "PER"), named(12, 16, "LOC"), named(13, 15, "PER")]
    import_tasks(ann, project, [{"data": {"text": "Ann went to Rome"}, "annotations": [{"result": rows}]}, {"data": {"text": ""}}])
    content = exported(ann, project, "SPACY", download_all_tasks="1")
    docs = list(DocBin().from_bytes(content).get_docs(spacy.blank("xx").vocab))
    assert [(doc.text, [(entity.text, entity.label_) for entity in doc.ents]) for doc in docs] == [
        ("Ann went to Rome", [("Ann", "PER"), ("Rome", "LOC")]),
        ("", []),
    ]
    monkeypatch.setattr("data_export.writers.spacy.DOCS", 1)
    with zipfile.ZipFile(io.BytesIO(exported(ann, project, "SPACY", download_all_tasks="1"))) as archive:
        assert archive.namelist() == ["train-00001.spacy", "train-00002.spacy"]
