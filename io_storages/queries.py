from __future__ import annotations

import threading
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from core.actor import Actor
from core.errors import not_found
from io_storages.connector import Connector
from io_storages.kinds import kind_named
from io_storages.models import Connection, Storage

Direction = Storage.Direction


def list_storages(actor: Actor, direction: str, kind: str = "", project_id: int | None = None) -> QuerySet[Storage]:
    """Storages that the actor sees, oldest first."""
    found = Storage.objects.visible_to(actor).filter(direction=direction)
    if kind:
        found = found.filter(kind=kind)
    return (found if project_id is None else found.filter(project_id=project_id)).order_by("pk")


def get_storage(actor: Actor, direction: str, kind: str, storage_id: int) -> Storage:
    """Raises 404."""
    found = Storage.objects.visible_to(actor).filter(direction=direction, kind=kind, pk=storage_id).first()
    if found is None:
        raise not_found()
    return found


def connector_of(storage: Storage) -> Connector:
    """The storage's connector, which keeps its connections as long as nobody changes the settings. Raises `SecretUnreadable`."""
    lent = storage.connection
    place = (lent.fields, lent.secrets) if lent else None
    return _connected(storage.kind, storage.direction, storage.fields, storage.secrets, storage.of_server, place)


@lru_cache(64)
def _connected(kind: str, direction: str, fields: str, secrets: str, of_server: bool, place: tuple[str, str] | None) -> Connector:
    connection = Connection(pk=0, fields=place[0], secrets=place[1]) if place else None
    storage = Storage(fields=fields, secrets=secrets, of_server=of_server, connection=connection)
    return kind_named(kind, direction).connect(storage.values())


def list_connections(actor: Actor) -> QuerySet[Connection]:
    """The organization's ready-made connections, oldest first."""
    return Connection.objects.visible_to(actor).order_by("pk")


def get_connection(actor: Actor, connection_id: int) -> Connection:
    """Raises 404."""
    found = Connection.objects.visible_to(actor).filter(pk=connection_id).first()
    if found is None:
        raise not_found()
    return found


class _Memo(threading.local):
    """The sources that this thread's request has asked for: a page of tasks asks for each of them. None outside of requests."""

    found: dict[int, list[tuple[Storage, Connector]]] | None = None


_memo = _Memo()


def begin_memo(**_signal: Any) -> None:
    _memo.found = {}


def end_memo(**_signal: Any) -> None:
    _memo.found = None


def forget_sources() -> None:
    """Something about a storage has changed."""
    if _memo.found is not None:
        _memo.found.clear()


def sources_of(project_id: int) -> list[tuple[Storage, Connector]]:
    """The project's sources with their connectors (which connect only when they are used). Raises `SecretUnreadable`."""
    memo = _memo.found
    if memo is not None and project_id in memo:
        return memo[project_id]
    rows = Storage.objects.filter(project_id=project_id, direction=Direction.SOURCE).select_related("connection").order_by("pk")
    found = [(storage, connector_of(storage)) for storage in rows]
    if memo is not None:
        memo[project_id] = found
    return found
