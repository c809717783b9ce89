"""`/api/ml…`, as Label Studio's clients use it. Lists and details never go over the network: the worker keeps the state."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from rest_framework.exceptions import ValidationError

from core.errors import invalid
from core.rawjson import JSONRefused, fragment, read_json
from core.requests import boolean, dict_body, integer, json_response
from core.routing import actor_of
from ml import queries, wire
from ml.models import MLBackend
from ml.operations import asking, connecting, conversing
from ml.operations.checking import look_again
from ml.operations.training import train as start_training
from ml.serializers import MLBackendSerializer
from ml.wire import ModelTrouble, Predicted


def backends(request: HttpRequest) -> HttpResponse:
    """A plain list; `?project=` and `?is_interactive=` narrow. POST connects a model that answers (else 400)."""
    actor = actor_of(request)
    if request.method == "POST":
        made = backend_json(connecting.connect(actor, _validated(request), origin(request)), secret=True)
        # Label Studio tells the version when the model is asked for next, and clients compare this answer.
        return json_response({**made, "model_version": ""}, 201)
    interactive = boolean(request.GET.get("is_interactive"), "is_interactive")
    rows = list(queries.list_backends(actor, integer(request.GET.get("project"), "project"), interactive=interactive))
    look_again(rows)
    return json_response([backend_json(row) for row in rows])


def backend(request: HttpRequest, backend_id: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.get_backend(actor, backend_id)  # a foreign one is 404 before its body is judged
    if request.method == "DELETE":
        connecting.disconnect(actor, backend_id)
        return HttpResponse(status=204)
    if request.method in ("PATCH", "PUT"):
        fields = _validated(request, partial=request.method == "PATCH")
        return json_response(backend_json(connecting.update_backend(actor, backend_id, fields), secret="secret" in fields))
    look_again([found])
    return json_response(backend_json(found))


def train(request: HttpRequest, backend_id: int) -> HttpResponse:
    """Tells the model to train. What the body says is taken and has no effect, as in Label Studio."""
    return json_response(backend_json(start_training(actor_of(request), backend_id)))


def predict(request: HttpRequest, backend_id: int) -> HttpResponse:
    """Predictions for all tasks of the project, by a job; `?batch_size=` tasks in one request to the model. Answers with the job's id."""
    actor = actor_of(request)
    batch = integer(request.GET.get("batch_size"), "batch_size", least=1, most=1_000)
    job = asking.predict_tasks(actor, queries.get_backend(actor, backend_id), batch=batch)
    return json_response({"job": job.pk, "total": job.total})


def predict_test(request: HttpRequest, backend_id: int) -> HttpResponse:
    """What the model says about one task, `{"task": id}` or else a random one; nothing is stored."""
    actor = actor_of(request)
    backend = queries.get_backend(actor, backend_id)
    named = integer(dict_body(request).get("task", request.GET.get("task")), "task", least=1)
    if named is None and not boolean(request.GET.get("random"), "random", True):
        raise invalid(task="Say which task the model is asked about, or random=true.")
    try:
        task, said = (named, asking.ask_about(backend, named)) if named is not None else asking.test_request(actor, backend_id)
    except ModelTrouble as trouble:
        return json_response({"errors": [str(trouble)]})
    return json_response({"task": task, "data": _said_json(said)})


def interactive(request: HttpRequest, backend_id: int) -> HttpResponse:
    """`{task, context}`: what the model makes of what was drawn: `{data}`, or `{errors}` (200 both times, as clients expect)."""
    actor = actor_of(request)
    queries.get_backend(actor, backend_id)
    body = dict_body(request)
    task = integer(body.get("task"), "task", least=1)
    if task is None:
        raise invalid(task="This field is required.")
    try:
        return json_response({"data": _said_json(asking.ask_interactively(actor, backend_id, task, body.get("context")))})
    except ModelTrouble as trouble:
        return json_response({"errors": [str(trouble)]})


def chat(request: HttpRequest, task_id: int) -> HttpResponse:
    """`{name, messages}`: what the model of the Chat of this name says next, `{role, content}`; `{errors}` where no model is to be asked (200 both times)."""
    body = dict_body(request)
    return json_response(conversing.next_message(actor_of(request), task_id, str(body.get("name", "")), body.get("messages")))


def versions(request: HttpRequest, backend_id: int) -> HttpResponse:
    """The versions that the model can be told to use (asks it, at most a few seconds)."""
    found = queries.get_backend(actor_of(request), backend_id)
    try:
        return json_response({"versions": wire.versions(found)})
    except ModelTrouble as trouble:
        return json_response({"versions": [], "message": str(trouble)})


def origin(request: HttpRequest) -> str:
    """Where a model finds us: LABEL_STUDIO_HOST, else the address by which the person who connects it has found us."""
    return settings.PUBLIC_URL or request.build_absolute_uri("/").rstrip("/")


def backend_json(row: MLBackend, *, secret: bool = False) -> dict[str, Any]:
    """`secret` (what requests are signed with) is shown only in the answer to the request that set it."""
    return {
        "id": row.pk,
        "state": row.state,
        "readable_state": row.get_state_display(),
        "is_interactive": row.is_interactive,
        "url": row.url,
        "error_message": row.error_message or None,
        "title": row.title,
        "auth_method": row.auth_method,
        "basic_auth_user": row.basic_auth_user or None,
        "basic_auth_pass_is_set": bool(row.basic_auth_pass),
        "description": row.description,
        "extra_params": fragment(row.extra_params),
        "model_version": row.model_version,
        "timeout": row.timeout or settings.ML_TIMEOUT_PREDICT,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "auto_update": row.auto_update,
        "project": row.project_id,
        "state_since": row.state_since,
        "checked_at": row.checked_at,
        **({"secret": row.signing_secret()} if secret else {}),
    }


def _said_json(said: Predicted) -> dict[str, Any]:
    return {"result": said.result, "score": said.score, "model_version": said.model_version}


def _validated(request: HttpRequest, *, partial: bool = False) -> dict[str, Any]:
    body = dict_body(request)
    if isinstance(body.get("extra_params"), str):  # forms carry it as JSON text
        try:
            body["extra_params"] = read_json(body["extra_params"]) if body["extra_params"] else None
        except JSONRefused as error:
            raise invalid(extra_params=str(error)) from None
    serializer = MLBackendSerializer(data=body, partial=partial)
    if not serializer.is_valid():
        raise ValidationError(serializer.errors)
    return dict(serializer.validated_data)
