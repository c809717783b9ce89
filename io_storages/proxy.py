"""Media that lie in a project's storages, for whoever may see the task: streamed through with ranges, or by an address that expires.

Nothing is kept in memory and no time limit cuts a stream; slow readers hold at most half of a process's threads, as with uploaded files.
"""

from __future__ import annotations

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from core.errors import Refused, forbidden, not_found
from core.routing import actor_of
from core.secrets import SecretUnreadable
from data_import.file_types import HEAD, UNKNOWN, type_of
from data_import.serving import file_headers, serve, serve_open
from io_storages.addresses import source_with, unpack
from io_storages.connector import Connector, ObjectMissing, StorageError
from io_storages.localfiles.connector import LocalFiles
from io_storages.models import Storage
from io_storages.queries import connector_of
from io_storages.task_media import opened
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
    storage, connector, key = found
    try:
        if connector.values.get("presign"):
            minutes = min(max(1, int(connector.values.get("presign_ttl") or 1)), MOST_MINUTES)
            where = connector.presign(key, minutes * MINUTE)
            if where is not None:
                return HttpResponse(status=303, headers={"Location": where, "Cache-Control": f"no-store, max-age={minutes * MINUTE}"})
        return _stream(request, storage, connector, key)
    except ObjectMissing as error:
        raise not_found(str(error)) from None
    except StorageError as error:
        raise _failed(str(error)) from None


def _failed(why: str) -> Refused:
    return Refused(_("The file could not be loaded from its storage. %(reason)s") % {"reason": why}, 424)


def _stream(request: HttpRequest, storage: Storage, connector: Connector, key: str) -> HttpResponseBase:
    stored = connector.head(key)
    name = key.rpartition("/")[2]
    file = opened(storage, connector, stored)
    try:
        # The first bytes are looked at where the name does not say what the file is.
        head = b"" if type_of(name, b"") is not UNKNOWN else file.read(HEAD)
        headers = {**file_headers(name, head), "Cache-Control": "private, max-age=3600"}
    except BaseException:
        file.close()
        raise
    answer = serve_open(request, file, stored.size, headers, etag=stored.etag or str(stored.size))
    if answer.streaming and not connection.in_atomic_block:
        connection.close()  # a long stream holds none
    return answer


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
