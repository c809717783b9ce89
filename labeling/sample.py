"""Makes up a task (and an annotation) that fits a config: for previews, and to show what data to import."""

from __future__ import annotations

import copy
import math
import re
from typing import TYPE_CHECKING, Any

from labeling.variables import MISSING, look_up, sole_variable, variables_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from labeling.config import Config, Control
    from labeling.tag_table import ResultSpec, TagSpec
    from labeling.tree import Node

_STEP = re.compile(r"[^.\[\]]+")
_REPEATS = 2
_POINTS = 200
_DEEPEST = 32  # steps of a path: what is nested deeper no JSON reader takes


def sample_task(config: Config, with_annotation: bool = False) -> dict[str, Any]:
    """Task data that the config can show; media are paths under `/static/samples/`.

    With `with_annotation`: `{"data": …, "annotations": [{"result": […]}], "predictions": [{"result": […], "score": …}]}`.
    """
    data = _data(config)
    if not with_annotation:
        return data
    rows = [row for number, control in enumerate(config.controls.values(), 1) if (row := _row(config, control, data, number))]
    predicted = [{**row, "origin": "prediction"} for row in rows]
    return {
        "data": data,
        "annotations": [{"result": rows, "was_cancelled": False, "ground_truth": False}],
        "predictions": [{"result": predicted, "score": 0.9, "model_version": "sample"}],
    }


def _data(config: Config) -> dict[str, Any]:
    data: dict[str, Any] = {}
    seen: dict[str, int] = {}
    for path, value in _values(config, seen):
        for index in range(_REPEATS if "{{" in path else 1):
            _put(data, re.sub(r"\{\{\w+\}\}", str(index), path), copy.deepcopy(value))
    return data


def _values(config: Config, seen: dict[str, int]) -> Iterator[tuple[str, Any]]:
    """Paths and their sample values: first what objects and controls show, then the words of other tags."""
    for target in config.objects.values():
        several = target.node.attributes.get("valueList", "")
        if path := sole_variable(several):
            yield path, list(target.spec.samples[:3])
        if path := sole_variable(target.node.value):
            number = seen[target.tag] = seen.get(target.tag, -1) + 1
            yield path, _object_sample(target.spec, target.node, number)
        elif target.value_key == "":
            for path in variables_in(target.value):
                yield path, _words(path)
    for control in config.controls.values():
        if (path := sole_variable(control.node.attributes.get("value", ""))) and control.spec.samples:
            yield path, control.spec.samples[0]
    for node in config.root.walk():
        spec = node.spec
        if spec is None:
            continue
        for name, text in [*node.attributes.items(), ("value", node.text or "")]:
            attribute = spec.attributes.get(name)
            if attribute is not None and attribute.variable and node.tag != "Repeater":
                for path in variables_in(text):
                    yield path, 25 if attribute.type == "number" else _words(path)
    for node in config.root.walk():
        if node.tag == "Repeater" and (path := sole_variable(node.attributes.get("on", ""))):
            yield path, ["1", "2"]


def _object_sample(spec: TagSpec, node: Node, number: int) -> Any:
    value_type = node.attributes.get("valueType", "").lower()
    if value_type == "url" and spec.url_sample:
        return spec.url_sample
    if value_type == "json" and any(child.tag in ("Channel", "MultiChannel") for child in node.children):
        return _columns(node)
    sample = spec.samples[number % len(spec.samples)] if spec.samples else _words(node.value)
    keys = {"author": node.attributes.get("nameKey"), "text": node.attributes.get("textKey")}
    if any(keys.values()) and isinstance(sample, list):
        return [{keys.get(key) or key: value for key, value in item.items()} for item in sample]
    return sample


def _columns(node: Node) -> dict[str, list[float]]:
    """A column for the time and one curve per channel."""
    time = node.attributes.get("timeColumn")
    columns: dict[str, list[float]] = {time: [float(second) for second in range(_POINTS)]} if time else {}
    channels = [child.attributes["column"] for child in node.walk() if child.tag == "Channel" and child.attributes.get("column")]
    for number, column in enumerate(channels, 1):
        columns.setdefault(column, [round(math.sin(second / (6 * number)) + second / 300, 3) for second in range(_POINTS)])
    return columns


def _words(path: str) -> str:
    """A readable value for a key nothing else is known about: `"user.full_name"` → `"Example of full name"`."""
    steps = [step for step in _STEP.findall(path) if "{{" not in step and not step.isdigit()]
    return f"Example of {(steps[-1] if steps else 'text').replace('_', ' ').strip()}"


def _put(data: dict[str, Any], path: str, value: Any) -> None:
    """Sets `value` at `path`, making objects and lists on the way; what is there already stays. Very deep paths are left out."""
    steps = [(step.group(), path[step.start() - 1 : step.start()] == "[") for step in _STEP.finditer(path)]
    if len(steps) > _DEEPEST:
        return
    here: Any = data
    for position, (step, in_brackets) in enumerate(steps):
        last = position == len(steps) - 1
        fresh: Any = value if last else [] if _is_index(*steps[position + 1]) else {}
        if isinstance(here, list) and _is_index(step, in_brackets):
            here.extend({} for _ in range(int(step) + 1 - len(here)))
            if last or type(here[int(step)]) is not type(fresh):
                here[int(step)] = fresh
            here = here[int(step)]
        elif isinstance(here, dict):
            here = here.setdefault(step, fresh)
        else:
            return


def _is_index(step: str, in_brackets: bool) -> bool:
    return in_brackets and step.isdigit() and int(step) < 100


def _row(config: Config, control: Control, data: dict[str, Any], number: int) -> dict[str, Any] | None:
    if control.regex is not None or control.type == "relation" or control.conditionals or control.node.truthy("perRegion"):
        return None
    to_name = control.name if control.spec.own_object else control.to_name[0]
    target = config.find_object(to_name)
    spec = _result_spec(control.spec, target.tag if target else "")
    value = copy.deepcopy(spec.example)
    label = _first_label(control, data)
    if spec.labels_key:
        if label is None:
            return None
        value[spec.labels_key] = [label]
    if control.type == "ranker" and target is not None:
        value["ranker"] = _ranked(control, look_up(target.value_key, data))
    shown = look_up(target.value_key, data) if target is not None else MISSING
    if "text" in value and isinstance(shown, str) and isinstance(value.get("end"), int):
        value["end"] = min(value["end"], len(shown))
        value["text"] = shown[value["start"] : value["end"]]
    return {
        "id": f"sample{number:04}",
        "from_name": control.name,
        "to_name": to_name,
        "type": spec.type,
        "value": value,
        "origin": "manual",
    }


def _result_spec(spec: TagSpec, object_tag: str) -> ResultSpec:
    matching = [result for result in spec.results if object_tag in result.objects]
    return matching[0] if matching else next(result for result in spec.results if not result.objects)


def _first_label(control: Control, data: dict[str, Any]) -> Any:
    """The first label that a row of the control may name: text, or a path where results hold paths."""
    nested = control.type == "taxonomy" or control.node.truthy("allowNested")
    nodes = [child for child in control.node.children if child.tag == control.spec.label_tag]
    if nodes:
        path = [nodes[0].attributes.get("alias") or nodes[0].value]
        while nested and (below := [child for child in nodes[0].children if child.tag == control.spec.label_tag]):
            nodes = below
            path.append(nodes[0].attributes.get("alias") or nodes[0].value)
        return path if nested else path[0]
    if control.labels:
        return [control.labels[0]] if nested else control.labels[0]
    entries = look_up(sole_variable(control.node.attributes.get("value", "")) or "", data)
    if isinstance(entries, list) and entries and isinstance(entries[0], dict):
        return [entries[0]["value"]] if nested else entries[0]["value"]
    return None


def _ranked(control: Control, items: Any) -> dict[str, list[str]]:
    ids = [str(item["id"]) for item in items if isinstance(item, dict) and "id" in item] if isinstance(items, list) else []
    buckets = [node.attributes.get("name", "") for node in control.node.children if node.tag == "Bucket"]
    if not buckets:
        return {control.name: ids}
    return {bucket: ids if index == 0 else [] for index, bucket in enumerate(buckets)}
