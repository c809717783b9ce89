"""The config in the shapes that the REST API and its clients know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from labeling.variables import REPEATER_FLAG, variables_in

if TYPE_CHECKING:
    from labeling.config import Config, ObjectTag


def to_parsed_label_config(config: Config) -> dict[str, dict[str, Any]]:
    """`parsed_label_config` of the API: per control `{type, to_name[], inputs[{type, valueType, value}], labels[], labels_attrs{}}`.

    `type` is the tag. `conditionals`, `dynamic_labels` and `regex` (for copies made by a Repeater) stand there only when the control has
    them, and an Image with several pages has `valueList` in place of `value`, as clients expect. Relations are left out.
    """
    parsed: dict[str, dict[str, Any]] = {}
    for control in config.controls.values():
        if not control.to_name:
            continue
        entry: dict[str, Any] = {"type": control.tag, "to_name": list(control.to_name)}
        if control.conditionals:
            entry["conditionals"] = dict(control.conditionals)
        if control.dynamic:
            entry["dynamic_labels"] = True
        if control.regex is not None:
            entry["regex"] = dict.fromkeys(REPEATER_FLAG.findall(control.name), ".*")
        targets = [config.objects[name] for name in control.to_name if name in config.objects]
        entry["inputs"] = [_input(target) for target in targets]
        entry["labels"] = list(control.labels)
        entry["labels_attrs"] = {label: dict(attributes) for label, attributes in control.labels_attrs.items()}
        parsed[control.name] = entry
    return parsed


def _input(target: ObjectTag) -> dict[str, str | None]:
    key = "value" if target.node.attributes.get("value") or target.node.text else "valueList"
    return {"type": target.tag, "valueType": target.value_type, key: target.value_key or target.value.lstrip("$")}


def data_types(config: Config) -> dict[str, str]:
    """Which tag shows which task data: `{"text": "Text", "meta.title": "Text"}`, by path, objects only, in the order of the source."""
    found: dict[str, str] = {}
    for target in config.objects.values():
        for path in variables_in(target.value):
            found.setdefault(path, target.tag)
    return found
