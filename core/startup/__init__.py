"""What happens between "start" and the first request: keys, database, migrations, the first account. Each check stops the start with one sentence."""

from __future__ import annotations

from pathlib import Path


class StartError(Exception):
    """The server cannot start. `str(error)` is one sentence that says why and what to do."""


def why_not_started(data_directory: Path) -> Path:
    """The file in which a preparation says why the server must not start, for the page that is shown instead of it."""
    return data_directory / "not-started.txt"
