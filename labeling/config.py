"""A parsed config: which controls ask about which objects, and which task data they use."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from labeling.checks import check_tree, names_in
from labeling.problems import ConfigError, Problem
from labeling.tag_table import TagSpec, tag_table
from labeling.tree import Node, build_tree, node_json
from labeling.variables import REPEATER_FLAG, root_key, sole_variable, variables_in
from labeling.xml_reader import read_xml


def _name_pattern(name: str) -> re.Pattern[str] | None:
    """A pattern for the names that a Repeater makes of `name` (`c_{{i}}` → `c_0`, `c_1` …), None for a plain name."""
    if not REPEATER_FLAG.search(name):
        return None
    return re.compile(r"\d+".join(re.escape(part) for part in REPEATER_FLAG.split(name)))


@dataclass(frozen=True)
class Control:
    """A tag that yields answers.

    `type` is the type of its result rows (`choices`), `labels` what such a row may name (alias, else value), in the order of the config,
    `labels_attrs` the attributes of each label's tag. `dynamic`: labels also come from task data. `conditionals` as in
    `parsed_label_config` (`{"type": "tag"|"label"|"choice", "name": …}`) for perRegion controls, else empty. `regex` matches the
    names that a Repeater gives the control, None outside of one.
    """

    name: str
    tag: str
    type: str
    to_name: list[str]
    labels: list[str]
    labels_attrs: dict[str, dict[str, str]]
    dynamic: bool
    conditionals: dict[str, str]
    regex: re.Pattern[str] | None
    node: Node = field(repr=False, compare=False)

    @property
    def spec(self) -> TagSpec:
        return tag_table().specs[self.tag]

    @cached_property
    def known_labels(self) -> frozenset[str]:
        """`labels`, and the values of those that have an alias: older rows may hold either."""
        return frozenset([*self.labels, *(value for attrs in self.labels_attrs.values() if (value := attrs.get("value")))])

    @property
    def value_key(self) -> str:
        """The key of a row's `value` that holds the answer: `choices`, `text` for TextArea, `rectanglelabels` …"""
        return self.spec.results[0].labels_key or self.type


@dataclass(frozen=True, slots=True)
class ObjectTag:
    """A tag that shows task data. `value_key` is the path of its variable without `$` (`""` if its value is static)."""

    name: str
    tag: str
    value: str
    value_key: str
    value_type: str | None
    regex: re.Pattern[str] | None
    node: Node = field(repr=False, compare=False)

    @property
    def spec(self) -> TagSpec:
        return tag_table().specs[self.tag]


@dataclass(frozen=True)
class Config:
    """A config without errors. Controls and objects are in the order of the source."""

    root: Node
    controls: dict[str, Control]
    objects: dict[str, ObjectTag]
    warnings: list[Problem]

    def find_control(self, name: str) -> Control | None:
        """The control that result rows call `name`: by its name, or as a copy that a Repeater makes."""
        return self.controls.get(name) or next((c for c in self._repeated_controls if c.regex and c.regex.fullmatch(name)), None)

    def find_object(self, name: str) -> ObjectTag | None:
        """The object that result rows call `name`; copies made by a Repeater count."""
        return self.objects.get(name) or next((o for o in self._repeated_objects if o.regex and o.regex.fullmatch(name)), None)

    @cached_property
    def _repeated_controls(self) -> list[Control]:
        return [control for control in self.controls.values() if control.regex]

    @cached_property
    def _repeated_objects(self) -> list[ObjectTag]:
        return [tag for tag in self.objects.values() if tag.regex]

    @cached_property
    def variables(self) -> list[str]:
        """Every variable the config uses, as its path without `$` (`user.name`, `pages[{{i}}].text`), in the order of the source."""
        found: dict[str, None] = {}
        for node in self.root.walk():
            spec = node.spec
            if spec is None:
                continue
            for name, value in node.attributes.items():
                attribute = spec.attributes.get(name)
                if attribute is not None and attribute.variable:
                    found.update(dict.fromkeys(variables_in(value)))
            body = spec.attributes.get("value")
            if node.text and "value" not in node.attributes and body is not None and body.variable:
                found.update(dict.fromkeys(variables_in(node.text)))
        return list(found)

    @cached_property
    def data_keys(self) -> list[str]:
        """The keys of the task data behind `variables`, each once."""
        return list(dict.fromkeys(root_key(path) for path in self.variables))


def parse(xml: str) -> Config:
    """Reads a labeling config.

    Raises `ConfigError` when it cannot be used; what can be lived with is in `warnings` of the result.
    """
    root = build_tree(read_xml(xml))
    problems = check_tree(root)
    if any(problem.severity == "error" for problem in problems):
        raise ConfigError(problems)
    controls: dict[str, Control] = {}
    objects: dict[str, ObjectTag] = {}
    for node in root.walk():
        spec = node.spec
        name = node.attributes.get("name", "").strip()
        if spec is None or not name:
            continue
        if spec.kind == "control":
            controls[name] = _control(node, spec, name)
        elif spec.kind == "object":
            value = node.value or node.attributes.get("valueList", "")
            objects[name] = ObjectTag(
                name=name,
                tag=spec.tag,
                value=value,
                value_key=sole_variable(value) or "",
                value_type=node.attributes.get("valueType"),
                regex=_name_pattern(name),
                node=node,
            )
    return Config(root, controls, objects, problems)


def _control(node: Node, spec: TagSpec, name: str) -> Control:
    attrs: dict[str, dict[str, str]] = {}
    for label in node.walk():
        if spec.label_tag and label.tag == spec.label_tag:
            text = label.attributes.get("alias") or label.value
            if text:
                attrs[text] = dict(label.attributes)
    return Control(
        name=name,
        tag=spec.tag,
        type=spec.result_type,
        to_name=names_in(node.attributes.get("toName", "")) or ([name] if spec.own_object else []),
        labels=list(attrs),
        labels_attrs=attrs,
        dynamic=bool(variables_in(node.attributes.get("value", "")) or node.attributes.get("apiUrl")),
        conditionals=_conditionals(node),
        regex=_name_pattern(name),
        node=node,
    )


def _conditionals(node: Node) -> dict[str, str]:
    if node.truthy("perRegion"):
        for attribute, kind in (("whenTagName", "tag"), ("whenLabelValue", "label"), ("whenChoiceValue", "choice")):
            if node.attributes.get(attribute):
                return {"type": kind, "name": node.attributes[attribute]}
    return {}


def tree_json(config: Config) -> dict[str, Any]:
    """The canonical JSON of the config's tree (README, "The canonical tree")."""
    return node_json(config.root)
