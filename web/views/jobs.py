"""The organization's background jobs."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from core.errors import not_found
from core.jobs import operations
from core.jobs.queries import jobs_visible_to
from core.rawjson import read_json
from core.requests import integer
from core.routing import actor_of

SHOWN = 50


def jobs(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if request.method == "POST":
        act = {"cancel": operations.cancel, "retry": operations.retry}.get(request.POST.get("do", ""))
        job_id = integer(request.POST.get("job"), "job", least=1)
        if act is None or job_id is None:
            raise not_found()
        act(actor, job_id)
        return redirect("jobs-page")
    rows = list(jobs_visible_to(actor).select_related("created_by").defer("log", "parameters", "cursor", "result")[:SHOWN])
    return render(request, "web/jobs.html", {"rows": rows, "running": any(row.status in operations.OPEN for row in rows)})


def job(request: HttpRequest, job_id: int) -> HttpResponse:
    """One job with its log, which goes on by itself while the job runs. Raises 404."""
    found = jobs_visible_to(actor_of(request)).select_related("created_by").filter(pk=job_id).first()
    if found is None:
        raise not_found()
    result = read_json(found.result) or {}
    context = {
        "job": found,
        "running": found.status in operations.OPEN,
        "lines": found.log.splitlines(),
        "detail": result.get("detail", "") if isinstance(result, dict) else "",
    }
    return render(request, "web/job.html", context)
