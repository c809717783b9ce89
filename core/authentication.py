"""Ways to say who one is. Rooms register theirs in `AppConfig.ready()`; the guard around every API route asks them in order."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest

from core.actor import Actor

# Takes the request; returns the actor, or None when the request does not use this scheme (or the credentials are not valid, so
# that the next scheme may try). May raise `Refused(…, 401)` to stop with its own sentence.
Scheme = Callable[[HttpRequest], Actor | None]

_schemes: list[Scheme] = []


def register_scheme(scheme: Scheme) -> None:
    if scheme not in _schemes:
        _schemes.append(scheme)


def authenticate(request: HttpRequest) -> Actor | None:
    """The actor of a request, or None for an anonymous one. Kept on the request, so that asking twice costs nothing."""
    if not hasattr(request, "_actor"):
        request._actor = next((actor for scheme in _schemes if (actor := scheme(request)) is not None), None)  # type: ignore[attr-defined]
    return request._actor  # type: ignore[attr-defined, no-any-return]
