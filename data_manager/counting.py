"""Counting what a query finds by the worker, when it takes longer than somebody may be kept waiting for a page."""

from __future__ import annotations

import hashlib
from typing import Any

from core.jobs.models import Job
from core.jobs.operations import OPEN, enqueue
from core.jobs.registry import JobKind
from core.jobs.run import JobRun
from core.rawjson import json_text
from data_manager.query import read_query
from data_manager.totals import totals_of
from projects.models import Project

KIND = "data_manager.count"


def count_later(project: Project, asked: Any) -> None:
    """Have the worker count what a query (as `read_query` takes it) finds, unless it is about to. Its totals are then kept for every process."""
    title = hashlib.sha256(json_text(asked).encode()).hexdigest()
    if not Job.objects.filter(kind=KIND, project_id=project.pk, title=title, status__in=OPEN).exists():
        enqueue(None, KIND, title, project=project.pk, parameters={"project": project.pk, "query": asked})


def count(run: JobRun) -> dict[str, Any]:
    project = Project.objects.filter(pk=run.parameters["project"]).first()
    if project is None:
        return {}
    return {"tasks": totals_of(project, read_query(project, run.parameters["query"])).tasks}


COUNT = JobKind(KIND, count)
