"""Tasks one by one, and the deprecated list below a project."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from core.actor import Actor
from core.errors import invalid, not_found
from core.jobs.models import Job
from core.jobs.run import run_for
from core.requests import boolean, dict_body, integer, json_response
from core.routing import actor_of
from projects.queries import get_project
from tasks import queries
from tasks.answers import task_fields
from tasks.api.stream import WAIT
from tasks.opening import opened
from tasks.operations import tasks as operations
from tasks.operations.delete_all import delete_all_tasks

PAGE = 50
LARGEST_PAGE = 10_000
PATIENCE = 20.0  # seconds that a request deletes by itself


def create(request: HttpRequest) -> HttpResponse:
    """`POST /api/tasks/` with the project in the body."""
    body = dict_body(request)
    project_id = integer(body.get("project"), "project")
    if project_id is None:
        raise invalid(project=_("This field is required."))
    return _created(actor_of(request), operations.create_task(actor_of(request), project_id, task_fields(body)))


def _created(actor: Actor, task_id: int) -> HttpResponse:
    return json_response(queries.get_task(actor, task_id), 201)


def one(request: HttpRequest, task_id: int) -> HttpResponse:
    actor = actor_of(request)
    if request.method == "DELETE":
        operations.delete_task(actor, task_id)
        return HttpResponse(status=204)
    if request.method in ("PATCH", "PUT"):
        queries.project_of_task(actor, task_id)  # a foreign task is 404 before its body is judged
        operations.update_task(actor, task_id, task_fields(dict_body(request)))
        return json_response(queries.simple_task(actor, task_id))
    resolve = bool(boolean(request.GET.get("resolve_uri"), "resolve_uri", True))
    return json_response(opened(actor, queries.task_details(actor, task_id, resolve=resolve), wait=WAIT))


def agreement(request: HttpRequest, task_id: int) -> HttpResponse:
    return json_response(queries.label_distribution(actor_of(request), task_id))


def of_project(request: HttpRequest, project_id: int) -> HttpResponse:
    """GET: the deprecated list, by `page` and `page_size` or `start` and `length`. POST adds a task.

    DELETE deletes all: 204, or 202 with the job when there are so many that the worker goes on with them.
    """
    actor = actor_of(request)
    project = get_project(actor, project_id)
    if request.method == "POST":
        return _created(actor, operations.create_task(actor, project_id, task_fields(dict_body(request))))
    if request.method == "DELETE":
        return _deleted(delete_all_tasks(actor, project))
    start, length = _slice(request)
    found = queries.project_tasks(actor, project, offset=start, limit=length)
    if not found:
        raise not_found("Invalid page.")
    return json_response(found)


def _deleted(job: Job | None) -> HttpResponse:
    if job is not None:
        run_for(job.pk, PATIENCE)
        job.refresh_from_db()
        if job.status != Job.Status.DONE:
            return json_response({"job": job.pk, "status": job.status}, 202)
    return HttpResponse(status=204)


def _slice(request: HttpRequest) -> tuple[int, int]:
    length = integer(request.GET.get("page_size", request.GET.get("length")), "page_size", PAGE)
    if length is None or length == 0 or not -1 <= length <= LARGEST_PAGE:
        raise invalid(page_size=_("A page has 1 to %(most)s tasks; -1 asks for that many.") % {"most": f"{LARGEST_PAGE:,}"})
    if length == -1:
        length = LARGEST_PAGE
    if "start" in request.GET:
        return integer(request.GET["start"], "start", 0, least=0) or 0, length
    page = integer(request.GET.get("page"), "page", 1, least=1, most=1_000_000) or 1
    return (page - 1) * length, length
