"""`/api/dm/views/…`, in Label Studio's shapes: the tabs of the data page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from core.actor import Actor
from core.errors import invalid
from core.rawjson import JSONRefused, fragment, read_json
from core.requests import dict_body, integer, json_response
from core.routing import actor_of
from data_manager import operations, queries
from data_manager.asked import project_of
from data_manager.models import View
from projects.models import Project

VIEW_LIMIT = 1 << 20
# Where Label Studio's serializer takes the parts of a view that stand in `data`.
BESIDE = {"filters": "filters", "ordering": "ordering", "selected_items": "selectedItems", "selectedItems": "selectedItems"}


def views(request: HttpRequest) -> HttpResponse:
    """The views of a project, or of all that the actor sees; POST `{project, data}` adds one."""
    actor = actor_of(request)
    if request.method == "POST":
        body = dict_body(request, limit=VIEW_LIMIT)
        return json_response(view_json(operations.create_view(actor, _named(actor, body.get("project")), _data(body) or {})), 201)
    wanted = request.GET.get("project")
    project = project_of(actor, request) if wanted else None
    return json_response([view_json(row) for row in queries.list_views(actor, project)])


def view(request: HttpRequest, view_id: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.get_view(actor, view_id)
    if request.method == "DELETE":
        operations.delete_view(actor, view_id)
        return HttpResponse(status=204)
    if request.method in ("PATCH", "PUT"):
        data = _data(dict_body(request, limit=VIEW_LIMIT))
        if data is not None:
            found = operations.update_view(actor, view_id, data)
    return json_response(view_json(found))


def views_order(request: HttpRequest) -> HttpResponse:
    """`{project, ids}`: the views in their new order."""
    actor = actor_of(request)
    body = dict_body(request, limit=VIEW_LIMIT)
    ids = body.get("ids")
    if isinstance(ids, str):  # a form
        ids = ids.split(",")
    if not isinstance(ids, list):
        raise invalid(ids="ids is the list of the views' ids in their new order.")
    wanted = [integer(pk, "ids", least=1) or 0 for pk in ids]
    operations.order_views(actor, _named(actor, body.get("project")), wanted)
    return json_response({})


def views_reset(request: HttpRequest) -> HttpResponse:
    """Delete the views of a project, named in the query or the body."""
    actor = actor_of(request)
    project = request.GET.get("project") or dict_body(request, limit=VIEW_LIMIT).get("project")
    operations.delete_views(actor, _named(actor, project))
    return HttpResponse(status=204)


def view_json(row: View) -> dict[str, Any]:
    return {"id": row.pk, "data": fragment(row.data), "order": row.order, "user": row.user_id, "project": row.project_id}


def _data(body: dict[str, Any]) -> dict[str, Any] | None:
    """What a client sends as a view; `filters`, `ordering` and `selected_items` beside `data` count as parts of it. None: nothing."""
    data = body.get("data")
    if isinstance(data, str):  # a form
        try:
            data = read_json(data)
        except JSONRefused as error:
            raise invalid(data=str(error)) from None
    beside = {name: body[key] for key, name in BESIDE.items() if body.get(key)}
    if data is None:
        return beside or None
    if not isinstance(data, dict):
        raise invalid(data="The data of a view is an object.")
    return {**data, **beside}


def _named(actor: Actor, value: Any) -> Project:
    """The project that a body names. Raises 400 when there is none."""
    project_id = integer(value, "project")
    if project_id is None:
        raise invalid(project="This field is required.")
    project = Project.objects.visible_to(actor).filter(pk=project_id).first()
    if project is None:
        raise invalid(project=f'Invalid pk "{project_id}" - object does not exist.')
    return project
