"""Which formats fit a project's labeling set-up: the rules of §2.11 of the API, on the shape of the config.

All but the tables need a config that shows one thing: with several keys of the data there is no single picture, text or sound per task.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from projects.configs import parsed

if TYPE_CHECKING:
    from projects.models import Project


@dataclass(frozen=True)
class Shape:
    """The tags of controls, the tags of the objects they are about, whether a picture has several pages, and whether one key of the data is shown."""

    controls: frozenset[str]
    objects: frozenset[str]
    pages: bool
    single: bool

    def has(self, *controls: str) -> bool:
        """Whether one of these controls is there, or the plain shape of one of them together with Labels."""
        plain = {control.removesuffix("Labels") for control in controls}
        return not self.controls.isdisjoint(controls) or ("Labels" in self.controls and not self.controls.isdisjoint(plain))


@lru_cache(512)
def _shape(label_config: str) -> Shape:
    from labeling import to_parsed_label_config

    controls, objects, keys, pages = set(), set(), set(), False
    for control in to_parsed_label_config(parsed(label_config)).values():
        controls.add(control["type"])
        for shown in control["inputs"]:
            keys.add(shown.get("value") or shown.get("valueList"))
            pages = pages or "valueList" in shown
            if shown["type"] != "Text" or shown["valueType"] != "url":
                objects.add(shown["type"])
    return Shape(frozenset(controls), frozenset(objects), pages, len(keys) < 2)


def text_spans(project: Project) -> bool:
    """Labels on a text that is in the task."""
    shape = _shape(project.label_config)
    return shape.single and "Text" in shape.objects and "Labels" in shape.controls


def rectangles(project: Project) -> bool:
    """Rectangles on a picture."""
    shape = _shape(project.label_config)
    return _one_picture(shape) and shape.has("RectangleLabels")


def turned_rectangles(project: Project) -> bool:
    """Rectangles or other shapes on a picture."""
    shape = _shape(project.label_config)
    return _one_picture(shape) and shape.has("RectangleLabels", "PolygonLabels", "KeyPointLabels")


def shapes(project: Project) -> bool:
    """As before; key points need rectangles, which say what they are key points of."""
    controls = _shape(project.label_config).controls
    return turned_rectangles(project) and ("KeyPointLabels" not in controls or "RectangleLabels" in controls)


def masks(project: Project) -> bool:
    """Painted masks on a picture."""
    shape = _shape(project.label_config)
    return shape.single and "Image" in shape.objects and shape.has("BrushLabels")


def transcripts(project: Project) -> bool:
    """Text about a sound."""
    shape = _shape(project.label_config)
    return shape.single and "Audio" in shape.objects and "TextArea" in shape.controls


def _one_picture(shape: Shape) -> bool:
    return shape.single and "Image" in shape.objects and not shape.pages
