"""The part of JSON Schema that `tag.json` files use, compiled to plain functions: results are checked on every submit.

Known: `type` (one or several), `required`, `properties`, `additionalProperties` (a schema), `items`, `minItems`, `maxItems`, `minimum`,
`maximum`, `enum`, `pattern`, `anyOf`. A schema with any other word is refused when it is compiled, so that none is silently ignored.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

Schema = dict[str, Any]
Check = Callable[[Any], bool]

_KNOWN = {"type", "required", "properties", "additionalProperties", "items", "minItems", "maxItems", "minimum", "maximum"}
_KNOWN |= {"enum", "pattern", "anyOf"}
_BYTE = {"type": "integer", "minimum": 0, "maximum": 255}


def _is_integer(value: Any) -> bool:
    return type(value) is int or (type(value) is float and value.is_integer())


_TYPES: dict[str, Check] = {
    "object": lambda value: type(value) is dict,
    "array": lambda value: type(value) is list,
    "string": lambda value: type(value) is str,
    "number": lambda value: type(value) is float or type(value) is int,
    "integer": _is_integer,
    "boolean": lambda value: type(value) is bool,
    "null": lambda value: value is None,
}
_SPOKEN = {
    "object": "an object",
    "array": "a list",
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "null",
}


def compile_schema(schema: Schema) -> Check:
    """A function that says whether a parsed JSON value matches `schema`. Raises `ValueError` for a word this module does not know."""
    unknown = set(schema) - _KNOWN
    if unknown:
        raise ValueError(f"unknown words in a schema: {sorted(unknown)}")
    checks: list[Check] = []
    if "type" in schema:
        checks.append(_type_check(schema["type"]))
    if "enum" in schema:
        allowed = tuple(schema["enum"])
        checks.append(lambda value: value in allowed)
    if "minimum" in schema or "maximum" in schema:
        checks.append(_range_check(schema.get("minimum", float("-inf")), schema.get("maximum", float("inf"))))
    if "pattern" in schema:
        pattern = re.compile(schema["pattern"])
        checks.append(lambda value: type(value) is not str or pattern.search(value) is not None)
    if "required" in schema or "properties" in schema or "additionalProperties" in schema:
        checks.append(_object_check(schema))
    if "items" in schema or "minItems" in schema or "maxItems" in schema:
        checks.append(_array_check(schema))
    if "anyOf" in schema:
        options = [compile_schema(option) for option in schema["anyOf"]]
        checks.append(lambda value: any(option(value) for option in options))
    if len(checks) == 1:
        return checks[0]
    return lambda value: all(check(value) for check in checks)


def _type_check(types: str | list[str]) -> Check:
    if isinstance(types, str):
        return _TYPES[types]
    options = [_TYPES[name] for name in types]
    return lambda value: any(option(value) for option in options)


def _range_check(low: float, high: float) -> Check:
    return lambda value: type(value) not in (int, float) or low <= value <= high


def _object_check(schema: Schema) -> Check:
    required: list[str] = schema.get("required", [])
    properties = {name: compile_schema(sub) for name, sub in schema.get("properties", {}).items()}
    items = list(properties.items())
    rest = compile_schema(schema["additionalProperties"]) if "additionalProperties" in schema else None

    def check(value: Any) -> bool:
        if type(value) is not dict:
            return True
        for name in required:
            if name not in value:
                return False
        for name, sub in items:
            if name in value and not sub(value[name]):
                return False
        return rest is None or all(rest(sub) for name, sub in value.items() if name not in properties)

    return check


def _array_check(schema: Schema) -> Check:
    low, high = schema.get("minItems", 0), schema.get("maxItems", float("inf"))
    items = schema.get("items")
    if items is None:
        return lambda value: type(value) is not list or low <= len(value) <= high
    item = compile_schema(items)
    quick = _quick_array(items)

    def check(value: Any) -> bool:
        if type(value) is not list:
            return True
        if not low <= len(value) <= high:
            return False
        return (quick is not None and quick(value)) or all(map(item, value))

    return check


def _quick_array(items: Schema) -> Callable[[list[Any]], bool] | None:
    """For long lists of plain values: True means that all items match; False means that they must be looked at one by one."""
    if items == _BYTE:

        def all_bytes(values: list[Any]) -> bool:
            if set(map(type, values)) - {int}:
                return False
            try:
                bytes(values)
            except ValueError:
                return False
            return True

        return all_bytes
    if items == {"type": "string"}:
        return lambda values: not set(map(type, values)) - {str}
    if items == {"type": "number"}:
        return lambda values: not set(map(type, values)) - {int, float}
    return None


def explain(schema: Schema, value: Any, path: str) -> tuple[str, str]:
    """For a value that does not match: the path of the first part that is wrong, and what it should be."""
    types = schema.get("type")
    if types is not None and not _type_check(types)(value):
        names = [types] if isinstance(types, str) else types
        return path, f"must be {' or '.join(_SPOKEN[name] for name in names)}, not {_shown(value)}"
    if "enum" in schema and value not in schema["enum"]:
        return path, f"must be {' or '.join(map(_shown, schema['enum']))}, not {_shown(value)}"
    if type(value) in (int, float):
        if value < schema.get("minimum", value):
            return path, f"must be at least {schema['minimum']}, not {_shown(value)}"
        if value > schema.get("maximum", value):
            return path, f"must be at most {schema['maximum']}, not {_shown(value)}"
    if isinstance(value, str) and "pattern" in schema:
        return path, f"must match {schema['pattern']}"
    if isinstance(value, dict):
        for name in schema.get("required", []):
            if name not in value:
                return f"{path}.{name}", "is missing"
        properties: dict[str, Schema] = schema.get("properties", {})
        for name, sub in value.items():
            sub_schema = properties.get(name, schema.get("additionalProperties"))
            if sub_schema is not None and not compile_schema(sub_schema)(sub):
                return explain(sub_schema, sub, f"{path}.{name}")
    if isinstance(value, list):
        low, high = schema.get("minItems", 0), schema.get("maxItems")
        if len(value) < low or (high is not None and len(value) > high):
            wanted = f"{low}" if low == high else f"at least {low}" if len(value) < low else f"at most {high}"
            return path, f"must have {wanted} items, not {len(value)}"
        item = compile_schema(schema.get("items", {}))
        for index, sub in enumerate(value):
            if not item(sub):
                return explain(schema["items"], sub, f"{path}[{index}]")
    for option in schema.get("anyOf", [])[:1]:
        return explain(option, value, path)
    return path, "has the wrong shape"


def _shown(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{value[:20]}…"' if len(value) > 20 else f'"{value}"'
    return repr(value) if isinstance(value, int | float) else _SPOKEN["array" if isinstance(value, list) else "object"]
