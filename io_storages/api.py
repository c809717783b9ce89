"""`/api/storages/…`, as Label Studio's clients use it (§1.12 of the API)."""

from __future__ import annotations

import hmac
from itertools import islice
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from core.errors import Refused, invalid, not_found
from core.jobs.models import Job
from core.jobs.run import run_for
from core.rawjson import JSONRefused, fragment, read_json
from core.requests import boolean, dict_body, integer, json_response
from core.routing import actor_of
from core.secrets import SecretUnreadable
from io_storages import operations, queries, server_bucket
from io_storages.connection_test import test_connection
from io_storages.connector import StorageError
from io_storages.key_filter import key_filter
from io_storages.kinds import Field, Kind, kind_named, kinds
from io_storages.models import Connection, Storage
from io_storages.notifications import changes, handshake

BODY_LIMIT = 1 << 20
PATIENCE = 25.0  # seconds that a request waits for a synchronization; then the worker goes on with it
MOST_FILES = 1_000
MOST_CHANGES = 10_000  # of one notification


def types(request: HttpRequest, direction: str) -> HttpResponse:
    return json_response([{"name": kind.name, "title": kind.title} for kind in kinds().values() if direction in kind.directions])


def all_storages(request: HttpRequest, direction: str) -> HttpResponse:
    """Storages of every kind; `?project=` narrows."""
    rows = queries.list_storages(actor_of(request), direction, project_id=integer(request.GET.get("project"), "project"))
    return json_response([storage_json(row) for row in rows])


def storages(request: HttpRequest, direction: str, kind: str) -> HttpResponse:
    actor, found = actor_of(request), kind_named(kind, direction)
    if request.method == "POST":
        return json_response(storage_json(operations.create_storage(actor, direction, found, dict_body(request, limit=BODY_LIMIT))), 201)
    project = integer(request.GET.get("project"), "project")
    return json_response([storage_json(row) for row in queries.list_storages(actor, direction, kind, project)])


def storage(request: HttpRequest, direction: str, kind: str, storage_id: int) -> HttpResponse:
    actor, found = actor_of(request), kind_named(kind, direction)
    row = queries.get_storage(actor, direction, kind, storage_id)
    if request.method == "DELETE":
        operations.delete_storage(actor, row)
        return HttpResponse(status=204)
    if request.method in ("PATCH", "PUT"):
        row = operations.update_storage(actor, row, found, dict_body(request, limit=BODY_LIMIT))
    return json_response(storage_json(row))


def sync(request: HttpRequest, direction: str, kind: str, storage_id: int) -> HttpResponse:
    """Synchronizes, and answers when it is done or after 25 seconds. With `dry_run` nothing changes: what would is answered."""
    actor = actor_of(request)
    row = queries.get_storage(actor, direction, kind, storage_id)
    dry = bool(boolean(dict_body(request, limit=BODY_LIMIT).get("dry_run"), "dry_run", False))
    job = operations.start_sync(actor, row, dry=dry)
    run_for(job.pk, PATIENCE)
    if dry:
        job = Job.objects.get(pk=job.pk)
        if job.status == Job.Status.FAILED:
            raise invalid(non_field_errors=job.error)
        return json_response({"job": job.pk, "status": job.status, **read_json(job.result)})
    row.refresh_from_db()
    return json_response(storage_json(row))


def test(request: HttpRequest, direction: str, kind: str, storage_id: int) -> HttpResponse:
    """Goes the whole way to one object, and says what to change where it fails."""
    row = queries.get_storage(actor_of(request), direction, kind, storage_id)
    return json_response(test_connection(row, origin_of(request)))


def notifications(request: HttpRequest, direction: str, kind: str, storage_id: int) -> HttpResponse:
    """POST opens a new address for the cloud's notifications, which is shown this once; DELETE closes it."""
    actor = actor_of(request)
    row = queries.get_storage(actor, direction, kind, storage_id)
    if request.method == "DELETE":
        operations.close_notifications(actor, row)
        return HttpResponse(status=204)
    return json_response({"url": notified_address(request, row, operations.open_notifications(actor, row))}, 201)


def notified_address(request: HttpRequest, row: Storage, secret: str) -> str:
    return request.build_absolute_uri(reverse("storage-notified", kwargs={"storage_id": row.pk, "secret": secret}))


def notified(request: HttpRequest, storage_id: int, secret: str) -> HttpResponse:
    """What a cloud tells of a storage's objects. Who knows the address may tell; what is told is only where to look."""
    row = Storage.objects.select_related("project", "created_by", "connection").filter(pk=storage_id, project__deleted_at=None).first()
    if row is None or not hmac.compare_digest(row.notified_digest, operations.digest_of(secret)):
        raise not_found()
    if int(request.META.get("CONTENT_LENGTH") or 0) > BODY_LIMIT:
        raise Refused(_("This notification is too large."), 413)
    try:
        body = read_json(request.body)  # whatever media type it says: SNS calls its JSON text
    except JSONRefused:
        raise Refused(_("A notification is JSON."), 400) from None
    answer = handshake(body)
    if answer is not None:
        return json_response(answer)
    connector = queries.connector_of(row)
    takes = key_filter(connector.values)
    deep = bool(connector.values.get("recursive_scan", True))
    start = len(connector.prefix) + 1 if connector.prefix else 0
    keys = [
        change.key
        for change in islice(changes(body), MOST_CHANGES)
        if change.bucket == connector.root
        and connector.key_of(connector.address(change.key)) == change.key
        and takes(change.key)
        and (deep or "/" not in change.key[start:])
    ]
    if keys:
        operations.note_changes(row, keys)
    return json_response({"noted": len(keys)})


def origin_of(request: HttpRequest) -> str:
    """Where browsers load this server's pages from."""
    return request.build_absolute_uri("/").rstrip("/")


def validate(request: HttpRequest, direction: str, kind: str) -> HttpResponse:
    operations.validate_storage(actor_of(request), direction, kind_named(kind, direction), dict_body(request, limit=BODY_LIMIT))
    return HttpResponse(status=200)


def form(request: HttpRequest, direction: str, kind: str) -> HttpResponse:
    """The settings of a kind, for whoever draws a form."""
    return json_response(
        [{"columnCount": 1, "fields": [{"type": "text", "name": "title", "label": "Title"}]}]
        + [{"columnCount": 1, "fields": [_form_field(field)]} for field in kind_named(kind, direction).fields_of(direction)]
    )


def files(request: HttpRequest, direction: str, kind: str) -> HttpResponse:
    """The first objects that a synchronization would look at."""
    actor, found = actor_of(request), kind_named(kind, direction)
    said = dict_body(request, limit=BODY_LIMIT)
    limit = integer(said.get("limit"), "limit", 100, least=1, most=MOST_FILES) or 100
    known = integer(said.get("id"), "id")
    row = queries.get_storage(actor, direction, kind, known) if known else Storage(direction=direction, kind=kind)
    if not known:
        operations.connect(actor, row, said)
    operations.apply(row, found, said, partial=bool(known))
    values = row.values()
    wanted = key_filter(values)
    try:
        listing = found.connect(values).listing(recursive=bool(values.get("recursive_scan")))
        objects = [
            {"key": stored.key, "last_modified": stored.modified, "size": stored.size}
            for stored in islice((stored for stored in listing if wanted(stored.key)), limit)
        ]
    except StorageError as error:
        raise invalid(non_field_errors=str(error)) from None
    return json_response({"files": objects})


def connections(request: HttpRequest) -> HttpResponse:
    """What is connected once for the organization, without secrets; first the bucket of the environment for whoever may use it."""
    actor = actor_of(request)
    if request.method == "POST":
        said = dict_body(request, limit=BODY_LIMIT)
        kind = kinds().get(str(said.get("type") or ""))
        if kind is None:
            raise invalid(type=_("Give one of: %(kinds)s.") % {"kinds": ", ".join(kinds())})
        return json_response(connection_json(operations.make_connection(actor, kind, said)), 201)
    found = [connection_json(row) for row in queries.list_connections(actor)]
    if server_bucket.is_offered_to(actor):
        kind = kinds()[server_bucket.kind()]
        found.insert(0, {"id": operations.SERVER, "type": kind.name, "title": server_bucket.name(), **_shown(kind, server_bucket.values())})
    return json_response(found)


def connection(request: HttpRequest, connection_id: int) -> HttpResponse:
    actor = actor_of(request)
    row = queries.get_connection(actor, connection_id)
    if request.method == "DELETE":
        operations.delete_connection(actor, row)
        return HttpResponse(status=204)
    if request.method == "PATCH":
        row = operations.change_connection(actor, row, dict_body(request, limit=BODY_LIMIT))
    return json_response(connection_json(row))


def connection_json(row: Connection) -> dict[str, Any]:
    """A connection without its secrets."""
    return {"id": row.pk, "type": row.kind, "title": row.title, **_shown(operations.kind_of(row), read_json(row.fields))}


def _shown(kind: Kind, values: dict[str, Any]) -> dict[str, Any]:
    """Those fields of a connection that are no secrets."""
    return {field.name: values.get(field.name) for field in kind.connection_fields if not field.secret}


def storage_json(row: Storage) -> dict[str, Any]:
    """A storage without its secrets."""
    kind: Kind = kind_named(row.kind, row.direction)
    place: dict[str, Any] = {}
    if row.connected:
        place = _shown(kind, read_json(row.connection.fields) if row.connection else server_bucket.values())
    return {
        **place,
        "id": row.pk,
        "type": row.kind,
        "synchronizable": row.synchronizable,
        "title": row.title or None,
        "description": row.description or None,
        "created_at": row.created_at,
        "last_sync": row.last_sync,
        "last_sync_count": row.last_sync_count,
        "last_sync_job": str(row.last_sync_job) if row.last_sync_job else None,
        "status": row.status,
        "traceback": row.traceback or None,
        "meta": fragment(row.meta),
        "project": row.project_id,
        "connection": operations.SERVER if row.of_server else row.connection_id,
        **{name: value for name, value in read_json(row.fields).items() if any(field.name == name for field in kind.all_fields)},
        "secrets_set": _secrets_set(row),
    }


def _secrets_set(row: Storage) -> list[str]:
    """Which secrets are stored, by name: their values are never sent."""
    try:
        hidden = {field.name for field in kind_named(row.kind, row.direction).all_fields if field.secret}
        return sorted(name for name, value in row.own_values().items() if name in hidden and value)
    except SecretUnreadable:
        return []


def _form_field(field: Field) -> dict[str, Any]:
    kinds_of_input = {"boolean": "toggle", "integer": "counter"}
    return {
        "type": "password" if field.secret else kinds_of_input.get(field.type, "text"),
        "name": field.name,
        "label": str(field.label),
        "required": field.required,
        "value": field.default,
        "description": str(field.help),
    }
