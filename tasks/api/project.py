"""What a project says about its tasks as a whole: model versions of its predictions, and its summary counted anew."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from core.errors import invalid
from core.requests import boolean, dict_body, integer, json_response
from core.routing import actor_of
from projects import queries
from projects.serializers import TITLE_LENGTH
from tasks.operations.duplicate import duplicate_project
from tasks.operations.predictions import delete_model_version
from tasks.recount import recount


def model_versions(request: HttpRequest, project_id: int) -> HttpResponse:
    """GET: `{version: count}`, or with `extended` `{static: [{model_version, count, latest}], live}`. DELETE removes a version's predictions."""
    actor = actor_of(request)
    project = queries.get_project(actor, project_id)
    if request.method == "DELETE":
        body = dict_body(request)
        version = body.get("model_version", request.GET.get("model_version"))
        if not isinstance(version, str):
            raise invalid(model_version="This field is required.")
        return json_response({"deleted_predictions": delete_model_version(actor, project, version)})
    versions = queries.model_versions(project)
    limit = integer(request.GET.get("limit"), "limit", None, least=0)
    if limit is not None:
        versions = versions[:limit]
    if boolean(request.GET.get("extended"), "extended", False):
        live: list[object] | None = [] if boolean(request.GET.get("include_live_models"), "include_live_models", False) else None
        return json_response({"static": versions, "live": live})
    return json_response({version["model_version"]: version["count"] for version in versions})


MODES = ("settings", "settings,data")


def duplicate(request: HttpRequest, project_id: int) -> HttpResponse:
    """A copy of the project: `mode` is `settings`, or `settings,data` for its tasks too; `include_members` names the same members."""
    actor = actor_of(request)
    source = queries.get_project(actor, project_id)
    body = dict_body(request)
    mode = body.get("mode", MODES[0])
    if mode not in MODES:
        raise invalid(mode=f"Use one of: {'; '.join(MODES)}.")
    title = body.get("title", f"{source.title} (copy)"[-TITLE_LENGTH[1] :])
    if not isinstance(title, str) or not TITLE_LENGTH[0] <= len(title.strip()) <= TITLE_LENGTH[1] or "\0" in title:
        raise invalid(title="A title has {} to {} characters.".format(*TITLE_LENGTH))
    fields = {"title": title.strip()}
    if isinstance(body.get("description"), str):
        fields["description"] = body["description"].replace("\0", "")[:100_000]
    members = bool(boolean(body.get("include_members"), "include_members", False))
    copy = duplicate_project(actor, project_id, fields, tasks=mode == MODES[1], members=members)
    return json_response({"id": copy.pk}, 201)


def reset_summary(request: HttpRequest, project_id: int) -> HttpResponse:
    """Count a project's tasks, annotations and labels anew. Counters are exact anyway; clients call this to be sure."""
    recount(queries.get_project(actor_of(request), project_id), fix=True)
    return HttpResponse(status=200)
