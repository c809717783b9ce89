"""A project's storages: what is connected, connecting, synchronizing; each with what it says when something is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core.actor import Actor
from core.errors import Refused, not_found
from core.rawjson import read_json
from core.requests import integer
from core.routing import actor_of
from io_storages import operations, queries, server_bucket
from io_storages.api import notified_address, origin_of
from io_storages.connection_test import test_connection
from io_storages.kinds import Field, Kind, kind_named, kinds
from io_storages.models import Storage
from projects.models import Project
from projects.queries import get_project
from web.project_fields import field_errors
from web.project_page import render_project
from web.settings_pages import settings_pages

NOTIFYING = ("s3", "gcs", "azure")  # whose clouds tell of changes
DIRECTIONS = (Storage.Direction.SOURCE, Storage.Direction.TARGET)


def storages(request: HttpRequest, project_id: int) -> HttpResponse:
    """The list; a POST tests, synchronizes or disconnects one, or opens an address for notifications."""
    actor = actor_of(request)
    project = get_project(actor, project_id)
    tested: dict[str, Any] = {}
    told: dict[str, Any] = {}
    if request.method == "POST" and request.POST.get("act") == "test":
        storage = _one(actor, project, integer(request.POST.get("storage"), "storage", least=1) or 0)
        tested = {"storage": storage.pk, **test_connection(storage, origin_of(request))}
    elif request.method == "POST" and request.POST.get("act") == "notify":
        storage = _one(actor, project, integer(request.POST.get("storage"), "storage", least=1) or 0)
        told = {"storage": storage.pk, "url": notified_address(request, storage, operations.open_notifications(actor, storage))}
    elif request.method == "POST":
        storage = _one(actor, project, integer(request.POST.get("storage"), "storage", least=1) or 0)
        if request.POST.get("act") == "disconnect":
            operations.delete_storage(actor, storage)
            messages.success(request, _("Disconnected. Tasks and files stay where they are."))
        else:
            try:
                operations.start_sync(actor, storage)
            except Refused as refused:
                messages.error(request, refused.sentence)
            else:
                messages.success(request, _("The synchronization is under way; the jobs page shows how far it is."))
        return redirect("settings-storages", project_id=project_id)
    found = [
        (direction, [_reported(row) for row in queries.list_storages(actor, direction, project_id=project_id)]) for direction in DIRECTIONS
    ]
    return _render(
        request,
        actor,
        project,
        "storages",
        groups=found,
        kinds=list(kinds().values()),
        ready=_ready(actor),
        tested=tested,
        told=told,
        notifying=NOTIFYING,
    )


def storage(request: HttpRequest, project_id: int) -> HttpResponse:
    """The form of a new storage (`?kind=s3&direction=source`) or of a connected one (`?storage=1`)."""
    actor = actor_of(request)
    project = get_project(actor, project_id)
    said = request.POST if request.method == "POST" else request.GET
    known = integer(said.get("storage"), "storage", least=1)
    row = _one(actor, project, known) if known else None
    direction = row.direction if row else said.get("direction", "")
    if direction not in DIRECTIONS:
        raise not_found()
    name, _dot, chosen = (row.kind if row else said.get("kind", "")).partition(".")
    kind = kind_named(name, direction)
    chosen = (operations.SERVER if row.of_server else str(row.connection_id or "")) if row else said.get("connection", chosen)
    connection = next((one for one in _ready(actor) if (one["kind"], str(one["id"])) == (name, chosen)), None)
    if chosen and connection is None and row is None:
        raise not_found()
    shown = kind.fields_of(direction, connected=bool(chosen))
    values = _values(row, kind, direction)
    errors: dict[str, str] = {}
    if request.method == "POST":
        values = {**_said(request, shown), "project": project.pk, "connection": chosen}
        try:
            if row:
                operations.update_storage(actor, row, kind, values)
            else:
                row = operations.create_storage(actor, direction, kind, values)
                if direction == Storage.Direction.SOURCE:
                    operations.start_sync(actor, row)
        except Refused as refused:
            if refused.fields is None:
                raise
            errors = field_errors(refused)
        else:
            messages.success(request, _("Connected."))
            return redirect("settings-storages", project_id=project_id)
    fields = [(field, values.get(field.name), errors.get(field.name, "")) for field in shown]
    context = {
        "kind": kind,
        "connection": connection,
        "direction": direction,
        "storage": row,
        "fields": fields,
        "values": values,
        "errors": errors,
    }
    return _render(request, actor, project, "storage", status=400 if errors else 200, **context)


def _reported(row: Any) -> Any:
    """The storage with what its last synchronization refused, by reason."""
    meta = read_json(row.meta)
    row.refused = [{**entry, "more": entry["count"] > len(entry["examples"])} for entry in meta.get("refused") or ()]
    row.refused_count = meta.get("tasks_failed_validation") or 0
    return row


def _one(actor: Actor, project: Project, storage_id: int) -> Storage:
    found = Storage.objects.visible_to(actor).filter(project=project, pk=storage_id).first()
    if found is None:
        raise not_found()
    return found


def _values(row: Storage | None, kind: Kind, direction: str) -> dict[str, Any]:
    """What the form shows: never a secret."""
    if row is None:
        return {field.name: field.default for field in kind.fields_of(direction)}
    return {**read_json(row.fields), "title": row.title}


def _ready(actor: Actor) -> list[dict[str, Any]]:
    """What this person can connect without typing where it is and its keys."""
    found: list[tuple[Any, str, str]] = [(row.pk, row.kind, row.title) for row in queries.list_connections(actor)]
    if server_bucket.is_offered_to(actor):
        title = _("%(bucket)s (bucket of this server)") % {"bucket": server_bucket.name()}
        found.insert(0, (operations.SERVER, server_bucket.kind(), title))
    table = kinds()
    return [
        {"id": pk, "kind": kind, "title": title or table[kind].title, "directions": table[kind].directions} for pk, kind, title in found
    ]


def _said(request: HttpRequest, fields: Sequence[Field]) -> dict[str, Any]:
    """The form's fields: a box that is not ticked is not sent, and means no."""
    found: dict[str, Any] = {"title": request.POST.get("title", "")}
    for field in fields:
        found[field.name] = field.name in request.POST if field.type == "boolean" else request.POST.get(field.name, "")
    return found


def _render(request: HttpRequest, actor: Actor, project: Project, template: str, status: int = 200, **context: Any) -> HttpResponse:
    pages = settings_pages(actor, project)
    return render_project(
        request, f"web/settings/{template}.html", project, "settings", status, pages=pages, current_page="storages", **context
    )
