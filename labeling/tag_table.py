"""The tags of the language, read from `tags/<tag>/tag.json`. Nothing else in this room names a tag it can look up here."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

TAGS_FOLDER = Path(__file__).parent / "tags"

Kind = Literal["object", "control", "visual"]


@dataclass(frozen=True, slots=True)
class AttributeSpec:
    """One attribute of a tag. `values` are the allowed words of type `enum`."""

    name: str
    type: str
    doc: str
    default: str | None = None
    required: bool = False
    values: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    variable: bool = False


@dataclass(frozen=True, slots=True)
class ResultSpec:
    """One type of result row that a tag yields: its JSON Schema, the key that holds labels, the object tags it is for (empty: all)."""

    type: str
    schema: dict[str, Any]
    labels_key: str | None = None
    objects: tuple[str, ...] = ()
    example: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TagSpec:
    """A tag as its `tag.json` describes it (`tag.schema.json` explains the keys)."""

    tag: str
    kind: Kind
    summary: str
    attributes: dict[str, AttributeSpec]
    aliases: tuple[str, ...] = ()
    children: tuple[str, ...] | None = None
    body: Literal["text", "markup"] = "text"
    objects: tuple[str, ...] = ()
    label_tag: str | None = None
    results: tuple[ResultSpec, ...] = ()
    own_object: bool = False
    fills_to_name: bool = False
    data_types: tuple[str, ...] = ()
    samples: tuple[Any, ...] = ()
    url_sample: str | None = None
    minified: Literal["string", "number"] | None = None
    by_lower: dict[str, str] = field(default_factory=dict)

    @property
    def result_type(self) -> str:
        """The `type` of this tag's result rows, `""` for a tag that yields none."""
        return self.results[0].type if self.results else ""


@dataclass(frozen=True, slots=True)
class TagTable:
    """All tags by canonical name, and canonical names by lower-case name or alias."""

    specs: dict[str, TagSpec]
    canonical: dict[str, str]

    def find(self, name: str) -> TagSpec | None:
        """The tag written as `name` in any case, or None."""
        canonical = self.canonical.get(name.lower())
        return self.specs[canonical] if canonical else None


def _read_spec(document: dict[str, Any]) -> TagSpec:
    attributes = {
        item["name"]: AttributeSpec(
            name=item["name"],
            type=item["type"],
            doc=item["doc"],
            default=item.get("default"),
            required=item.get("required", False),
            values=tuple(item.get("values", ())),
            aliases=tuple(item.get("aliases", ())),
            variable=item.get("variable", False),
        )
        for item in document["attributes"]
    }
    results = tuple(
        ResultSpec(item["type"], item["schema"], item.get("labelsKey"), tuple(item.get("objects", ())), item["example"])
        for item in document.get("results", ())
    )
    children = document.get("children")
    return TagSpec(
        tag=document["tag"],
        kind=document["kind"],
        summary=document["summary"],
        attributes=attributes,
        aliases=tuple(document.get("aliases", ())),
        children=None if children == "any" else tuple(children or ()),
        body=document.get("body", "text"),
        objects=tuple(document.get("objects", ())),
        label_tag=document.get("labelTag"),
        results=results,
        own_object=document.get("ownObject", False),
        fills_to_name=document.get("fillsToName", False),
        data_types=tuple(document.get("dataTypes", ())),
        samples=tuple(document.get("samples", ())),
        url_sample=document.get("urlSample"),
        minified=document.get("minified"),
        by_lower={
            spelling.lower(): attribute.name for attribute in attributes.values() for spelling in (attribute.name, *attribute.aliases)
        },
    )


@cache
def tag_table() -> TagTable:
    """The table, read once per process."""
    specs: dict[str, TagSpec] = {}
    canonical: dict[str, str] = {}
    for path in sorted(TAGS_FOLDER.glob("*/tag.json")):
        spec = _read_spec(json.loads(path.read_text(encoding="utf-8")))
        specs[spec.tag] = spec
        for name in (spec.tag, *spec.aliases):
            canonical[name.lower()] = spec.tag
    return TagTable(specs, canonical)
