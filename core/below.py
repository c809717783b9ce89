"""Serving under a path, as below a proxy's /labels."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any


def below(prefix: str, application: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """Serve under a path also when the proxy passes it on (those that cut it off work as they are)."""
    if not prefix:
        return application

    def wrapped(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == prefix or path.startswith(prefix + "/"):
            environ["PATH_INFO"] = path[len(prefix) :] or "/"
        return application(environ, start_response)

    return wrapped
