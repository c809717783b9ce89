"""The organization's background jobs."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from core.errors import not_found
from core.jobs import operations
from core.jobs.queries import jobs_visible_to
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
    rows = list(jobs_visible_to(actor)[:SHOWN])
    return render(request, "web/jobs.html", {"rows": rows, "running": any(row.status in operations.OPEN for row in rows)})
