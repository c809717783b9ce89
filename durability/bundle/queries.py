"""The bundles of a project that can be had, and those that are being made."""

from __future__ import annotations

from typing import Any

from core.actor import Actor
from core.errors import not_found
from core.jobs.models import Job
from core.rawjson import read_json
from durability.bundle.jobs import EXPORT, KEPT
from projects.models import Project

MOST = 25
STATUS = {
    Job.Status.WAITING: "in_progress",
    Job.Status.RUNNING: "in_progress",
    Job.Status.DONE: "completed",
    Job.Status.FAILED: "failed",
    Job.Status.CANCELLED: "cancelled",
}


def bundles_of(actor: Actor, project: Project) -> list[Job]:
    """The jobs that made, or make, this project's bundles, newest first."""
    found = Job.objects.filter(organization_id=actor.organization_id, project_id=project.pk, kind=EXPORT.name).select_related("created_by")
    return list(found.order_by("-id")[:MOST])


def bundle_file(actor: Actor, project: Project, job_id: int) -> tuple[str, int]:
    """(name in the storage, size). Raises `Refused` (404) for one that is not whole, or was kept long enough."""
    job = Job.objects.filter(organization_id=actor.organization_id, project_id=project.pk, kind=EXPORT.name, pk=job_id).first()
    result = read_json(job.result) if job is not None and job.status == Job.Status.DONE else {}
    if not result.get("file"):
        raise not_found()
    return result["file"], result["size"]


def bundle_json(job: Job) -> dict[str, Any]:
    result = read_json(job.result)
    return {
        "id": job.pk,
        "status": STATUS[Job.Status(job.status)],
        "size": result.get("size"),
        "done": job.done,
        "total": job.total,
        "error": job.error,
        "available": bool(result.get("file")),
        "created_at": job.created_at,
        "expires_at": job.finished_at + KEPT if job.finished_at and result.get("file") else None,
    }
