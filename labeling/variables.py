"""`$variables`: finding them in a template, looking them up in task data, putting values in their place."""

from __future__ import annotations

import json
import re
from typing import Any

# What XML calls white space. Nothing else is trimmed, so that both interpreters trim the same.
WHITE_SPACE = " \t\r\n"
# A name may hold the {{flag}} of a Repeater, as in $pages[{{i}}].text or $image_{{i}}.
_NAME = r"(?:\w|\{\{\w+\}\})+"
VARIABLE = re.compile(rf"\$({_NAME}(?:\.{_NAME}|\[{_NAME}\])*)")
_STEP = re.compile(rf"({_NAME})|\[({_NAME})\]")
# The number of a copy that a Repeater makes.
REPEATER_FLAG = re.compile(r"\{\{\w+\}\}")
MISSING: Any = object()


def variables_in(template: str) -> list[str]:
    """The paths of the variables in `template`, without the `$`, in order: `"$a.b and $c[0]"` → `["a.b", "c[0]"]`."""
    return VARIABLE.findall(template) if "$" in template else []


def sole_variable(template: str) -> str | None:
    """The path when `template` is one variable and nothing else (white space around it does not count), otherwise None."""
    match = VARIABLE.fullmatch(template.strip(WHITE_SPACE))
    return match.group(1) if match else None


def root_key(path: str) -> str:
    """The key of the task data that `path` starts at: `"pages[0].text"` → `"pages"`."""
    return re.split(r"[.\[]", path, maxsplit=1)[0]


def look_up(path: str, data: Any) -> Any:
    """The value at `path` in `data`, or `MISSING`. A key spelled like the whole path counts before the path."""
    if isinstance(data, dict) and path in data:
        return data[path]
    value = data
    for match in _STEP.finditer(path):
        name = match.group(1) or match.group(2)
        if isinstance(value, dict) and name in value:
            value = value[name]
        elif isinstance(value, list) and name.isascii() and name.isdigit() and len(name) < 10 and int(name) < len(value):
            value = value[int(name)]
        else:
            return MISSING
    return value


def _as_text(value: Any) -> str:
    if value is MISSING or value is None:
        return ""
    if isinstance(value, str):
        return value
    # JavaScript writes 2.0 as 2; both interpreters must agree.
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        value = int(value)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def interpolate(template: str, data: Any) -> Any:
    """`template` with its variables replaced by values of `data` (a task's data).

    Returns the value itself, of any JSON type, when the template is one variable; otherwise a string. What is missing is `""`.
    """
    path = sole_variable(template)
    if path is not None:
        value = look_up(path, data)
        return "" if value is MISSING else value
    if "$" not in template:
        return template
    return VARIABLE.sub(lambda match: _as_text(look_up(match.group(1), data)), template)
