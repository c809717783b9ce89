"""What people do with exports: take data out, make and delete snapshots, have them in another format. Each leaves a line in the audit log."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.errors import Refused, forbidden, invalid
from core.events.record import record
from core.jobs.models import Job
from core.jobs.operations import OPEN, enqueue
from core.rawjson import json_text
from data_export.models import ConvertedFormat, Export
from data_export.queries import status_of
from data_export.writers import FORMATS
from projects.models import Project

logger = logging.getLogger("labelspace.export")


def note_export(actor: Actor, project: Project, export_type: str, *, tasks: int | None) -> None:
    """Record that somebody takes data out. `tasks` is how many were named, None for all that fit."""
    with transaction.atomic():
        record("project.exported", actor, project=project.pk, ids=[project.pk], export_type=export_type, tasks=tasks)


def create_snapshot(
    actor: Actor,
    project: Project,
    options: dict[str, Any],
    *,
    title: str = "",
    said: dict[str, Any] | None = None,
    keep: timedelta | None = None,
    formats: tuple[str, ...] = (),
) -> Export:
    """Enqueue the making of a snapshot.

    `options` are those of `filters.read_options`, `said` what the client sent. It is deleted after `keep`, None keeps it. `formats` are made of it
    as soon as it is there. Raises `Refused` (400) for a format that does not fit.
    """
    for name in formats:
        _fitting(project, name)
    now = timezone.now()
    with transaction.atomic():
        export = Export.objects.create(
            project=project,
            title=title or f"{project.title.replace(' ', '-')}-at-{now:%Y-%m-%d-%H-%M}",
            created_by_id=actor.user_id,
            options=json_text(said or {}),
            expires_at=now + keep if keep is not None else None,
        )
        parameters = {"export": export.pk, "options": options, "formats": list(formats), "download_resources": None}
        job = enqueue(
            actor, "export.snapshot", _("Export: %(title)s") % {"title": export.title[:150]}, project=project.pk, parameters=parameters
        )
        export.job_id = job.pk
        export.save(update_fields=["job_id"])
        record("export.created", actor, project=project.pk, ids=[export.pk])
    return export


def convert_snapshot(actor: Actor | None, export: Export, name: str, *, download_resources: bool | None = None) -> ConvertedFormat:
    """Enqueue a snapshot's conversion. One that failed is tried again.

    Raises `Refused` (400) for a format that does not exist or fit, for a snapshot that is not done, and for a conversion that has been started.
    """
    _fitting(export.project, name)
    if not export.file:
        raise Refused(_("This snapshot is not finished yet. Convert it when its status is completed."), 400)
    try:
        with transaction.atomic():
            ConvertedFormat.objects.filter(pk__in=[row.pk for row in _failed(export, name)]).delete()
            converted = ConvertedFormat.objects.create(export=export, project_id=export.project_id, export_type=name)
            job = enqueue(
                actor,
                "export.convert",
                _("Export as %(format)s: %(title)s") % {"format": FORMATS[name].title, "title": export.title[:120]},
                project=export.project_id,
                parameters={"converted": converted.pk, "download_resources": download_resources},
                total=export.task_number,
            )
            converted.job_id = job.pk
            converted.save(update_fields=["job_id"])
            record("export.converted", actor, project=export.project_id, ids=[export.pk], export_type=name)
    except IntegrityError:
        raise Refused([_("Conversion to %(format)s already started") % {"format": name}], 400) from None
    return converted


def delete_snapshot(actor: Actor, export: Export) -> None:
    """Delete a snapshot with its files; what is under way is cancelled. Raises 403 for another person's unless the actor may delete tasks."""
    if export.created_by_id != actor.user_id and not actor.may("tasks.delete"):
        raise forbidden()
    _delete(actor, export)


def expire_snapshots() -> int:
    """Delete the snapshots whose time has come; returns how many."""
    found = list(Export.objects.filter(expires_at__lte=timezone.now()).order_by("pk")[:100])
    for export in found:
        _delete(None, export)
    return len(found)


def cancel_snapshot(actor: Actor, export: Export) -> None:
    """Stop what is under way of a snapshot. Raises 403 as `delete_snapshot` does."""
    if export.created_by_id != actor.user_id and not actor.may("tasks.delete"):
        raise forbidden()
    with transaction.atomic():
        _cancel_jobs(export)
        record("export.cancelled", actor, project=export.project_id, ids=[export.pk])


def _delete(actor: Actor | None, export: Export) -> None:
    with transaction.atomic():
        _cancel_jobs(export)
        files = [export.file, *export.converted_formats.values_list("file", flat=True)]
        export_id, project_id = export.pk, export.project_id
        export.converted_formats.all().delete()
        export.delete()
        record("export.deleted", actor, organization=export.project.organization_id, project=project_id, ids=[export_id])
    transaction.on_commit(lambda: discard([name for name in files if name]))


def discard(names: list[str]) -> None:
    """Delete files of the storage. One that cannot be deleted now is found by `retention.sweep` later."""
    for name in names:
        try:
            default_storage.delete(name)
        except Exception as error:  # noqa: BLE001 - each kind of storage raises its own
            logger.warning("%s could not be deleted: %s", name, error)


def _cancel_jobs(export: Export) -> None:
    jobs = [export.job_id, *export.converted_formats.values_list("job_id", flat=True)]
    Job.objects.filter(pk__in=[job for job in jobs if job], status__in=OPEN).update(status=Job.Status.CANCELLED, finished_at=timezone.now())


def _failed(export: Export, name: str) -> list[ConvertedFormat]:
    rows = list(ConvertedFormat.objects.filter(export=export, export_type=name))
    jobs = Job.objects.in_bulk([row.job_id for row in rows if row.job_id])
    return [row for row in rows if status_of(row, jobs) == "failed"]


def _fitting(project: Project, name: str) -> None:
    found = FORMATS.get(name)
    if found is None:
        raise invalid(export_type=f'"{name[:50]}" is not a valid choice. Formats are: {", ".join(FORMATS)}.')
    if not found.fits(project):
        raise invalid(export_type=f"The labeling set-up of this project cannot be exported as {name}.")
