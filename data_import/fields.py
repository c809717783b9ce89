"""The fields of imported items, read leniently where nothing is lost and refused in one sentence where something would be.

Each function takes the value, where it stands in the item, and the list that problems are added to.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from core.rawjson import json_text

MAX_ID = 2**63 - 1


def objects_in(item: dict[str, Any], name: str, problems: list[str]) -> list[dict[str, Any]]:
    """The objects of a list. Bare ids (some exports name predictions and drafts only so) say nothing and are passed over."""
    value = item.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        problems.append(f'"{name}" is a list, not {kind_of(value)}')
        return []
    found = []
    for position, entry in enumerate(value):
        if isinstance(entry, dict):
            found.append(entry)
        elif not isinstance(entry, int):
            problems.append(f"{name}[{position}] is an object, not {kind_of(entry)}")
    return found


def kind_of(value: Any) -> str:
    if value is None:
        return "null"
    return {bool: "true or false", int: "a number", float: "a number", str: "text", list: "a list", dict: "an object"}.get(
        type(value), type(value).__name__
    )


def object_text(value: Any, where: str, problems: list[str]) -> str:
    if not isinstance(value, dict):
        problems.append(f"{where} is an object, not {kind_of(value)}")
        return "{}"
    return json_text(value)


def truth(value: Any, default: bool, where: str, problems: list[str]) -> bool:
    if value is None:
        return default
    if not isinstance(value, bool):
        problems.append(f"{where} is true or false, not {kind_of(value)}")
    return bool(value)


def number(value: Any, where: str, problems: list[str]) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        problems.append(f"{where} is a number, not {kind_of(value)}")
        return None
    return float(value)


def known_id(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= MAX_ID else None


def unique_id(value: Any, where: str, problems: list[str]) -> UUID | None:
    if value is None:
        return None
    try:
        return UUID(value)
    except (ValueError, AttributeError, TypeError):
        problems.append(f"{where} is a UUID like 123e4567-e89b-12d3-a456-426614174000")
        return None


def moment(value: Any, where: str, problems: list[str]) -> datetime | None:
    """ISO 8601, or seconds since 1970 as old exports have them."""
    if value is None or value == "":
        return None
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
        if isinstance(value, str):
            return _parsed(value)
    except (ValueError, OverflowError, OSError):
        pass
    problems.append(f"{where} is a date and time like 2026-11-21T10:30:00Z")
    return None


def _parsed(value: str) -> datetime:
    found = datetime.fromisoformat(value)
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
