"""Checks result rows: errors where the shape is not what the type says, warnings where the config does not know what they name."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from labeling.problems import closest
from labeling.schema import Check, compile_schema, explain
from labeling.tag_table import ResultSpec, tag_table

if TYPE_CHECKING:
    from labeling.config import Config

MAX_PROBLEMS = 100


@dataclass(frozen=True, slots=True)
class ResultProblem:
    """One thing that is wrong with a result. `path` is like `result[3].value.x`; an error must be put right, a warning may stay."""

    path: str
    message: str
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


@dataclass(frozen=True, slots=True)
class _Shape:
    spec: ResultSpec
    check: Check


@cache
def _shapes() -> dict[str, list[_Shape]]:
    """The shapes of each result type; entries for particular object tags come before the general one."""
    found: dict[str, list[_Shape]] = {}
    for tag in tag_table().specs.values():
        for spec in tag.results:
            found.setdefault(spec.type, []).append(_Shape(spec, compile_schema(spec.schema)))
    for shapes in found.values():
        shapes.sort(key=lambda shape: not shape.spec.objects)
    return found


def _shape_for(result_type: str, object_tag: str | None) -> _Shape | None:
    for shape in _shapes().get(result_type, ()):
        if not shape.spec.objects or object_tag in shape.spec.objects:
            return shape
    return None


@dataclass(slots=True)
class _Source:
    """What a config says about rows that share `from_name`, `to_name` and `type`."""

    warnings: list[tuple[str, str]]
    shape: _Shape | None
    labels: frozenset[str] | None
    tag: str = ""


def validate_result(config: Config, result: Any) -> list[ResultProblem]:
    """What is wrong with `result`, a parsed list of rows; at most 100 problems, in the order of the rows."""
    if not isinstance(result, list):
        return [ResultProblem("result", "must be a list of rows")]
    problems: list[ResultProblem] = []
    sources: dict[tuple[Any, Any, Any], _Source] = {}
    relations: list[tuple[int, dict[str, Any]]] = []
    for index, row in enumerate(result):
        if type(row) is not dict:
            problems.append(ResultProblem(f"result[{index}]", "must be an object"))
        elif row.get("type") == "relation":
            relations.append((index, row))
        else:
            _check_row(config, index, row, sources, problems)
        if len(problems) >= MAX_PROBLEMS:
            return problems[:MAX_PROBLEMS]
    if relations:
        _check_relations(config, result, relations, problems)
    return problems[:MAX_PROBLEMS]


def _check_row(
    config: Config,
    index: int,
    row: dict[str, Any],
    sources: dict[tuple[Any, Any, Any], _Source],
    problems: list[ResultProblem],
) -> None:
    from_name, to_name, row_type = row.get("from_name"), row.get("to_name"), row.get("type")
    for key, value in (("type", row_type), ("from_name", from_name), ("to_name", to_name)):
        if type(value) is not str:
            problems.append(ResultProblem(f"result[{index}].{key}", "is missing" if value is None else "must be text"))
            return
    row_id = row.get("id")
    if row_id is not None and type(row_id) is not str:
        problems.append(ResultProblem(f"result[{index}].id", "should be text", "warning"))
    item_index = row.get("item_index")
    if item_index is not None and type(item_index) is not int:
        problems.append(ResultProblem(f"result[{index}].item_index", "must be a whole number"))
    value = row.get("value")
    if type(value) is not dict:
        problems.append(ResultProblem(f"result[{index}].value", "is missing" if value is None else "must be an object"))
        return
    triple = (from_name, to_name, row_type)
    source = sources.get(triple)
    if source is None:
        source = sources[triple] = _source(config, str(from_name), str(to_name), str(row_type))
    for key, message in source.warnings:
        problems.append(ResultProblem(f"result[{index}].{key}", message, "warning"))
    if source.shape is None:
        return
    if not source.shape.check(value):
        path, message = explain(source.shape.spec.schema, value, f"result[{index}].value")
        problems.append(ResultProblem(path, message))
    elif source.labels is not None:
        labels_key = source.shape.spec.labels_key
        for label in _flat(value.get(labels_key)):
            if label not in source.labels and len(problems) < MAX_PROBLEMS:
                hint = closest(label, source.labels)
                problems.append(
                    ResultProblem(
                        f"result[{index}].value.{labels_key}",
                        f'"{label}" is not a label of "{from_name}"' + (f'; did you mean "{hint}"?' if hint else ""),
                        "warning",
                    )
                )


def _source(config: Config, from_name: str, to_name: str, row_type: str) -> _Source:
    warnings: list[tuple[str, str]] = []
    labels: frozenset[str] | None = None
    target = config.find_object(to_name)
    control = config.find_control(from_name)
    speaking_object = config.find_object(from_name) if control is None else None
    if control is not None:
        types = {spec.type for spec in control.spec.results}
        if row_type not in types:
            warnings.append(("type", f'<{control.tag} name="{from_name}"> yields "{control.type}", not "{row_type}"'))
        elif control.labels and not control.dynamic and not control.node.truthy("legacy"):
            labels = control.known_labels
        own = control.spec.own_object and to_name == from_name
        if not own and to_name not in control.to_name and (control.regex is None or target is None):
            warnings.append(("to_name", f'"{from_name}" is about {" and ".join(control.to_name) or "nothing"}, not "{to_name}"'))
    elif speaking_object is not None and row_type in {spec.type for spec in speaking_object.spec.results}:
        if to_name != from_name:
            warnings.append(("to_name", f'must be "{from_name}" too'))
    else:
        hint = closest(from_name, config.controls)
        warnings.append(("from_name", f'the config has no control "{from_name}"' + (f'; did you mean "{hint}"?' if hint else "")))
        if target is None:
            warnings.append(("to_name", f'the config has no object "{to_name}"'))
    shape = _shape_for(row_type, target.tag if target else None)
    if shape is None:
        warnings.append(("type", f'"{row_type}" is not a type of result'))
    return _Source(warnings, shape, labels)


def _check_relations(config: Config, result: list[Any], relations: list[tuple[int, dict[str, Any]]], problems: list[ResultProblem]) -> None:
    ids = {row.get("id") for row in result if type(row) is dict and type(row.get("id")) is str}
    known = {label for control in config.controls.values() if control.type == "relation" for label in control.labels}
    known |= {node.value for node in config.root.walk() if node.tag == "Relation"}
    for index, row in relations:
        if len(problems) >= MAX_PROBLEMS:
            return
        for key in ("from_id", "to_id"):
            value = row.get(key)
            if type(value) is not str:
                problems.append(ResultProblem(f"result[{index}].{key}", "is missing" if value is None else "must be text"))
            elif value not in ids:
                problems.append(ResultProblem(f"result[{index}].{key}", f'no row has the id "{value}"', "warning"))
        direction = row.get("direction")
        if direction not in (None, "left", "right", "bi"):
            problems.append(ResultProblem(f"result[{index}].direction", 'must be "left", "right" or "bi"'))
        labels = row.get("labels")
        if labels is not None and (type(labels) is not list or any(type(label) is not str for label in labels)):
            problems.append(ResultProblem(f"result[{index}].labels", "must be a list of texts"))
        elif known:
            for label in labels or ():
                if label not in known:
                    problems.append(ResultProblem(f"result[{index}].labels", f'"{label}" is not a label of relations', "warning"))


def _flat(labels: Any) -> list[str]:
    """Labels as a flat list: steps of paths (nested choices, taxonomies) one by one, each once, in order. Numbers count as their digits."""
    found: dict[str, None] = {}
    if type(labels) is list:
        for label in labels:
            for step in label if type(label) is list else (label,):
                if type(step) is str:
                    found[step] = None
                elif type(step) is int or type(step) is float:
                    found[str(step)] = None
    return list(found)


@cache
def label_keys() -> dict[str, str]:
    return {result_type: key for result_type, shapes in _shapes().items() if (key := shapes[0].spec.labels_key)}


def labels_of(row: Any) -> list[str]:
    """The labels that a result row names: of labelled regions, choices (steps of paths one by one), taxonomies and relations.

    A row that is malformed or of a type without labels has none; this never raises.
    """
    if type(row) is not dict:
        return []
    row_type = row.get("type")
    if row_type == "relation":
        return _flat(row.get("labels"))
    value = row.get("value")
    if type(value) is not dict or type(row_type) is not str:
        return []
    key = label_keys().get(row_type)
    return _flat(value.get(key)) if key else []
