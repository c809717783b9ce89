"""What is done with the tasks that are ticked on the data page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from core.requests import dict_body, json_response
from core.routing import actor_of
from data_manager.queries import task_ids
from data_manager.query import read_query
from projects.queries import get_project
from tasks.operations.delete import delete_tasks
from tasks.sets import rows


def delete(request: HttpRequest, project_id: int) -> HttpResponse:
    """`{filters, selectedItems}` as the task list takes them -> `{deleted}`. A selection that is missing is nothing, never everything."""
    actor = actor_of(request)
    project = get_project(actor, project_id)
    body = dict_body(request)
    query = read_query(project, {"filters": body.get("filters"), "selectedItems": body.get("selectedItems") or {"all": False}})
    wanted = task_ids(project, query)
    found = [row[0] for row in rows(wanted.text, wanted.params)]
    return json_response({"deleted": delete_tasks(actor, project, found) if found else 0})
