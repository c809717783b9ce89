"""What happens between "start" and the first request: keys, database, migrations, the first account. Each check stops the start with one sentence."""

from __future__ import annotations


class StartError(Exception):
    """The server cannot start. `str(error)` is one sentence that says why and what to do."""
