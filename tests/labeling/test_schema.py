"""The compiled checks agree with a full implementation of JSON Schema."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import labeling
from labeling.schema import compile_schema, explain

SCHEMAS = [
    pytest.param(result.schema, id=f"{spec.tag}: {result.type} {'/'.join(result.objects)}")
    for spec in labeling.tag_table().specs.values()
    for result in spec.results
]
scalars = st.none() | st.booleans() | st.integers(-300, 300) | st.floats(-300, 300) | st.text(max_size=4)


def like(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values that often match `schema`, and often just miss it."""
    types = schema.get("type", "object")
    name = types if isinstance(types, str) else types[0]
    if name == "object":
        properties = {key: like(sub) for key, sub in schema.get("properties", {}).items()}
        base: st.SearchStrategy[Any] = st.fixed_dictionaries({}, optional=properties)
        if "additionalProperties" in schema:
            base = st.dictionaries(st.text(max_size=3), like(schema["additionalProperties"]), max_size=3)
    elif name == "array":
        base = st.lists(like(schema.get("items", {"type": "string"})), max_size=4)
    else:
        base = {"string": st.text(max_size=5), "number": st.floats(-9, 9) | st.integers(-9, 300), "integer": st.integers(-2, 300)}.get(
            name, st.booleans()
        )
    if "enum" in schema:
        base = st.sampled_from(schema["enum"])
    return st.one_of(base, base, base, scalars)


@pytest.mark.parametrize("schema", SCHEMAS)
def test_same_verdict_as_jsonschema(schema: dict[str, Any]) -> None:
    check = compile_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)

    @settings(max_examples=40, deadline=None)
    @given(like(schema))
    def agree(value: Any) -> None:
        assert check(value) == validator.is_valid(value)
        if not check(value):
            path, message = explain(schema, value, "value")
            assert path.startswith("value")
            assert message

    agree()


@pytest.mark.parametrize(
    ("schema", "value", "place", "message"),
    [
        ({"type": "string"}, 5, "v", "must be text, not 5"),
        ({"type": ["string", "null"]}, [], "v", "must be text or null, not a list"),
        ({"type": "integer"}, 1.5, "v", "must be a whole number, not 1.5"),
        ({"minimum": 1}, 0, "v", "must be at least 1, not 0"),
        ({"maximum": 1}, 2, "v", "must be at most 1, not 2"),
        ({"enum": ["a", "b"]}, "c", "v", 'must be "a" or "b", not "c"'),
        ({"pattern": "^data:"}, "x", "v", "must match ^data:"),
        ({"required": ["a"]}, {}, "v.a", "is missing"),
        ({"properties": {"a": {"type": "number"}}}, {"a": {}}, "v.a", "must be a number, not an object"),
        ({"additionalProperties": {"type": "number"}}, {"b": False}, "v.b", "must be a number, not false"),
        ({"items": {"type": "number"}}, [1, "2"], "v[1]", 'must be a number, not "2"'),
        ({"minItems": 2, "maxItems": 2, "items": {}}, [1], "v", "must have 2 items, not 1"),
        ({"minItems": 2, "items": {}}, [1], "v", "must have at least 2 items, not 1"),
        ({"maxItems": 2, "items": {}}, [1, 2, 3], "v", "must have at most 2 items, not 3"),
        ({"anyOf": [{"required": ["a"]}, {"required": ["b"]}]}, {}, "v.a", "is missing"),
        ({"type": "number"}, "x" * 50, "v", 'must be a number, not "xxxxxxxxxxxxxxxxxxxx…"'),
    ],
)
def test_explanation(schema: dict[str, Any], value: Any, place: str, message: str) -> None:
    assert not compile_schema(schema)(value)
    assert explain(schema, value, "v") == (place, message)
