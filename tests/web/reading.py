"""Reading pages: their elements, and the JSON that they carry."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    text: str = ""
    above: list[Element] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Element] = []
        self.open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, above=list(self.open))
        self.found.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop().tag != tag:
            continue

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data


def elements(answer: Any, tag: str = "", **attributes: str) -> list[Element]:
    """The elements of a page, in order; `class_="menu"` narrows to those that have this class, others to an equal attribute."""
    reader = _Reader()
    reader.feed(answer.content.decode())

    def fits(element: Element) -> bool:
        if tag and element.tag != tag:
            return False
        for name, value in attributes.items():
            if name == "class_":
                if value not in element.attributes.get("class", "").split():
                    return False
            elif element.attributes.get(name) != value:
                return False
        return True

    return [element for element in reader.found if fits(element)]


def text(answer: Any, tag: str = "main") -> str:
    """What the first such element says, white space made one."""
    return " ".join(elements(answer, tag)[0].text.split())


def island(answer: Any, name: str) -> Any:
    """The value of `<script type="application/json" id="name">`."""
    return json.loads(elements(answer, "script", id=name)[0].text)
