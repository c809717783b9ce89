"""A labeling set-up for what a file holds, for a project that has none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from xml.sax.saxutils import quoteattr

NAMES = {"RectangleLabels": "box", "PolygonLabels": "polygon", "BrushLabels": "brush", "KeyPointLabels": "point"}
MOST_LABELS = 1_000


def picture_config(labels: Mapping[str, Iterable[str]]) -> str:
    """An image with a control for each tag, which has these labels."""
    return _view('  <Image name="image" value="$image"/>', [(tag, NAMES[tag], "image", given) for tag, given in labels.items()])


def text_config(labels: Iterable[str]) -> str:
    """A text whose words are labelled."""
    return _view('  <Text name="text" value="$text"/>', [("Labels", "label", "text", labels)])


def _view(shown: str, controls: Iterable[tuple[str, str, str, Iterable[str]]]) -> str:
    lines = [shown]
    for tag, name, to, labels in controls:
        lines.append(f'  <{tag} name="{name}" toName="{to}">')
        lines += [f"    <Label value={quoteattr(label)}/>" for label in list(dict.fromkeys(labels))[:MOST_LABELS]]
        lines.append(f"  </{tag}>")
    return "\n".join(["<View>", *lines, "</View>"])
