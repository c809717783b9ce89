"""What reads uploads and imports."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from core.actor import Actor
from core.errors import not_found
from core.rawjson import read_json
from data_import.models import FileUpload, ProjectImport
from data_import.reading import Found
from projects.models import Project


def uploads_of(actor: Actor, project: Project) -> QuerySet[FileUpload]:
    """The actor's own uploads to a project, oldest first."""
    return FileUpload.objects.visible_to(actor).filter(project=project, user_id=actor.user_id).order_by("pk")


def get_upload(actor: Actor, upload_id: int) -> FileUpload:
    """Raises 404 for an upload that is not there or not the actor's to see."""
    upload: FileUpload | None = FileUpload.objects.visible_to(actor).filter(pk=upload_id).first()
    if upload is None:
        raise not_found()
    return upload


def get_import(actor: Actor, project: Project, import_id: int) -> ProjectImport:
    """Raises 404."""
    row: ProjectImport | None = ProjectImport.objects.visible_to(actor).filter(project=project, pk=import_id).first()
    if row is None:
        raise not_found()
    return row


def upload_json(upload: FileUpload) -> dict[str, Any]:
    return {"id": upload.pk, "file": upload.file, "size": upload.size, "name": upload.name}


def import_json(row: ProjectImport) -> dict[str, Any]:
    """An import as clients poll it."""
    parameters, answer = read_json(row.parameters), read_json(row.answer)
    return {
        "id": row.pk,
        "project": row.project_id,
        "preannotated_from_fields": parameters.get("preannotated_from_fields") or None,
        "commit_to_project": True,
        "return_task_ids": parameters.get("return_task_ids", False),
        "status": row.status,
        "url": None,
        "error": row.error or None,
        "job": row.job_id,
        "refused": row.refused,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "finished_at": row.finished_at,
        "task_count": answer.get("task_count", 0),
        "annotation_count": answer.get("annotation_count", 0),
        "prediction_count": answer.get("prediction_count", 0),
        "duration": answer.get("duration", 0),
        "file_upload_ids": answer.get("file_upload_ids", []),
        "could_be_tasks_list": answer.get("could_be_tasks_list", False),
        "found_formats": answer.get("found_formats", []),
        "data_columns": answer.get("data_columns", []),
        "tasks": [],
        "task_ids": answer.get("task_ids", []),
    }


def findings(found: Found, columns: set[str] | None, upload_ids: list[int]) -> dict[str, Any]:
    """What an import's answer says about its files; a request's body has no format and no columns of its own."""
    return {
        "file_upload_ids": upload_ids,
        "could_be_tasks_list": found.tasks_list,
        "found_formats": dict(found.formats) or [],
        "data_columns": sorted(columns or ()) if found.formats else [],
    }
