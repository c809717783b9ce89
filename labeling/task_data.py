"""Checks the data of a task against a config: is there what the object tags show, and of a type they can show?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from labeling.problems import closest, listed
from labeling.variables import MISSING, look_up, sole_variable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from labeling.config import Config

_JSON_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "array": (list,),
    "object": (dict,),
    "boolean": (bool,),
}
_SPOKEN = {"string": "text", "number": "a number", "array": "a list", "object": "an object", "boolean": "true or false"}


def json_type(value: Any) -> str:
    """The JSON type of a parsed value: `string`, `number`, `array`, `object`, `boolean` or `null`."""
    if isinstance(value, bool):
        return "boolean"
    for name, types in _JSON_TYPES.items():
        if isinstance(value, types):
            return name
    return "null"


def spoken_type(name: str) -> str:
    """A JSON type as words for a message."""
    return _SPOKEN.get(name, "null")


def validate_task_data(config: Config, data: Any) -> list[str]:
    """What keeps a task with `data` from being shown; an empty list when nothing does.

    Each object tag's variable must be there (dotted paths count, `[` asks for a list) and of a type that the tag can show. Values a
    control takes from the task (dynamic choices) must be a list or text when they are there; null is as good as absent.
    """
    if not isinstance(data, dict):
        return [f"The data of a task must be an object like {_example(config)}, not {spoken_type(json_type(data))}."]
    return list(_messages(config, data))


def _messages(config: Config, data: dict[str, Any]) -> Iterator[str]:
    for target in config.objects.values():
        if target.value_key:
            several = not target.node.value  # an Image whose pages come from valueList
            yield from _check(target.tag, target.value_key, ("array", "string") if several else target.spec.data_types, data, required=True)
    for control in config.controls.values():
        path = sole_variable(control.node.attributes.get("value", ""))
        if path and control.spec.label_tag:
            yield from _check(control.tag, path, ("array", "string", "object"), data, required=False)
    for node in config.root.walk():
        path = sole_variable(node.attributes.get("on", "")) if node.tag == "Repeater" else None
        if path:
            yield from _check(node.tag, path, ("array",), data, required=True)


def _check(tag: str, path: str, types: Iterable[str], data: dict[str, Any], *, required: bool) -> Iterator[str]:
    if "{{" in path:
        return  # a copy made by a Repeater: the list it walks through is checked with the Repeater
    value = look_up(path, data)
    if value is MISSING:
        if required:
            yield _missing(tag, path, data)
        return
    if value is None and not required:
        return
    wanted = list(types)
    found = json_type(value)
    if found not in wanted:
        spoken = [spoken_type(name) for name in wanted]
        options = " or ".join([", ".join(spoken[:-1]), spoken[-1]] if len(spoken) > 1 else spoken)
        yield f'"{path}" must be {options} for <{tag}>; it is {spoken_type(found)}.'


def _missing(tag: str, path: str, data: dict[str, Any]) -> str:
    match = closest(path, map(str, data))
    if match is not None:
        return f'"{path}" is missing, which <{tag}> shows; there is "{match}".'
    there = f"there is {listed(map(str, data))}" if data else "the data is empty"
    return f'"{path}" is missing, which <{tag}> shows; {there}.'


def _example(config: Config) -> str:
    keys = config.data_keys or ["text"]
    return "{" + ", ".join(f'"{key}": …' for key in keys[:3]) + "}"
