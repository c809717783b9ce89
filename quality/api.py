"""`/api/projects/{id}/stats/…`: thin views; see quality/urls.py for who may call what."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from core.errors import not_found
from core.requests import boolean, id_list, integer, json_response
from core.routing import actor_of
from projects.models import Project
from projects.queries import get_project
from quality import queries, samples
from tasks.queries import project_of_task

MOST_COUNTS = 1_000


def total_agreement(request: HttpRequest, project_id: int) -> HttpResponse:
    """How far the annotations of the same task agree, over all tasks: 0 … 1, null while no task has two answers.

    `?per_label=true`: label by label.
    """
    project = _project(request, project_id)
    if boolean(request.GET.get("per_label"), "per_label", False):
        return json_response({"total_agreement": queries.label_agreement(project)})
    return json_response({"total_agreement": queries.total_agreement(project)})


def matrix(request: HttpRequest, project_id: int) -> HttpResponse:
    """Person against person; `?task=` of one task."""
    return json_response(queries.matrix(_project(request, project_id), integer(request.GET.get("task"), "task")))


def task_matrix(request: HttpRequest, project_id: int, task_id: int) -> HttpResponse:
    """Person against person, of one task."""
    project = _project(request, project_id)
    if project_of_task(actor_of(request), task_id).pk != project.pk:
        raise not_found()
    found = queries.matrix(project, task_id)
    return json_response({"users": found["users"], "matrix": found["IAA"]})


def agreement_annotators(request: HttpRequest, project_id: int) -> HttpResponse:
    """{person: mean agreement with the others}."""
    found = queries.agreement_of(_project(request, project_id))
    return json_response({"agreement": {str(user): found.get(user) for user in id_list(request, "ids") or found}})


def agreement_annotator(request: HttpRequest, project_id: int, user_id: int) -> HttpResponse:
    return json_response({"Agreement_per_annotator": queries.agreement_of(_project(request, project_id), user_id).get(user_id)})


def truth_annotators(request: HttpRequest, project_id: int) -> HttpResponse:
    """{person: mean agreement with the ground truth of others}."""
    found = queries.truth_agreement_of(_project(request, project_id))
    return json_response({"agreement": {str(user): found.get(user) for user in id_list(request, "ids") or found}})


def truth_annotator(request: HttpRequest, project_id: int, user_id: int) -> HttpResponse:
    return json_response({"agreement": queries.truth_agreement_of(_project(request, project_id), user_id).get(user_id)})


def prediction_annotators(request: HttpRequest, project_id: int) -> HttpResponse:
    """{person: mean agreement with the predictions that annotators are shown}, of the newest 5,000 annotations."""
    project = _project(request, project_id)
    found = samples.prediction_agreement(project, project.model_version, id_list(request, "ids"))
    return json_response({"agreement": {str(user): score for user, score in found.items()}})


def prediction_annotator(request: HttpRequest, project_id: int, user_id: int) -> HttpResponse:
    project = _project(request, project_id)
    found = samples.prediction_agreement(project, project.model_version, [user_id])
    return json_response({"average_prediction_agreement_per_user": found.get(user_id)})


def version_annotators(request: HttpRequest, project_id: int, model_version: str) -> HttpResponse:
    """Mean agreement of a model's version with all annotators."""
    return json_response({"agreement": samples.version_agreement(_project(request, project_id), model_version, truth=False)})


def version_truth(request: HttpRequest, project_id: int, model_version: str) -> HttpResponse:
    """Mean agreement of a model's version with the ground truth."""
    return json_response({"agreement": samples.version_agreement(_project(request, project_id), model_version, truth=True)})


def finished(request: HttpRequest, project_id: int) -> HttpResponse:
    """How many tasks are done; `?user_pk=` by one person."""
    return json_response(queries.finished(_project(request, project_id), integer(request.GET.get("user_pk"), "user_pk")))


def lead_time(request: HttpRequest, project_id: int) -> HttpResponse:
    """Seconds per annotator."""
    return json_response({"lead_time_stats": queries.lead_times(_project(request, project_id))})


def annotators(request: HttpRequest, project_id: int) -> HttpResponse:
    """What everybody did, how long it took them, how far they agree."""
    return json_response(queries.annotators(_project(request, project_id)))


def label_structure(request: HttpRequest, project_id: int) -> HttpResponse:
    return json_response(queries.label_structure(_project(request, project_id)))


def label_counts(request: HttpRequest, project_id: int) -> HttpResponse:
    """How often each label was given; `offset` and `limit` part the list."""
    project = _project(request, project_id)
    offset = integer(request.GET.get("offset"), "offset", 0, least=0, most=10**9) or 0
    limit = integer(request.GET.get("limit"), "limit", MOST_COUNTS, least=1, most=MOST_COUNTS) or MOST_COUNTS
    return json_response(queries.label_counts(project, offset, limit))


def _project(request: HttpRequest, project_id: int) -> Project:
    return get_project(actor_of(request), project_id)
