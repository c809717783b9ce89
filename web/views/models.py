"""A project's settings: its models, what annotators are shown, and the versions of stored predictions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core.actor import Actor
from core.errors import Refused, not_found
from core.rawjson import JSONRefused, dump_json, read_json
from core.requests import integer
from core.routing import actor_of
from ml import wire
from ml.api import origin
from ml.models import MLBackend
from ml.operations import asking, connecting, training
from ml.operations.checking import look_again
from ml.queries import get_backend, list_backends
from ml.serializers import MLBackendSerializer
from projects import operations, queries
from projects.models import Project
from tasks.operations.predictions import delete_model_version
from web.project_fields import field_errors, validated
from web.project_page import render_project
from web.settings_pages import settings_pages

FIELDS = ("title", "url", "description", "auth_method", "basic_auth_user", "basic_auth_pass", "extra_params", "model_version", "timeout")
CHECKS = ("is_interactive", "auto_update")
TRIED = 2_000  # characters of a test request's answer that are shown


def models(request: HttpRequest, project_id: int) -> HttpResponse:
    """POST does what `do` says; a mistake is shown in the form it was made in (`form`: "new", or the model's id)."""
    actor = actor_of(request)
    project = queries.get_project(actor, project_id)
    if request.method != "POST":
        return _page(request, project)
    does = _DOES.get(request.POST.get("do", ""))
    if does is None:
        raise not_found()
    try:
        shown = does(request, actor, project)
    except Refused as refused:
        if refused.status == 404:
            raise
        form = request.POST.get("model") or request.POST.get("do")
        return _page(request, project, 400, form=form, sent=request.POST, errors=field_errors(refused))
    return redirect("settings-models", project_id=project.pk) if shown is None else _page(request, project, **shown)


def _page(request: HttpRequest, project: Project, status: int = 200, **context: Any) -> HttpResponse:
    actor = actor_of(request)
    rows = list(list_backends(actor, project.pk))
    look_again(rows)
    for row in rows:
        row.extra_params = row.extra_params or ""
    project.refresh_from_db()
    return render_project(
        request,
        "web/settings/models.html",
        project,
        "settings",
        status,
        pages=settings_pages(actor, project),
        current_page="models",
        backends=rows,
        titles=list(dict.fromkeys(row.title for row in rows)),
        versions=queries.model_versions(project),
        may_change=actor.may("models.change"),
        auth_methods=MLBackend.AuthMethod.choices,
        **{"errors": {}, "sent": {}, "form": "", **context},
    )


def _connect(request: HttpRequest, actor: Actor, project: Project) -> None:
    fields = _fields(request) | {"project": project.pk}
    backend = connecting.connect(actor, fields, origin(request))
    messages.success(request, _("“%(title)s” is connected.") % {"title": backend.title})


def _change(request: HttpRequest, actor: Actor, project: Project) -> None:
    connecting.update_backend(actor, _backend(request, actor, project).pk, _fields(request))
    messages.success(request, _("Saved."))


def _disconnect(request: HttpRequest, actor: Actor, project: Project) -> None:
    backend = _backend(request, actor, project)
    connecting.disconnect(actor, backend.pk)
    messages.success(request, _("“%(title)s” is disconnected. Its predictions stay.") % {"title": backend.title})


def _train(request: HttpRequest, actor: Actor, project: Project) -> None:
    backend = training.train(actor, _backend(request, actor, project).pk)
    messages.success(request, _("“%(title)s” is told to train.") % {"title": backend.title})


def _predict(request: HttpRequest, actor: Actor, project: Project) -> None:
    asking.predict_tasks(actor, _backend(request, actor, project))
    messages.success(request, _("The model is asked about all tasks. The jobs page shows how far it is."))


def _try(request: HttpRequest, actor: Actor, project: Project) -> dict[str, Any]:
    backend = _backend(request, actor, project)
    try:
        task, said = asking.test_request(actor, backend.pk)
    except (wire.ModelTrouble, Refused) as trouble:
        return {"tried": backend.pk, "trouble": str(trouble)}
    text = dump_json({"result": said.result, "score": said.score, "model_version": said.model_version}).decode()
    return {"tried": backend.pk, "task": task, "answer": text[:TRIED] + ("…" if len(text) > TRIED else "")}


def _offered(request: HttpRequest, actor: Actor, project: Project) -> dict[str, Any]:
    backend = _backend(request, actor, project)
    try:
        return {"offering": backend.pk, "offered": wire.versions(backend)}
    except wire.ModelTrouble as trouble:
        return {"offering": backend.pk, "trouble": str(trouble)}


def _use(request: HttpRequest, actor: Actor, project: Project) -> None:
    """Keep the model at one version; an empty one lets it answer with its newest again."""
    version = request.POST.get("version", "")
    connecting.update_backend(actor, _backend(request, actor, project).pk, {"auto_update": not version, "model_version": version})
    messages.success(request, _("Saved."))


def _show(request: HttpRequest, actor: Actor, project: Project) -> None:
    values = {
        "model_version": request.POST.get("model_version", ""),
        "show_collab_predictions": "show_collab_predictions" in request.POST,
        "evaluate_predictions_automatically": "evaluate_predictions_automatically" in request.POST,
        "min_annotations_to_start_training": request.POST.get("min_annotations_to_start_training") or "0",
    }
    operations.update_project(actor, project.pk, validated(values))
    messages.success(request, _("Saved."))


def _delete_version(request: HttpRequest, actor: Actor, project: Project) -> None:
    count = delete_model_version(actor, project, request.POST.get("version", ""))
    messages.success(request, _("%(count)s predictions are deleted.") % {"count": f"{count:,}"})


_DOES: dict[str, Callable[[HttpRequest, Actor, Project], dict[str, Any] | None]] = {
    "connect": _connect,
    "change": _change,
    "disconnect": _disconnect,
    "train": _train,
    "predict": _predict,
    "try": _try,
    "versions": _offered,
    "use": _use,
    "show": _show,
    "delete-version": _delete_version,
}


def _backend(request: HttpRequest, actor: Actor, project: Project) -> MLBackend:
    backend = get_backend(actor, integer(request.POST.get("model"), "model", least=1) or 0)
    if backend.project_id != project.pk:
        raise not_found()
    return backend


def _fields(request: HttpRequest) -> dict[str, Any]:
    body: dict[str, Any] = {name: request.POST[name].strip() for name in FIELDS if name in request.POST}
    body |= {name: name in request.POST for name in CHECKS}
    body["timeout"] = body.get("timeout") or None
    try:
        body["extra_params"] = read_json(body["extra_params"]) if body.get("extra_params") else None
    except JSONRefused as error:
        raise Refused("Validation error", 400, fields={"extra_params": [str(error)]}) from None
    serializer = MLBackendSerializer(data=body)
    if not serializer.is_valid():
        raise Refused("Validation error", 400, fields=dict(serializer.errors))
    return dict(serializer.validated_data)
