"""The template gallery: every template works, shows something at once and needs no other host."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

import labeling
from labeling import Template, gallery, parse, search

TEMPLATES = gallery()
GROUP_SIZES = {
    "Images": 13,
    "Text": 8,
    "Audio": 8,
    "Dialogue": 4,
    "Chat": 5,
    "Ranking": 7,
    "Structured data": 4,
    "Time series": 5,
    "Video": 4,
    "Generative models": 6,
    "Domain examples": 5,
}


def test_groups_stand_together() -> None:
    found: dict[str, int] = {}
    for template in TEMPLATES:
        assert template.group in (*list(found)[-1:], *(set(GROUP_SIZES) - set(found)))
        found[template.group] = found.get(template.group, 0) + 1
    assert found == GROUP_SIZES
    assert len({template.id for template in TEMPLATES}) == len({template.title for template in TEMPLATES}) == 69


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.id)
def test_template(template: Template) -> None:
    config = parse(template.config)
    assert config.warnings == []
    assert config.controls or config.objects
    assert sorted({node.tag for node in config.root.walk()}) == list(template.tags)
    assert labeling.validate_task_data(config, template.sample) == []
    assert set(config.data_keys) == set(template.sample), "the sample has what the config uses and nothing else"
    assert template.description.endswith(".")
    assert len(template.keywords) >= 3
    folder = Path(labeling.__file__).parent / "templates" / template.id
    assert json.loads((folder / "template.json").read_text(encoding="utf-8"))["id"] == template.id
    made_up = labeling.sample_task(config, with_annotation=True)
    assert labeling.validate_task_data(config, made_up["data"]) == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.id)
def test_needs_no_other_host(template: Template) -> None:
    text = template.config + json.dumps(template.sample)
    assert "://" not in text
    media = set(re.findall(r"/static/samples/([\w.-]+)", text))
    assert [name for name in media if not (labeling.MEDIA_FOLDER / name).exists()] == []
    shows_images = re.search(r"<Image|<img", text)
    if shows_images:
        assert media


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.id)
def test_readable_in_light_and_dark(template: Template) -> None:
    config = parse(template.config)
    for node in config.root.walk():
        assert "style" not in node.attributes, "rules belong into <Style>"
        if node.tag == "Style":
            assert not re.search(r"(?<!-)\b(color|background(-color)?)\s*:", node.text or ""), "colours come from the theme"
            assert "!important" not in (node.text or "")


def luminance(colour: str) -> float:
    parts = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.id)
def test_label_colours_differ(template: Template) -> None:
    for control in parse(template.config).controls.values():
        colours = [attrs["background"] for attrs in control.labels_attrs.values() if "background" in attrs]
        assert len(set(colours)) == len(colours)
        assert all(0.02 < luminance(colour) < 0.9 for colour in colours), "neither black nor white"


def test_search() -> None:
    assert search("") == TEMPLATES
    assert search("object detection")[0].id == "images/bounding-boxes"
    assert {template.group for template in search("OCR")} >= {"Images"}
    assert search("ner")[0].group in ("Text", "Structured data", "Domain examples")
    assert search("Pairwise preference")[0].id == "generative-models/preferences"
    assert search("KEYPOINT")[0].id == "images/keypoints"
    assert search("no such thing at all") == []


def test_callers_cannot_change_the_gallery() -> None:
    gallery().clear()
    assert len(gallery()) == 69


def test_samples_of_tags_are_there() -> None:
    table = "".join(path.read_text(encoding="utf-8") for path in Path(labeling.__file__).parent.glob("tags/*/tag.json"))
    media = set(re.findall(r"/static/samples/([\w.-]+)", table))
    assert media
    assert [name for name in media if not (labeling.MEDIA_FOLDER / name).exists()] == []


def test_sample_media_are_small_and_real() -> None:
    pillow: Any = pytest.importorskip("PIL.Image")
    av: Any = pytest.importorskip("av")
    files = list(labeling.MEDIA_FOLDER.iterdir())
    assert {path.suffix for path in files} == {".csv", ".html", ".jpg", ".json", ".mp4", ".pcd", ".pdf", ".png", ".txt", ".wav"}
    for path in files:
        assert path.stat().st_size < 130_000
        if path.suffix in (".jpg", ".png"):
            with pillow.open(path) as picture:
                picture.verify()
        elif path.suffix in (".mp4", ".wav"):
            with av.open(str(path)) as film:
                assert sum(1 for _ in film.decode(film.streams[0])) > 1
