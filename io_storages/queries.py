from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from core.actor import Actor
from core.errors import not_found
from io_storages.connector import Connector
from io_storages.kinds import kind_named
from io_storages.models import Storage

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
    """Raises `SecretUnreadable`."""
    return kind_named(storage.kind).connect(storage.values())


def sources_of(project_id: int, schemes: Iterable[str] = ()) -> list[tuple[Storage, Connector]]:
    """The project's sources with their connectors (which connect only when they are used)."""
    found = [(storage, connector_of(storage)) for storage in Storage.objects.filter(project_id=project_id, direction=Direction.SOURCE)]
    wanted = set(schemes)
    return [(storage, connector) for storage, connector in found if not wanted or connector.scheme in wanted]
