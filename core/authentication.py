"""Ways to say who one is. Rooms register theirs in `AppConfig.ready()`; the guard around every API route asks them in order."""

from __future__ import annotations

import mmap
import os
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path

from django.conf import settings
from django.db import transaction
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
    return request._actor  # type: ignore[attr-defined]


def client_address(request: HttpRequest) -> str:
    """The address a request came from: X-Forwarded-For is believed as many steps back as there are proxies of ours, and no further."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXY_COUNT:
        steps = [step.strip() for step in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if step.strip()]
        if steps:
            address = steps[-min(settings.TRUSTED_PROXY_COUNT, len(steps))]
    try:
        return str(ip_address(address))
    except ValueError:
        return ""


# Tokens of other kinds than a person's begin with a prefix of their own; each kind's room says whose a token is (None: nobody's).
_token_kinds: dict[str, Callable[[str], Actor | None]] = {}


def register_token_kind(prefix: str, actor_of_token: Callable[[str], Actor | None]) -> None:
    _token_kinds[prefix] = actor_of_token


def token_kind(text: str) -> Callable[[str], Actor | None] | None:
    """Who can tell whose token this is; None for a person's."""
    return next((actor_of_token for prefix, actor_of_token in _token_kinds.items() if text.startswith(prefix)), None)


class ActorCache:
    """Credentials seen a moment ago, so that a request needs no query to know who asks.

    An entry lives for at most `SECONDS`, and dies at once when `credentials_changed()` is called in any process of this machine
    (processes on other machines follow within `SECONDS`).
    """

    SECONDS = 2.0
    MOST = 10_000

    def __init__(self) -> None:
        self._entries: dict[str, tuple[Actor, float]] = {}
        self._mark = b""

    def get(self, key: str) -> Actor | None:
        if self._mark != _generation.read():
            return None
        entry = self._entries.get(key)
        # A copy: what a request looks up on its actor (the user) belongs to that request.
        return replace(entry[0]) if entry is not None and time.monotonic() < entry[1] else None

    def put(self, key: str, actor: Actor, seconds: float, mark: bytes) -> None:
        """Keep an actor for `seconds` (at most `SECONDS`). `mark` is `generation()` from before the database was asked."""
        if self._mark != mark or len(self._entries) >= self.MOST:
            self._entries = {}
            self._mark = mark
        self._entries[key] = (actor, time.monotonic() + min(seconds, self.SECONDS))


def generation() -> bytes:
    """Changes whenever somebody's credentials, role or membership changes."""
    return _generation.read()


def credentials_changed() -> None:
    """Forget every cached actor: now for this transaction, and for everybody once it has committed."""
    _generation.change()
    if transaction.get_connection().in_atomic_block:
        transaction.on_commit(_generation.change)


class _Generation:
    """Eight bytes of a file in the data directory that every process maps into memory: reading them costs nothing."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._map: mmap.mmap | None = None
        self._where: Path | None = None

    def read(self) -> bytes:
        return self._open()[:8]

    def change(self) -> None:
        self._open()[:8] = os.urandom(8)

    def _open(self) -> mmap.mmap:
        where = settings.DATA_DIR
        if self._map is None or self._where != where:
            with self._lock:
                if self._map is None or self._where != where:
                    self._map, self._where = self._mapped(where / "credentials.generation"), where
        return self._map

    @staticmethod
    def _mapped(path: Path) -> mmap.mmap:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if os.fstat(descriptor).st_size < 8:
                os.ftruncate(descriptor, 8)
            return mmap.mmap(descriptor, 8)
        finally:
            os.close(descriptor)


_generation = _Generation()
