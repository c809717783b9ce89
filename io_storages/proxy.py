"""Media that lie in a project's storages, for whoever may see the task: streamed through with ranges, or by an address that expires.

Nothing is kept in memory and no time limit cuts a stream; slow readers hold at most half of a process's threads, as with uploaded files.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from functools import lru_cache

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified, StreamingHttpResponse
from django.utils.translation import gettext as _

from core.errors import Refused, forbidden, not_found
from core.routing import actor_of
from core.secrets import SecretUnreadable
from data_import.file_types import HEAD, UNKNOWN, type_of
from data_import.serving import PATIENCE, SMALL, STREAMS, byte_span, file_headers, serve
from io_storages.addresses import source_with, unpack
from io_storages.connector import Body, Connector, ObjectMissing, StorageError, Stored
from io_storages.localfiles.connector import LocalFiles
from io_storages.models import Storage
from io_storages.queries import connector_of
from projects.models import Project
from tasks.models import Task

MINUTE = 60
MOST_MINUTES = 7 * 24 * 60


def of_task(request: HttpRequest, task_id: int) -> HttpResponseBase:
    """`/tasks/<id>/resolve/?fileuri=<base64>`. Absent and foreign tasks give the same 404, as do addresses of no storage of the project."""
    project = Task.objects.visible_to(actor_of(request)).filter(pk=task_id).values_list("project_id", flat=True).first()
    if project is None:
        raise not_found()
    return _resolve(request, project)


def of_project(request: HttpRequest, project_id: int) -> HttpResponseBase:
    if not Project.objects.visible_to(actor_of(request)).filter(pk=project_id).exists():
        raise not_found()
    return _resolve(request, project_id)


def _resolve(request: HttpRequest, project_id: int) -> HttpResponseBase:
    try:
        address = unpack(request.GET.get("fileuri", ""))
    except ValueError:
        raise Refused(_("“fileuri” is not base64."), 400) from None
    try:
        found = source_with(project_id, address)
    except SecretUnreadable as error:
        raise _failed(str(error)) from None
    if found is None:
        raise not_found(_("No storage of this project holds this file."))
    _storage, connector, key = found
    try:
        if connector.values.get("presign"):
            minutes = min(max(1, int(connector.values.get("presign_ttl") or 1)), MOST_MINUTES)
            where = connector.presign(key, minutes * MINUTE)
            if where is not None:
                return HttpResponse(status=303, headers={"Location": where, "Cache-Control": f"no-store, max-age={minutes * MINUTE}"})
        return _stream(request, connector, key)
    except ObjectMissing as error:
        raise not_found(str(error)) from None
    except StorageError as error:
        raise _failed(str(error)) from None


def _failed(why: str) -> Refused:
    return Refused(_("The file could not be loaded from its storage. %(reason)s") % {"reason": why}, 424)


def _stream(request: HttpRequest, connector: Connector, key: str) -> HttpResponseBase:
    stored = connector.head(key)
    name = key.rpartition("/")[2]
    etag = f'"{stored.etag or stored.size}"'
    headers = {
        **file_headers(name, _beginning(connector, stored)),
        "ETag": etag,
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, max-age=3600",
    }
    known = request.headers.get("If-None-Match")
    if known is not None and (known.strip() == "*" or etag in [tag.strip().removeprefix("W/") for tag in known.split(",")]):
        return HttpResponseNotModified(headers={"ETag": etag, "Cache-Control": headers["Cache-Control"]})
    span = byte_span(request, stored.size, etag)
    if span is None:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{stored.size}", "Cache-Control": "private, no-store"})
    first, last = span
    length = last - first + 1
    status = 200 if length == stored.size else 206
    if status == 206:
        headers["Content-Range"] = f"bytes {first}-{last}/{stored.size}"
    headers["Content-Length"] = str(length)
    if request.method == "HEAD" or length <= 0:
        return HttpResponse(status=status, headers=headers)
    whole = first == 0 and last == stored.size - 1
    if length <= SMALL:
        with connector.open(key, first, None if whole else last) as body:
            return HttpResponse(b"".join(body.pieces), status=status, headers=headers)
    if not STREAMS.acquire(timeout=PATIENCE):
        raise Refused(_("The server is sending many files at the moment. Please try again."), 503, headers={"Retry-After": "5"})
    if not connection.in_atomic_block:
        connection.close()  # a long stream holds none
    stack = ExitStack()
    try:
        body = stack.enter_context(connector.open(key, first, None if whole else last))
    except BaseException:
        STREAMS.release()
        raise
    return StreamingHttpResponse(_Passage(stack, body), status=status, headers=headers)


class _Passage:
    """A body on its way through; gives its place back when it is closed, read to the end or not."""

    def __init__(self, stack: ExitStack, body: Body) -> None:
        self.stack, self.body, self.open = stack, body, True

    def __iter__(self) -> Iterator[bytes]:
        yield from self.body.pieces

    def close(self) -> None:
        if self.open:
            self.open = False
            self.stack.close()
            STREAMS.release()


def _beginning(connector: Connector, stored: Stored) -> bytes:
    """The first bytes where the name does not say what the file is."""
    if type_of(stored.key.rpartition("/")[2], b"") is not UNKNOWN or not stored.size:
        return b""
    return _first_bytes(_Held(connector, stored))


class _Held:
    """A key of the cache of first bytes: the object's address and version; the connector comes along."""

    def __init__(self, connector: Connector, stored: Stored) -> None:
        self.connector, self.stored = connector, stored
        self.name = (connector.address(stored.key), stored.etag, stored.size)

    def __hash__(self) -> int:
        return hash(self.name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and self.name == other.name


@lru_cache(512)
def _first_bytes(held: _Held) -> bytes:
    with held.connector.open(held.stored.key, 0, min(HEAD, held.stored.size) - 1) as body:
        return b"".join(body.pieces)


def local_file(request: HttpRequest) -> HttpResponseBase:
    """`/data/local-files/?d=<path>`: a file below a local storage of a project that the actor sees."""
    if not settings.LOCAL_FILES_SERVING_ENABLED:
        raise forbidden(_("Serving local files is switched off (LABEL_STUDIO_LOCAL_FILES_SERVING_ENABLED)."))
    key = request.GET.get("d", "").lstrip("/")
    for storage in Storage.objects.visible_to(actor_of(request)).filter(kind="localfiles", direction=Storage.Direction.SOURCE):
        connector = connector_of(storage)
        if isinstance(connector, LocalFiles) and key.startswith(connector.prefix + "/"):
            try:
                path = connector.path(key)
            except ObjectMissing:
                continue
            found = path.stat()
            return serve(request, path, path.name, etag=f"{int(found.st_mtime)}-{found.st_size}", changing=True)
    raise not_found()
