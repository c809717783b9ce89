"""Addresses in task data that a browser cannot open as they are (`s3://…`): a room below knows where they lie, and says what to show instead.

Data is stored and exported as it came; only what is shown to people and clients passes through here.
"""

from __future__ import annotations

import re
from collections.abc import Callable

# What a resolver could know; data without it passes unread. `\\/` is how some write a slash in JSON.
FOREIGN = re.compile(r"(?:s3|gs|azure-blob|redis|hf|https?|local-files)[:/]")

Resolver = Callable[[int, int, str], str]
_resolvers: list[Resolver] = []


def register_resolver(resolver: Resolver) -> None:
    """`resolver(project id, task id, data as JSON text)` returns the JSON text to show."""
    if resolver not in _resolvers:
        _resolvers.append(resolver)


def shown_data(project_id: int, task_id: int, data: str | None) -> str | None:
    """A task's data as it is shown."""
    if data is None or not FOREIGN.search(data):
        return data
    for resolver in _resolvers:
        data = resolver(project_id, task_id, data)
    return data
