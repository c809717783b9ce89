"""Short forms of a prediction's result, spelt out as result rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from labeling.problems import listed

if TYPE_CHECKING:
    from labeling.config import Config, Control


class PredictionError(ValueError):
    """A prediction's result is in none of the known forms, or no control of the config can take it. The message says which."""


def normalize_prediction_result(config: Config, value: Any) -> list[dict[str, Any]]:
    """`value` as a list of result rows.

    A list of rows stays as it is; a list of texts is one answer that names them all. An object is the `value` of one row for the first control whose key it holds (`{"choices": ["Cat"]}`).
    A text or number is the answer of the first control that takes one: Choices or TextArea, Rating or Number.
    Raises `PredictionError` for anything else.
    """
    if isinstance(value, list) and value and all(isinstance(text, str) for text in value):
        for control in _answering(config):
            if control.spec.minified == "string":
                return [_row(control, {_answer_key(control): value})]
        raise PredictionError("A plain text needs Choices or TextArea in the config.")
    if isinstance(value, list):
        for index, row in enumerate(value):
            if not isinstance(row, dict):
                raise PredictionError(f"result[{index}] must be an object.")
        return value
    if isinstance(value, dict):
        for control in _answering(config):
            if control.value_key in value or control.type in value or _answer_key(control) in value:
                return [_row(control, value)]
        keys = listed(dict.fromkeys(_answer_key(control) for control in _answering(config)))
        raise PredictionError(f"The result fits no control of the config: it needs {keys}." if keys else "The config has no controls.")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise PredictionError("The result must be a list of rows, an object, a text or a number.")
    wanted = "string" if isinstance(value, str) else "number"
    for control in _answering(config):
        if control.spec.minified == wanted:
            key = _answer_key(control)
            return [_row(control, {key: [value] if wanted == "string" else value})]
    needed = "Choices or TextArea" if wanted == "string" else "Rating or Number"
    raise PredictionError(f"A plain {'text' if wanted == 'string' else 'number'} needs {needed} in the config.")


def _answering(config: Config) -> list[Control]:
    return [control for control in config.controls.values() if control.to_name and control.type != "relation"]


def _answer_key(control: Control) -> str:
    """The key of the value that holds the answer; for a plain shape, which has several, its type."""
    required: list[str] = control.spec.results[0].schema.get("required", [])
    return control.spec.results[0].labels_key or (required[0] if len(required) == 1 else control.type)


def _row(control: Control, value: dict[str, Any]) -> dict[str, Any]:
    return {"from_name": control.name, "to_name": ",".join(control.to_name), "type": control.type, "value": value}
