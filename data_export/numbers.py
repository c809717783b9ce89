"""Numbers of results, which may be anything."""

from __future__ import annotations

from typing import Any

MOST = 1e12  # beyond any coordinate: larger numbers would overflow in what is computed of them


def number(value: Any) -> float | None:
    """A number of a result, None for anything else and for what no picture, text or sound has so many of."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < MOST else None
