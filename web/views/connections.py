"""The organization's page of storages that are connected once for all projects."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core.errors import Refused, not_found
from core.rawjson import read_json
from core.requests import integer
from core.routing import actor_of
from io_storages import operations, queries, server_bucket
from io_storages.kinds import kinds
from web.accounts.organization import organization_page
from web.project_fields import field_errors


def connections(request: HttpRequest) -> HttpResponse:
    """The list; a POST removes one."""
    actor = actor_of(request)
    if request.method == "POST":
        row = queries.get_connection(actor, integer(request.POST.get("connection"), "connection", least=1) or 0)
        try:
            operations.delete_connection(actor, row)
        except Refused as refused:
            messages.error(request, refused.sentence)
        else:
            messages.success(request, _("Disconnected. Files stay where they are."))
        return redirect("organization-storages")
    rows = queries.list_connections(actor).annotate(used=Count("storages"))
    own = server_bucket.name() if server_bucket.is_offered_to(actor) else ""
    return organization_page(request, "organization-storages", rows=rows, own=own, kinds=list(kinds().values()))


def connection(request: HttpRequest) -> HttpResponse:
    """The form of a new connection (`?kind=s3`) or of one that there is (`?connection=1`)."""
    actor = actor_of(request)
    said = request.POST if request.method == "POST" else request.GET
    known = integer(said.get("connection"), "connection", least=1)
    row = queries.get_connection(actor, known) if known else None
    kind = kinds().get(row.kind if row else said.get("kind", ""))
    if kind is None:
        raise not_found()
    values: dict[str, Any] = {field.name: field.default for field in kind.connection_fields}
    if row:
        values = {**read_json(row.fields), "title": row.title}
    errors: dict[str, str] = {}
    if request.method == "POST":
        values = {field.name: request.POST.get(field.name, "") for field in kind.connection_fields} | {
            "title": request.POST.get("title", "")
        }
        try:
            if row:
                operations.change_connection(actor, row, values)
            else:
                operations.make_connection(actor, kind, values)
        except Refused as refused:
            if refused.fields is None:
                raise
            errors = field_errors(refused)
        else:
            messages.success(request, _("Connected. Projects can use it now."))
            return redirect("organization-storages")
    fields = [(field, None if field.secret else values.get(field.name), errors.get(field.name, "")) for field in kind.connection_fields]
    context = {"kind": kind, "storage": row, "fields": fields, "values": values, "errors": errors}
    return organization_page(request, "organization-storages", template="storage", status=400 if errors else 200, **context)
