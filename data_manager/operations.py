"""What people do to views. A view is judged when it is saved: what it asks for can be asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Count, Max
from django.utils.translation import gettext as _

from core.actor import Actor
from core.errors import Refused, invalid, not_found
from core.events.record import record
from core.rawjson import json_text, read_json
from data_manager.models import View
from data_manager.query import read_query
from projects.models import Project
from tasks.sets import lock_project

MAX_VIEWS = 1_000
QUERY_KEYS = ("filters", "ordering", "selectedItems")


def create_view(actor: Actor, project: Project, data: dict[str, Any]) -> View:
    """Add a view behind the others; `data` is what clients keep in it, `data.private` says that it is the actor's own. Raises 400."""
    _check(project, data)
    with transaction.atomic():
        lock_project(project.pk)
        there = View.objects.filter(project=project).aggregate(number=Count("pk"), last=Max("order"))
        if there["number"] >= MAX_VIEWS:
            raise invalid(project=_("A project has at most %(n)d views. Delete one first.") % {"n": MAX_VIEWS})
        view = View(project=project, user_id=actor.user_id, data=json_text(data), private=data.get("private") is True)
        view.order = 0 if there["last"] is None else there["last"] + 1
        view.save(force_insert=True)
        record("view.created", actor, project=project.pk, ids=[view.pk])
    return view


def update_view(actor: Actor, view_id: int, data: dict[str, Any]) -> View:
    """Replace what a view keeps; filters, ordering and selection stay when `data` does not name them. Raises 400 and 404."""
    with transaction.atomic():
        view = _locked(actor, view_id)
        former = read_json(view.data)
        data = {**{key: former[key] for key in (*QUERY_KEYS, "private") if key in former}, **data}
        _check(view.project, data)
        private = data.get("private") is True
        if private and not view.private and view.user_id != actor.user_id:
            raise Refused(_("Only the person who made a view can make it private."), 403)
        view.data, view.private = json_text(data), private
        view.save(update_fields=["data", "private", "updated_at"])
        record("view.updated", actor, project=view.project_id, ids=[view.pk])
    return view


def delete_view(actor: Actor, view_id: int) -> None:
    """Raises 404."""
    with transaction.atomic():
        view = _locked(actor, view_id)
        record("view.deleted", actor, project=view.project_id, ids=[view_id])
        view.delete()


def delete_views(actor: Actor, project: Project) -> None:
    """Delete every view of a project that the actor sees: the shared ones and the actor's own."""
    with transaction.atomic():
        views = View.objects.visible_to(actor).filter(project=project)
        gone = list(views.values_list("pk", flat=True))
        View.objects.filter(pk__in=gone).delete()
        if gone:
            record("view.deleted", actor, project=project.pk, ids=gone)


def order_views(actor: Actor, project: Project, ids: Sequence[int]) -> None:
    """Put views in this order; those not named keep theirs, behind. Raises 400 for an id that is not a view of the project."""
    with transaction.atomic():
        views = {view.pk: view for view in View.objects.visible_to(actor).filter(project=project).order_by("order", "pk")}
        unknown = [pk for pk in ids if pk not in views]
        if unknown:
            raise invalid(ids=_("This project has no view %(id)s.") % {"id": unknown[0]})
        for place, pk in enumerate(dict.fromkeys([*ids, *views])):
            views[pk].order = place
        View.objects.bulk_update(views.values(), ["order"])
        record("view.ordered", actor, project=project.pk, ids=list(ids))


def _locked(actor: Actor, view_id: int) -> View:
    view = View.objects.select_for_update(of=("self",)).visible_to(actor).select_related("project").filter(pk=view_id).first()
    if view is None:
        raise not_found()
    return view


def _check(project: Project, data: dict[str, Any]) -> None:
    if not isinstance(data.get("title", ""), str):
        raise invalid(data=_("The title of a view is text."))
    read_query(project, {key: data[key] for key in QUERY_KEYS if data.get(key)})
