"""`/api/projects…`: thin views; see projects/urls.py for who may call what."""

from __future__ import annotations

import math
from typing import Any

from django.http import HttpRequest, HttpResponse
from rest_framework.exceptions import ValidationError

from core.errors import Refused, invalid
from core.requests import boolean, dict_body, id_list, integer, json_response, page_of
from core.routing import actor_of
from projects import operations, queries
from projects.configs import parsed
from projects.models import Project
from projects.render import counts_json, project_json, user_simple
from projects.serializers import ProjectSerializer

PAGE, MOST = 30, 100


def projects(request: HttpRequest) -> HttpResponse:
    return _create(request) if request.method == "POST" else _list(request)


def _list(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    rows, count, links = _page(request)
    wanted = request.GET.get("include")
    include = [*wanted.split(","), "id"] if wanted else None
    queue = queries.queue_numbers(actor, rows) if include is None or {"queue_total", "queue_done"} & set(include) else {}
    return json_response(
        {
            "count": count,
            **links,
            "results": [project_json(row, queue=queue.get(row.pk), include=include) for row in rows],
        }
    )


def counts(request: HttpRequest) -> HttpResponse:
    rows, count, links = _page(request)
    queue = queries.queue_numbers(actor_of(request), rows)
    return json_response(
        {
            "count": count,
            **links,
            "results": [counts_json(row, queue=queue.get(row.pk)) for row in rows],
        }
    )


def _page(request: HttpRequest) -> tuple[list[Project], int, dict[str, str | None]]:
    kind = request.GET.get("filter") or "all"
    if kind not in ("all", "pinned_only", "exclude_pinned", "archived"):
        raise invalid(filter="Use all, pinned_only, exclude_pinned or archived.")
    filters = queries.Filters(
        ids=id_list(request, "ids"),
        title=request.GET.get("title") or "",
        pinned={"pinned_only": True, "exclude_pinned": False}.get(kind),
        archived=True if kind == "archived" else None,
        ordering=request.GET.get("ordering") or "",
    )
    page, size = page_of(request, size=PAGE, most=MOST)
    found = queries.list_projects(actor_of(request), filters)
    count = found.count()
    if page > max(1, math.ceil(count / size)):
        raise Refused("Invalid page.", 404)
    rows = list(found[(page - 1) * size : page * size])
    links = {
        "next": _link(request, page + 1) if page * size < count else None,
        "previous": _link(request, page - 1) if page > 1 else None,
    }
    return rows, count, links


def _link(request: HttpRequest, page: int) -> str:
    query = request.GET.copy()
    query["page"] = str(page)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def _create(request: HttpRequest) -> HttpResponse:
    fields = _validated(dict_body(request))
    return json_response(
        project_json(operations.create_project(actor_of(request), fields), counts=False),
        201,
    )


def project(request: HttpRequest, project_id: int) -> HttpResponse:
    actor = actor_of(request)
    if request.method == "DELETE":
        operations.delete_project(actor, project_id)
        return HttpResponse(status=204)
    if request.method in ("PATCH", "PUT"):
        queries.get_project(actor, project_id)  # a foreign project is 404 before its body is judged
        row = operations.update_project(actor, project_id, _validated(dict_body(request)))
    else:
        row = queries.get_project(actor, project_id)
    include = request.GET.get("include")
    return json_response(
        project_json(
            row,
            queue=queries.queue_numbers(actor, [row])[row.pk],
            include=include.split(",") if include else None,
        )
    )


def validate_any(request: HttpRequest) -> HttpResponse:
    """204 for a config that is right; 400 with the bare field and its sentences, as Label Studio answers here."""
    body = dict_body(request)
    if "label_config" not in body:
        return json_response({"label_config": ["This field is required."]}, 400)
    try:
        parsed(str(body["label_config"]))
    except Refused as error:
        return json_response(error.fields, 400)
    return HttpResponse(status=204)


def validate(request: HttpRequest, project_id: int) -> HttpResponse:
    """Strict: also refuses to drop labels that are in use. `losses` says what existing results would lose."""
    row = queries.get_project(actor_of(request), project_id)
    body = dict_body(request)
    if "label_config" not in body:
        raise invalid(label_config="This field is required.")
    check = operations.check_config(row, str(body["label_config"]), strict=True)
    if check.errors:
        # Scripts written for Label Studio look for its sentence about labels in use under its name.
        known_words = queries.labels_still_used(row, check.lost)
        raise invalid(label_config=check.errors, **({"non_field_errors": known_words} if known_words else {}))
    return json_response(
        {
            "config_essential_data_has_changed": True if check.changed else None,
            "losses": check.losses,
        }
    )


def summary(request: HttpRequest, project_id: int) -> HttpResponse:
    return json_response(queries.summary(queries.get_project(actor_of(request), project_id)))


def sample_task(request: HttpRequest, project_id: int) -> HttpResponse:
    import labeling

    row = queries.get_project(actor_of(request), project_id)
    body = dict_body(request)
    config = parsed(str(body.get("label_config") or row.label_config))
    annotated = bool(
        boolean(
            body.get("include_annotation_and_prediction"),
            "include_annotation_and_prediction",
            False,
        )
    )
    return json_response({"sample_task": labeling.sample_task(config, with_annotation=annotated)})


def annotators(request: HttpRequest, project_id: int) -> HttpResponse:
    return json_response([user_simple(user) for user in queries.annotators(queries.get_project(actor_of(request), project_id))])


def members(request: HttpRequest, project_id: int) -> HttpResponse:
    actor = actor_of(request)
    row = queries.get_project(actor, project_id)
    if request.method == "GET":
        return json_response([user_simple(member.user) for member in queries.members(row)])
    user = integer(request.GET.get("user") or dict_body(request).get("user"), "user", least=1)
    if user is None:
        raise invalid(user="This field is required.")
    if request.method == "POST":
        member = operations.add_member(actor, project_id, user)
        return json_response({"id": member.pk, "user": member.user_id, "project": row.pk}, 201)
    operations.remove_member(actor, project_id, user)
    return HttpResponse(status=204)


def config_versions(request: HttpRequest, project_id: int) -> HttpResponse:
    rows = queries.config_versions(queries.get_project(actor_of(request), project_id))[:100]
    return json_response(
        [
            {
                "version": row.version,
                "label_config": row.label_config,
                "created_at": row.created_at,
                "created_by": row.created_by_id,
            }
            for row in rows
        ]
    )


def restore_config(request: HttpRequest, project_id: int, version: int) -> HttpResponse:
    actor = actor_of(request)
    row = operations.restore_config(actor, project_id, version)
    return json_response(project_json(row, queue=queries.queue_numbers(actor, [row])[row.pk]))


def templates(request: HttpRequest) -> HttpResponse:
    """The gallery, in Label Studio's shape; `?search=` narrows."""
    import labeling

    search = request.GET.get("search") or ""
    found = labeling.search(search) if search else labeling.gallery()
    rows = [
        {
            "id": t.id,
            "title": t.title,
            "group": t.group,
            "details": t.description,
            "config": t.config,
            "order": t.order,
            "type": "community",
        }
        for t in found
    ]
    return json_response({"templates": rows, "groups": list(dict.fromkeys(row["group"] for row in rows))})


def _validated(body: dict[str, Any]) -> dict[str, Any]:
    serializer = ProjectSerializer(data=body)
    if not serializer.is_valid():
        raise ValidationError(serializer.errors)
    return dict(serializer.validated_data)
