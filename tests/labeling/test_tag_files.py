"""Every folder of `labeling/tags` is whole, and says what the rest of the language can rely on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import labeling
from labeling.schema import compile_schema

FOLDERS = sorted(path for path in labeling.TAGS_FOLDER.iterdir() if path.is_dir())
META = json.loads((Path(labeling.__file__).parent / "tag.schema.json").read_text(encoding="utf-8"))
NAMES = {
    *[
        "audio",
        "bitmask",
        "bitmasklabels",
        "brush",
        "brushlabels",
        "bucket",
        "channel",
        "chat",
        "choice",
        "choices",
        "collapse",
        "cube",
        "cubelabels",
    ],
    *["custominterface", "datetime", "dialog", "ellipse", "ellipselabels", "filter", "header", "hypertext", "hypertextlabels", "image"],
    *[
        "keypoint",
        "keypointlabels",
        "label",
        "labels",
        "list",
        "magicwand",
        "markdown",
        "multichannel",
        "number",
        "object3d",
        "ocrlabels",
        "pagedview",
    ],
    *[
        "pairwise",
        "panel",
        "paragraphlabels",
        "paragraphs",
        "pdf",
        "polygon",
        "polygonlabels",
        "ranker",
        "rating",
        "rectangle",
        "rectanglelabels",
    ],
    *["relation", "relations", "repeater", "shortcut", "style", "table", "taxonomy", "text", "textarea", "timelinelabels", "timeseries"],
    *["timeserieslabels", "vector", "vectorlabels", "video", "videorectangle", "videovector", "videovectorlabels", "view"],
}


def read(folder: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((folder / "tag.json").read_text(encoding="utf-8"))
    return document


def test_the_language_has_these_tags() -> None:
    assert {folder.name for folder in FOLDERS} == NAMES
    assert labeling.tag_table().find("AUDIOPLUS") is labeling.tag_table().specs["Audio"]
    assert labeling.tag_table().find("reactcode") is labeling.tag_table().specs["CustomInterface"]
    assert labeling.tag_table().find("nothing") is None


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_tag_file(folder: Path) -> None:
    document = read(folder)
    jsonschema.Draft202012Validator(META).validate(document)
    assert document["tag"].lower() == folder.name
    assert json.loads((folder / "vectors.json").read_text(encoding="utf-8"))["vectors"], "at least one vector"
    names = [spelling.lower() for item in document["attributes"] for spelling in (item["name"], *item.get("aliases", []))]
    assert len(names) == len(set(names)), "attributes differ in more than case"
    known = labeling.tag_table().specs
    mentioned = [*document.get("objects", []), *(document["children"] if document["children"] != "any" else [])]
    for result in document.get("results", []):
        mentioned += result.get("objects", [])
    assert set(mentioned) <= set(known)
    assert all(known[name].kind == "object" for name in document.get("objects", []))
    for item in document["attributes"]:
        if item["type"] == "enum" and "default" in item:
            assert item["default"] in item["values"]
        if item["type"] == "boolean" and "default" in item:
            assert item["default"] in ("true", "false")


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_tag_keys_fit_its_kind(folder: Path) -> None:
    document = read(folder)
    required = {item["name"] for item in document["attributes"] if item.get("required")}
    if document["kind"] == "object":
        assert {"name", "value"} <= required
        assert document["dataTypes"]
        assert document["samples"]
        assert not any(key in document for key in ("objects", "ownObject", "fillsToName", "minified"))
    if document["kind"] == "control":
        assert document["results"]
        assert "toName" in {item["name"] for item in document["attributes"]}
        assert "fillsToName" in document or "toName" not in required or document.get("ownObject")
    if document["kind"] == "visual":
        assert not any(key in document for key in ("objects", "results", "ownObject", "fillsToName", "dataTypes"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_result_schemas(folder: Path) -> None:
    for result in read(folder).get("results", []):
        jsonschema.Draft202012Validator.check_schema(result["schema"])
        example = dict(result["example"])
        if "labelsKey" in result:
            assert result["labelsKey"] in result["schema"]["properties"]
            example[result["labelsKey"]] = [["A"]] if result["type"] == "taxonomy" else ["A"]
        jsonschema.Draft202012Validator(result["schema"]).validate(example)
        assert compile_schema(result["schema"])(example)


def test_a_schema_with_an_unknown_word_is_refused() -> None:
    with pytest.raises(ValueError, match="uniqueItems"):
        compile_schema({"type": "array", "items": {"uniqueItems": True}})


def test_every_attribute_of_a_config_is_documented_once_per_tag() -> None:
    for spec in labeling.tag_table().specs.values():
        for attribute in spec.attributes.values():
            assert attribute.doc[0].isupper() or attribute.doc.startswith("strptime") or attribute.doc.startswith("strftime")
