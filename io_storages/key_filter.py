"""Which keys a source takes: those that its regular expression matches from their start, and that look like one of its names."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from core.database import compiled_regex


def key_filter(values: Mapping[str, Any]) -> Callable[[str], bool]:
    """A function of a key, from the fields `regex_filter` and `glob_filter`."""
    found = [compiled_regex(values["regex_filter"])] if values.get("regex_filter") else []
    if values.get("glob_filter"):
        found.append(compiled_regex("|".join(f"(?:{_expression(name)})" for name in str(values["glob_filter"]).split())))
    return lambda key: all(pattern.match(key) for pattern in found)


def _expression(name: str) -> str:
    """`*` is anything within a folder, `**/` any folders, `?` a character. A name without `/` may be in any folder."""
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", name)
    meanings = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    expression = "".join(meanings.get(part, re.escape(part)) for part in parts)
    return f"{'' if '/' in name else '(?:.*/)?'}{expression}$"
