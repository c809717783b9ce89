"""Judges the tree of a config: errors make it unusable, warnings say what will not work as meant."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from labeling.problems import Problem, Severity, closest, listed
from labeling.tag_table import AttributeSpec, TagSpec, tag_table
from labeling.variables import REPEATER_FLAG, variables_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from labeling.tree import Node

MAX_PROBLEMS = 100
# Pairwise takes two names; nothing takes more than a few.
MAX_NAMES = 50
# Looking for what was meant costs up to a millisecond; a config of 5,000 slips must not cost seconds.
MAX_HINTS = 50
_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?%?(px)?")


def check_tree(root: Node) -> list[Problem]:
    """The problems of the tree in the order of the source: all errors and warnings, at most 100 of each."""
    return _Checks(root).run()


def names_in(value: str) -> list[str]:
    """The names in a comma-separated attribute (`"a, b"` → `["a", "b"]`)."""
    return [part.strip() for part in value.split(",") if part.strip()]


class _Checks:
    def __init__(self, root: Node) -> None:
        self.root = root
        self.objects: dict[str, Node] = {}
        self.controls: dict[str, Node] = {}
        self.errors: list[Problem] = []
        self.warnings: list[Problem] = []
        self.hints_left = MAX_HINTS

    def run(self) -> list[Problem]:
        waiting: list[tuple[Node, Node | None]] = [(self.root, None)]
        while waiting:
            node, parent = waiting.pop()
            waiting.extend((child, node) for child in reversed(node.children))
            spec = node.spec
            if spec is None:
                match = self.closest(node.tag, tag_table().specs)
                hint = f"Did you mean <{match}>?" if match else None
                self.warn(node, f"<{node.tag}> is not a tag of the labeling language; it is left out.", hint)
                continue
            self.check_place(node, spec, parent)
            self.check_name(node, spec)
            self.check_attributes(node, spec)
            self.check_labels(node, spec)
        for node in self.root.walk():
            if node.spec is not None:
                self.check_to_name(node, node.spec)
                self.check_visibility(node)
        return sorted([*self.errors, *self.warnings], key=lambda problem: (problem.line, problem.column))

    def warn(self, node: Node, message: str, hint: str | None = None) -> None:
        self._add(self.warnings, node, message, hint, "warning")

    def refuse(self, node: Node, message: str, hint: str | None = None) -> None:
        self._add(self.errors, node, message, hint, "error")

    def _add(self, to: list[Problem], node: Node, message: str, hint: str | None, severity: Severity) -> None:
        if len(to) < MAX_PROBLEMS:
            to.append(Problem(message, node.line, node.column, hint, severity))

    def closest(self, word: str, candidates: Iterable[str]) -> str | None:
        if not self.hints_left:
            return None
        self.hints_left -= 1
        return closest(word, candidates)

    def check_place(self, node: Node, spec: TagSpec, parent: Node | None) -> None:
        above = parent.spec if parent is not None else None
        if parent is None or above is None or above.children is None or spec.tag in above.children:
            return
        if above.children:
            self.warn(node, f"<{node.tag}> has no meaning in <{parent.tag}>.", f"<{parent.tag}> takes {_tags(above.children)}.")
        else:
            self.warn(
                node,
                f"<{parent.tag}> holds no other tags, so <{node.tag}> in it is not shown.",
                f"Put <{node.tag}> after </{parent.tag}>.",
            )

    def check_name(self, node: Node, spec: TagSpec) -> None:
        attribute = spec.attributes.get("name")
        if attribute is None or spec.kind == "visual":
            return
        name = node.attributes.get("name", "").strip()
        if not name:
            if attribute.required:
                self.refuse(node, f"<{node.tag}> has no name.", f'Add a name, as in <{node.tag} name="{node.tag.lower()}">.')
            return
        other = self.objects.get(name) or self.controls.get(name)
        if other is None:
            (self.objects if spec.kind == "object" else self.controls)[name] = node
            return
        self.refuse(
            node,
            f'The name "{name}" is used twice: by <{other.tag}> in line {other.line} and by this <{node.tag}>.',
            f'Rename one of them, for example to "{self.free_name(name)}".',
        )

    def free_name(self, name: str) -> str:
        number = 2
        while f"{name}{number}" in self.objects or f"{name}{number}" in self.controls:
            number += 1
        return f"{name}{number}"

    def check_attributes(self, node: Node, spec: TagSpec) -> None:
        for name, value in node.attributes.items():
            attribute = spec.attributes.get(name)
            if attribute is not None:
                self.check_value(node, attribute, value)
            elif match := self.closest(name, spec.attributes):
                self.warn(node, f'<{node.tag}> has no attribute "{name}"; it is ignored.', f'Did you mean {match}="{value}"?')
        for attribute in spec.attributes.values():
            if not attribute.required or attribute.name in ("name", "toName") or node.attributes.get(attribute.name):
                continue
            if attribute.name != "value" or not (node.text or node.attributes.get("valueList")):
                self.warn(node, f'<{node.tag}> has no attribute "{attribute.name}".', attribute.doc)
        if spec.kind == "object" and spec.tag != "Text" and re.fullmatch(r"\w+", node.value):
            hint = f'Did you mean value="${node.value}"?'
            self.warn(node, f'value="{node.value}" on <{node.tag}> shows the same thing in every task.', hint)

    def check_value(self, node: Node, attribute: AttributeSpec, value: str) -> None:
        if not value.strip() or variables_in(value):
            return
        shown = f'{attribute.name}="{value}" on <{node.tag}>'
        if attribute.name == "indexFlag" and not REPEATER_FLAG.fullmatch(value):
            self.warn(node, f"{shown} cannot be told from other text.", 'Write it in double braces, as in indexFlag="{{i}}".')
        if "{{" in value:
            return
        word = value.strip().lower()
        if attribute.type == "boolean" and word not in ("true", "false"):
            self.warn(node, f"{shown} is neither true nor false.", f'Write {attribute.name}="true" or {attribute.name}="false".')
        elif attribute.type == "number" and not _NUMBER.fullmatch(word):
            self.warn(node, f"{shown} is not a number.", f'For example {attribute.name}="{attribute.default or "1"}".')
        elif attribute.type == "enum" and word not in (option.lower() for option in attribute.values):
            match = self.closest(value, attribute.values)
            hint = f'Did you mean {attribute.name}="{match}"?' if match else f"It can be {listed(attribute.values)}."
            self.warn(node, f"{shown} is not one of its values.", hint)

    def check_labels(self, node: Node, spec: TagSpec) -> None:
        if not spec.label_tag:
            return
        labels = [child for child in node.walk() if child.tag == spec.label_tag]
        if not labels and not variables_in(node.attributes.get("value", "")) and not node.attributes.get("apiUrl"):
            hint = f'Add <{spec.label_tag} value="…"/> in it'
            hint += ', or value="$key" to take the list from the task.' if "value" in spec.attributes else "."
            self.warn(node, f"<{node.tag}> offers nothing to choose from.", hint)
        if spec.tag == "Taxonomy" or node.truthy("allowNested"):
            return
        seen: dict[str, Node] = {}
        for label in labels:
            text = label.attributes.get("alias") or label.value
            first = seen.setdefault(text, label)
            if text and first is not label:
                self.warn(label, f'<{node.tag}> offers "{text}" twice.', f"The first is in line {first.line}.")

    def check_visibility(self, node: Node) -> None:
        when = node.attributes.get("whenTagName", "")
        for name in names_in(when)[:MAX_NAMES]:
            if name not in self.controls and "{{" not in name:
                hint = self.name_hint("whenTagName", name, self.controls)
                self.warn(node, f'whenTagName="{when}" on <{node.tag}> names no control, so it never applies.', hint)

    def check_to_name(self, node: Node, spec: TagSpec) -> None:
        attribute = spec.attributes.get("toName")
        if attribute is None:
            return
        wanted = list(dict.fromkeys(names_in(node.attributes.get("toName", ""))))[:MAX_NAMES]
        if spec.kind == "visual":  # Filter names the labels it filters
            for name in wanted:
                if name not in self.controls:
                    hint = self.name_hint("toName", name, self.controls)
                    self.warn(node, f'toName="{name}" on <{node.tag}> names no control.', hint)
            return
        if not wanted and attribute.required:
            names = listed(self.objects)
            hint = f"toName can be {names}." if names else "Add an object tag such as <Text> or <Image>, and name it here."
            self.refuse(node, f"<{node.tag}> does not say which object it is about: toName is missing.", hint)
        for name in wanted:
            self.check_target(node, spec, name, wanted)

    def check_target(self, node: Node, spec: TagSpec, name: str, wanted: list[str]) -> None:
        target = self.objects.get(name)
        if target is not None:
            if spec.objects and target.tag not in spec.objects:
                self.warn(node, f"<{node.tag}> does not work on <{target.tag}>.", f"It needs {_tags(spec.objects)}.")
            return
        control = self.controls.get(name)
        if control is None:
            hint = self.name_hint("toName", name, {other: tag for other, tag in self.objects.items() if other not in wanted})
            self.refuse(node, f'toName="{name}" on <{node.tag}> names no tag of this config.', hint)
        elif control.spec is not None and not control.spec.own_object:
            hint = self.name_hint("toName", name, self.objects)
            self.refuse(node, f'toName="{name}" on <{node.tag}> names the control <{control.tag}>, not an object.', hint)

    def name_hint(self, attribute: str, name: str, candidates: dict[str, Node]) -> str:
        match = self.closest(name, candidates) or (next(iter(candidates)) if len(candidates) == 1 else None)
        if match:
            return f'Did you mean {attribute}="{match}"?'
        return f"{attribute} can be {listed(candidates)}." if candidates else f"There is no tag that {attribute} could name."


def _tags(tags: tuple[str, ...]) -> str:
    shown = [f"<{tag}>" for tag in tags]
    return " or ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)
