"""JSON that passes through: read once, checked once, stored as text, sent as text.

`data`, `result` and `meta` columns hold JSON text (`RawJSONField`): TEXT on SQLite, `json` on PostgreSQL. Nothing parses them on
the way from the database to the socket: rows are rendered with `orjson.Fragment`.
"""

from __future__ import annotations

from typing import Any

import orjson
from django.db import models

MAX_DEPTH = 64

# What an orjson dump may meet besides plain JSON types: ints as keys (imported dictionaries) and datetimes in UTC.
DUMP_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS


class JSONRefused(ValueError):
    """The bytes are not JSON that Labelspace keeps; the message is one sentence for the user."""


def read_json(body: bytes | str, *, max_depth: int = MAX_DEPTH) -> Any:
    """Parse strict JSON.

    Takes UTF-8 bytes or text; returns the value. Raises `JSONRefused` for malformed JSON, NaN, Infinity and overflowing numbers, lone
    surrogates, NUL characters (PostgreSQL cannot store them) and nesting deeper than `max_depth`.
    """
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise JSONRefused(f"JSON parse error: {error}.") from None
    _refuse_deep(body, value, max_depth)
    suspicious = b"\\u0000" in body if isinstance(body, bytes) else "\\u0000" in body
    if suspicious and _holds_nul(value):
        raise JSONRefused("Text must not contain NUL characters (\\u0000).")
    return value


def json_text(value: Any) -> str:
    """The JSON text of a value as it is stored in a `RawJSONField`. Raises `JSONRefused` for what JSON cannot say."""
    try:
        return orjson.dumps(value, option=DUMP_OPTIONS).decode()
    except (orjson.JSONEncodeError, UnicodeDecodeError) as error:
        raise JSONRefused(f"This value cannot be stored as JSON: {error}.") from None


def dump_json(value: Any) -> bytes:
    """Bytes to send; strings wrapped by `fragment` go out unparsed."""
    return orjson.dumps(value, option=DUMP_OPTIONS)


def fragment(text: str | bytes | None) -> orjson.Fragment | None:
    """Stored JSON text as a piece of an answer. Only ever from a `RawJSONField`: it is not checked again."""
    return None if text is None else orjson.Fragment(text)


def _refuse_deep(body: bytes | str, value: Any, max_depth: int) -> None:
    # Counting brackets is an upper bound of the depth and costs nothing; only a suspicious body is walked.
    brackets = (body.count(b"[") + body.count(b"{")) if isinstance(body, bytes) else (body.count("[") + body.count("{"))
    if brackets <= max_depth:
        return
    level = [value]
    for _ in range(max_depth):
        deeper: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                deeper.extend(child for child in item.values() if isinstance(child, dict | list))
            elif isinstance(item, list):
                deeper.extend(child for child in item if isinstance(child, dict | list))
        if not deeper:
            return
        level = deeper
    raise JSONRefused(f"JSON is nested too deeply (more than {max_depth} levels).")


def _holds_nul(value: Any) -> bool:
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        return any("\0" in str(key) or _holds_nul(child) for key, child in value.items())
    if isinstance(value, list):
        return any(_holds_nul(child) for child in value)
    return False


class RawJSONField(models.TextField):
    """A column of JSON text. Its Python value is `str`; write it with `json_text(value)`, parse it with `read_json`."""

    def db_type(self, connection: Any) -> str:
        return "json" if connection.vendor == "postgresql" else "text"

    def get_internal_type(self) -> str:
        return "TextField"
