"""`GET /api/tasks`, `/api/dm/columns/` and `/api/dm/project/`."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from core.errors import Refused
from core.rawjson import JSONRefused, read_json
from core.requests import boolean, integer, json_response, page_of
from core.routing import actor_of
from data_manager import columns, queries
from data_manager.asked import project_of, project_or_view
from data_manager.bounded import patience
from data_manager.counting import count_later
from data_manager.operators import wrong
from data_manager.queries import query_of_view
from data_manager.query import read_query
from data_manager.rows import Fields
from data_manager.search.freshness import lag
from data_manager.totals import totals_of
from projects.queries import annotators, queue_numbers
from projects.render import project_json
from tasks.api.tasks import create as create_task

PAGE_SIZE = 100
LARGEST_PAGE = 10_000


def tasks(request: HttpRequest) -> HttpResponse:
    """A page of a project's tasks: `{tasks, total, total_annotations, total_predictions}`; past the end 404. POST adds one.

    `?view=` asks for what a saved view asks for, and wins over `?query=`. Pages after the first, and with `?totals=late` the first too, do
    not wait for totals that are dear to count: they say `"totals": "late"`, `total` is then the least there are, and `/api/dm/totals` counts.
    The first page otherwise waits a second; then it says `"totals": "late"` with the last count, else the number of the project's tasks, and the
    worker counts.
    """
    if request.method == "POST":
        return create_task(request)
    actor = actor_of(request)
    project, view = project_or_view(actor, request)
    asked = query_of_view(view) if view else _query(request)
    query = read_query(project, asked)
    if (integer(request.GET.get("page_size"), "page_size", PAGE_SIZE) or PAGE_SIZE) > LARGEST_PAGE:
        # Cutting the size would let a client that asks for all in one page miss tasks.
        raise wrong(f"A page has at most {LARGEST_PAGE:,} tasks. Ask for smaller pages.")
    page, size = page_of(request, size=PAGE_SIZE, most=LARGEST_PAGE)
    late = request.GET.get("totals") == "late"
    # Clients read totals off the first page; for a further one nobody counts what is dear to count.
    wait = not late and page == 1
    with patience(query):
        found = queries.page_of_tasks(actor, project, query, page=page, size=size, fields=_fields(request), wait=wait)
    if found.late and wait:
        count_later(project, asked)
    return json_response(
        {
            "tasks": found.tasks,
            "total": found.totals.tasks,
            "total_annotations": found.totals.annotations,
            "total_predictions": found.totals.predictions,
            **({"totals": "late" if found.late else "exact"} if late or found.late else {}),
        }
    )


def dm_totals(request: HttpRequest) -> HttpResponse:
    """How many tasks a query (`?query=` or `?view=`) finds, and how much hangs on them, counted however long it takes.

    `index_lag`: about how many tasks the search index has yet to read; it makes searches slower, never wrong.
    """
    project, view = project_or_view(actor_of(request), request)
    query = read_query(project, query_of_view(view) if view else _query(request))
    with patience(query):
        totals = totals_of(project, query)
    return json_response(
        {
            "total": totals.tasks,
            "total_annotations": totals.annotations,
            "total_predictions": totals.predictions,
            "index_lag": lag(project.pk),
        }
    )


def dm_columns(request: HttpRequest) -> HttpResponse:
    """What the data page can show, filter by and order by."""
    project = project_of(actor_of(request), request)
    people = [{"value": user.pk, "title": user.name} for user in annotators(project)]
    return json_response({"columns": columns.describe(project, people, queries.model_versions(project), queries.labels(project))})


def dm_project(request: HttpRequest) -> HttpResponse:
    """The project as the data page reads it: with counts, and what the actor may do there."""
    actor = actor_of(request)
    project = project_of(actor, request)
    may_change, may_delete = actor.may("tasks.change"), actor.may("tasks.delete")
    return json_response(
        {
            **project_json(project, queue=queue_numbers(actor, [project]).get(project.pk)),
            "can_delete_tasks": may_delete,
            "can_manage_annotations": may_change,
            "can_manage_tasks": may_change,
            "source_syncing": False,
            "target_syncing": False,
            "task_count": project.task_number,
            "annotation_count": project.total_annotations_number,
        }
    )


def _query(request: HttpRequest) -> Any:
    text = request.GET.get("query")
    if not text:
        return None
    try:
        return read_json(text)
    except JSONRefused as error:
        raise Refused("Validation error", 400, fields={"query": [str(error)]}) from None


def _fields(request: HttpRequest) -> Fields:
    named = [part.strip() for value in request.GET.getlist("include") for part in value.split(",") if part.strip()]
    return Fields(
        whole=request.GET.get("fields") == "all",
        resolve=bool(boolean(request.GET.get("resolve_uri"), "resolve_uri", True)),
        only=frozenset(named) if named else None,
    )
