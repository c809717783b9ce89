"""`/api/labels…` and `/api/label_links…`: thin views; see labels/urls.py for who may call what."""

from __future__ import annotations

import math
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from core.errors import Refused, invalid, not_found
from core.rawjson import fragment, read_json
from core.requests import body_of, boolean, dict_body, integer, json_response, moment, page_of
from core.routing import actor_of
from labels import operations
from labels.models import Label, LabelLink
from projects.models import ResultCount

PAGE, MOST = 100, 1_000
MOST_LABELS = 1_000
BODY_LIMIT = 4 << 20


def labels(request: HttpRequest) -> HttpResponse:
    """A page of the organization's labels. POST takes a list and answers one."""
    actor = actor_of(request)
    if request.method == "POST":
        body = body_of(request, limit=BODY_LIMIT)
        items = [body] if isinstance(body, dict) else body
        made = operations.create_labels(actor, _new_labels(items))
        return json_response([label_json(row, _projects(made)) for row in made], 201)
    found = Label.objects.visible_to(actor).order_by("pk")
    if (project_id := integer(request.GET.get("project"), "project")) is not None:
        found = found.filter(links__project_id=project_id)
    return _page(request, found, lambda shown: [label_json(row, _projects(shown)) for row in shown])


def label(request: HttpRequest, label_id: int) -> HttpResponse:
    actor = actor_of(request)
    if request.method == "DELETE":
        operations.delete_label(actor, label_id)
        return HttpResponse(status=204)
    found = Label.objects.visible_to(actor).filter(pk=label_id).first()
    if found is None:
        raise not_found()
    if request.method in ("PATCH", "PUT"):
        found = operations.update_label(actor, label_id, _label_fields(dict_body(request, limit=BODY_LIMIT)))
    return json_response(label_json(found, _projects([found])))


def rename(request: HttpRequest) -> HttpResponse:
    """`{project?, old_label, new_label}`: answers `{annotations_updated}`."""
    body = dict_body(request, limit=BODY_LIMIT)
    for name in ("old_label", "new_label"):
        if not body.get(name):
            raise invalid(**{name: _("This field is required.")})
    project = integer(body.get("project"), "project")
    changed = operations.rename_in_annotations(actor_of(request), project, _path(body["old_label"]), _path(body["new_label"]))
    return json_response({"annotations_updated": changed})


def links(request: HttpRequest) -> HttpResponse:
    """A page of labels in projects, narrowed by `project`, `label`, `label__created_by`, `label__created_at[__gte|__lte]`."""
    actor = actor_of(request)
    if request.method == "POST":
        body = dict_body(request, limit=BODY_LIMIT)
        project, label_id = integer(body.get("project"), "project"), integer(body.get("label"), "label")
        if project is None or label_id is None:
            raise invalid(
                **{name: _("This field is required.") for name, value in (("project", project), ("label", label_id)) if value is None}
            )
        return json_response(_links_json([operations.create_link(actor, project, label_id, _name(body))])[0], 201)
    found = LabelLink.objects.visible_to(actor).select_related("label").order_by("pk")
    for name in ("project", "label", "label__created_by"):
        if (value := integer(request.GET.get(name), name)) is not None:
            found = found.filter(**{f"{name}_id": value})
    for name in ("label__created_at", "label__created_at__gte", "label__created_at__lte"):
        if (when := moment(request.GET.get(name), name)) is not None:
            found = found.filter(**{name: when})
    return _page(request, found, _links_json)


def link(request: HttpRequest, link_id: int) -> HttpResponse:
    actor = actor_of(request)
    if request.method == "DELETE":
        operations.delete_link(actor, link_id)
        return HttpResponse(status=204)
    found = LabelLink.objects.visible_to(actor).select_related("label").filter(pk=link_id).first()
    if found is None:
        raise not_found()
    if request.method in ("PATCH", "PUT"):
        found = operations.update_link(actor, link_id, _name(dict_body(request, limit=BODY_LIMIT)))
    return json_response(_links_json([found])[0])


def label_json(row: Label, projects: dict[int, list[int]]) -> dict[str, Any]:
    return {
        "id": row.pk,
        "title": row.title,
        "value": fragment(row.value),
        "description": row.description,
        "approved": row.approved,
        "approved_by": row.approved_by_id,
        "created_by": row.created_by_id,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "organization": row.organization_id,
        "projects": projects.get(row.pk, []),
    }


def link_json(row: LabelLink, annotations: int = 0) -> dict[str, Any]:
    return {"id": row.pk, "project": row.project_id, "label": row.label_id, "from_name": row.from_name, "annotations_count": annotations}


def _links_json(shown: list[LabelLink]) -> list[dict[str, Any]]:
    """With how many annotations name each, from the counts that the project keeps anyway."""
    counts = {
        (row.project_id, row.from_name, row.label): row.annotations
        for row in ResultCount.objects.filter(project__in={row.project_id for row in shown}, type="taxonomy").exclude(label="")
    }
    return [link_json(row, counts.get((row.project_id, row.from_name, _last(row.label)), 0)) for row in shown]


def _last(row: Label) -> str:
    """The step of a path that annotations are counted by."""
    value = read_json(row.value)
    return str(value[-1]) if isinstance(value, list) and value else str(value)


def _projects(shown: list[Label]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for label_id, project in LabelLink.objects.filter(label__in=shown).order_by("pk").values_list("label_id", "project_id"):
        found.setdefault(label_id, []).append(project)
    return found


def _new_labels(items: Any) -> list[operations.NewLabel]:
    if not isinstance(items, list) or not items or not all(isinstance(item, dict) for item in items):
        raise invalid(non_field_errors=_("Send a list of labels."))
    if len(items) > MOST_LABELS:
        raise invalid(non_field_errors=_("At most %(most)s labels at once.") % {"most": f"{MOST_LABELS:,}"})
    new = []
    for item in items:
        project, from_name, fields = integer(item.get("project"), "project"), _name(item), _label_fields(item)
        if project is None:
            raise invalid(project=_("This field is required."))
        if "title" not in fields or "value" not in fields:
            raise invalid(**{name: _("This field is required.") for name in ("title", "value") if name not in fields})
        new.append(operations.NewLabel(project, from_name, fields["title"], fields["value"], fields.get("description")))
    return new


def _label_fields(body: dict[str, Any]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if "title" in body:
        title = body["title"]
        if not isinstance(title, str) or not title.strip() or len(title) > 2048 or "\0" in title:
            raise invalid(title=_("A title has 1 to 2,048 characters."))
        fields["title"] = title
    if "value" in body:
        fields["value"] = _path(body["value"])
    if "description" in body:
        text = body["description"]
        if text is not None and (not isinstance(text, str) or len(text) > 20_000 or "\0" in text):
            raise invalid(description=_("Not a valid string."))
        fields["description"] = text
    if body.get("approved") is not None:
        fields["approved"] = boolean(body["approved"], "approved")
    return fields


def _path(value: Any) -> Any:
    """A label's value: forms carry it as JSON text."""
    if isinstance(value, str):
        try:
            value = read_json(value)
        except ValueError:
            return [value]
    if value is None or isinstance(value, bool) or (isinstance(value, list | dict | str) and not value):
        raise invalid(value=_('The value is the label\'s path, such as ["Animal", "Cat"].'))
    return value


def _name(body: dict[str, Any]) -> str:
    name = body.get("from_name")
    if not isinstance(name, str) or not 0 < len(name) <= 2048 or "\0" in name:
        raise invalid(from_name=_("Name the control of the labeling set-up that offers the label."))
    return name


def _page(request: HttpRequest, found: QuerySet[Any], shown: Any) -> HttpResponse:
    page, size = page_of(request, size=PAGE, most=MOST)
    count = found.count()
    if page > max(1, math.ceil(count / size)):
        raise Refused("Invalid page.", 404)
    return json_response(
        {
            "count": count,
            "next": _link(request, page + 1) if page * size < count else None,
            "previous": _link(request, page - 1) if page > 1 else None,
            "results": shown(list(found[(page - 1) * size : page * size])),
        }
    )


def _link(request: HttpRequest, page: int) -> str:
    query = request.GET.copy()
    query["page"] = str(page)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
