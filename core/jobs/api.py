"""`/api/jobs`: see, cancel and run again the organization's background jobs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from core.errors import not_found
from core.jobs import operations
from core.jobs.models import Job
from core.jobs.queries import jobs_visible_to
from core.rawjson import fragment
from core.requests import integer, json_response, page_of
from core.routing import actor_of, route


def jobs(request: HttpRequest) -> HttpResponse:
    """Newest first, 30 a page; `?project=` narrows."""
    rows = jobs_visible_to(actor_of(request))
    project = integer(request.GET.get("project"), "project")
    if project is not None:
        rows = rows.filter(project_id=project)
    page, size = page_of(request, size=30, most=100)
    found = list(rows[(page - 1) * size : page * size + 1])
    return json_response(
        {
            "results": [as_json(job) for job in found[:size]],
            "next": page + 1 if len(found) > size else None,
        }
    )


def job(request: HttpRequest, job_id: int) -> HttpResponse:
    found = jobs_visible_to(actor_of(request)).filter(pk=job_id).first()
    if found is None:
        raise not_found()
    return json_response({**as_json(found), "log": found.log.splitlines()})


def cancel(request: HttpRequest, job_id: int) -> HttpResponse:
    return json_response(as_json(operations.cancel(actor_of(request), job_id)))


def retry(request: HttpRequest, job_id: int) -> HttpResponse:
    return json_response(as_json(operations.retry(actor_of(request), job_id)))


def as_json(job: Job) -> dict[str, Any]:
    return {
        "id": job.pk,
        "kind": job.kind,
        "title": job.title,
        "project": job.project_id,
        "created_by": job.created_by_id,
        "status": job.status,
        "done": job.done,
        "total": job.total,
        "error": job.error,
        "result": fragment(job.result),
        "created_at": job.created_at,
        "finished_at": job.finished_at,
    }


urlpatterns = [
    route("api/jobs", jobs, "jobs", GET="jobs.view"),
    route("api/jobs/<id:job_id>", job, "job", GET="jobs.view"),
    route("api/jobs/<id:job_id>/cancel", cancel, "job-cancel", POST="jobs.change"),
    route("api/jobs/<id:job_id>/retry", retry, "job-retry", POST="jobs.change"),
]
