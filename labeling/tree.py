"""The tree of a config: canonical names, auto-filled `toName`. The README defines it; TypeScript makes the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from labeling.tag_table import TagSpec, tag_table
from labeling.variables import WHITE_SPACE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from labeling.xml_reader import Element


@dataclass(slots=True)
class Node:
    """One tag of a config. `tag` and the keys of `attributes` are canonical; values are strings as written."""

    tag: str
    attributes: dict[str, str]
    children: list[Node] = field(default_factory=list)
    text: str | None = None
    line: int = 0
    column: int = 0

    @property
    def spec(self) -> TagSpec | None:
        """What the language knows about this tag; None for an unknown tag."""
        return tag_table().specs.get(self.tag)

    @property
    def value(self) -> str:
        """The attribute `value`, or the text body in its stead (trimmed), or `""`."""
        value = self.attributes.get("value")
        return value if value is not None else (self.text or "").strip(WHITE_SPACE)

    def walk(self) -> Iterator[Node]:
        """This node and all below it, in the order of the source."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(node.children))

    def truthy(self, attribute: str) -> bool:
        """Whether a boolean attribute is switched on (`"true"`, in any case)."""
        return self.attributes.get(attribute, "").strip().lower() == "true"


def build_tree(element: Element) -> Node:
    """The tree of `element`, with canonical names and `toName` filled in where there is only one object."""
    root = _node(element)
    objects = [node for node in root.walk() if node.spec is not None and node.spec.kind == "object"]
    if len(objects) == 1 and (name := objects[0].attributes.get("name")):
        for node in root.walk():
            spec = node.spec
            if spec is not None and spec.fills_to_name and "toName" not in node.attributes:
                node.attributes["toName"] = name
    return root


def _node(element: Element) -> Node:
    spec = tag_table().find(element.name)
    names = spec.by_lower if spec else {}
    return Node(
        tag=spec.tag if spec else element.name,
        attributes={names.get(name.lower(), name): value for name, value in element.attributes},
        children=[_node(child) for child in element.children],
        text=element.text,
        line=element.line,
        column=element.column,
    )


def node_json(node: Node) -> dict[str, Any]:
    """`node` and what is below it as the canonical JSON (README, "The canonical tree")."""
    return {
        "tag": node.tag,
        "attributes": {key: node.attributes[key] for key in sorted(node.attributes)},
        "text": node.text,
        "children": [node_json(child) for child in node.children],
    }
