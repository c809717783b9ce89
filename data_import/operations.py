"""What people do with files and imports: upload, import, import again, delete uploads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from core.actor import Actor
from core.errors import Refused, forbidden, invalid
from core.events.record import record
from core.jobs.operations import enqueue
from core.rawjson import json_text
from data_import.contents import Arrival, bring_in, release
from data_import.file_types import EXTENSIONS, MEDIA, extension_of
from data_import.models import FileUpload, ProjectImport
from data_import.parts import ImportFile, Reading
from data_import.queries import uploads_of
from data_import.readers import Choices
from data_import.storage import Received, new_address
from projects.models import Project
from tasks.operations.bulk import NewTask, add_tasks
from tasks.operations.delete import delete_tasks

ATTEMPTS = 3
AT_ONCE = 100_000  # tasks of one transaction; more are written by a job, step by step


@dataclass(frozen=True)
class Options:
    """How an import reads its files (§1.9 of the API), and what it does with rows that have mistakes: refuse all, or `leave_out` those.

    elsewhere: the file comes from another server, whose people who are no members here are kept as placeholders.

    `format` and what follows are for annotation formats (`readers.dataset.Choices`).
    """

    preannotated_from_fields: tuple[str, ...] = ()
    files_as_tasks_list: bool = True
    return_task_ids: bool = False
    leave_out: bool = False
    elsewhere: bool = False
    format: str = ""
    classes: dict[str, str] = field(default_factory=dict)
    control: str = ""
    as_predictions: bool = False
    model_version: str = ""

    @property
    def reading(self) -> Reading:
        return Reading(self.files_as_tasks_list, self.format, Choices(self.classes, self.control, self.as_predictions, self.model_version))

    @classmethod
    def of_json(cls, said: dict[str, Any]) -> Options:
        return cls(**{**said, "preannotated_from_fields": tuple(said["preannotated_from_fields"])})


@dataclass
class Written:
    """What an import has written so far."""

    task_count: int = 0
    annotation_count: int = 0
    prediction_count: int = 0
    task_ids: list[int] = field(default_factory=list)


def store_upload(actor: Actor, project: Project, received: Received, name: str, *, address: str = "") -> FileUpload:
    """Keep a received file as an upload of a project, at a new address unless one is said. Raises as `store_uploads` does."""
    return store_uploads(actor, project, [(received, name)], address=address)[0]


def store_uploads(actor: Actor, project: Project, files: Sequence[tuple[Received, str]], *, address: str = "") -> list[FileUpload]:
    """Keep received files (each with its name) as uploads of a project: all of them in one transaction, or none.

    `address` is that of a single file, a new one without. Raises `Refused`: 400 for a kind of file that is not taken, 413 beyond the organization's
    quota.
    """
    for _received, name in files:
        check_extension(name)
    arrivals = [Arrival(project.organization_id, received, name) for received, name in files]
    for _attempt in range(ATTEMPTS):
        bring_in(project.organization_id, arrivals)
        try:
            with transaction.atomic():
                uploads = FileUpload.objects.bulk_create(
                    FileUpload(
                        project=project,
                        user_id=actor.user_id,
                        file=address or new_address(project.pk, arrival.name),
                        name=arrival.name[-1_000:],
                        size=arrival.received.size,
                        sha256=arrival.received.sha256,
                        content=arrival.settle(),
                    )
                    for arrival in arrivals
                )
                record(
                    "file.uploaded",
                    actor,
                    project=project.pk,
                    ids=[upload.pk for upload in uploads],
                    size=sum(upload.size for upload in uploads),
                )
        except IntegrityError:
            continue  # the same bytes were being deleted, or an address is taken
        return uploads
    raise Refused(_("The file could not be stored. Please send it again."), 503, headers={"Retry-After": "1"})


def check_extension(name: str) -> None:
    """Raises `Refused` (400) unless files of this name can be imported."""
    if (extension := extension_of(name)) not in EXTENSIONS:
        ours = _("%(name)s: files of this kind cannot be imported. These can: %(kinds)s.") % {
            "name": name[:200],
            "kinds": ", ".join(EXTENSIONS),
        }
        # The second is Label Studio's sentence, by which scripts know this case.
        raise invalid(non_field_errors=[ours, f"{f'.{extension[:200]}' if extension else ''} extension is not supported"])


def delete_uploads(actor: Actor, project: Project, ids: Sequence[int] | None = None) -> int:
    """Delete the actor's uploads, or those of them named by `ids`; returns how many.

    Raises `Refused` (409) for media that tasks show: deleting it would leave them without their object.
    """
    with transaction.atomic():
        uploads = uploads_of(actor, project)
        if ids is not None:
            uploads = uploads.filter(pk__in=ids)
        found = list(uploads)
        _delete(actor, project, found)
    return len(found)


def _delete(actor: Actor, project: Project, found: Sequence[FileUpload]) -> None:
    media = [upload.pk for upload in found if (kind := EXTENSIONS.get(extension_of(upload.name))) and kind.kind in MEDIA]
    shown = project.tasks.filter(file_upload_id__in=media).count() if media else 0
    if shown:
        raise Refused(_("%(count)s tasks show these files. Delete the tasks first.") % {"count": shown}, 409)
    contents = sorted({upload.content_id for upload in found})
    FileUpload.objects.filter(pk__in=[upload.pk for upload in found]).delete()
    if found:
        record("file.deleted", actor, project=project.pk, ids=[upload.pk for upload in found])
    transaction.on_commit(lambda: release(contents))


def mark_imported(ids: Sequence[int]) -> None:
    """Something has come of these uploads; a part of the caller's transaction."""
    for start in range(0, len(ids), 1_000):
        FileUpload.objects.filter(pk__in=ids[start : start + 1_000]).update(imported=True)


def delete_upload(actor: Actor, upload: FileUpload) -> None:
    """Delete one upload. Raises `Refused`: 403 for somebody else's, 409 for media that tasks show."""
    if upload.user_id != actor.user_id and not actor.may("tasks.delete"):
        raise forbidden()
    with transaction.atomic():
        _delete(actor, upload.project, [upload])


def rename_upload(actor: Actor, upload: FileUpload, name: Any) -> FileUpload:
    """Change what an upload is called; its address stays. Raises `Refused` (400) for another kind of file."""
    if not isinstance(name, str) or extension_of(name) != extension_of(upload.name):
        raise invalid(name=_("The new name must end in .%(extension)s.") % {"extension": extension_of(upload.name)})
    with transaction.atomic():
        upload.name = name[-1_000:]
        upload.save(update_fields=["name"])
        record("file.renamed", actor, project=upload.project_id, ids=[upload.pk])
    return upload


def remove_tasks_of(actor: Actor, project: Project, uploads: Sequence[FileUpload]) -> int:
    """Delete the tasks that came from uploads, before they are imported again; returns how many.

    Raises `Refused` (409) when somebody has annotated one: importing must not cost anybody's work.
    """
    with transaction.atomic():
        tasks = project.tasks.filter(file_upload_id__in=[upload.pk for upload in uploads])
        worked_on = tasks.filter(Q(total_annotations__gt=0) | Q(cancelled_annotations__gt=0)).count()
        if worked_on:
            raise Refused(
                _("%(count)s tasks of these files have annotations. Delete those tasks first if you want to import the files again.")
                % {"count": worked_on},
                409,
            )
        ids = list(tasks.values_list("pk", flat=True))
        if ids:
            delete_tasks(actor, project, ids)
    return len(ids)


def import_tasks(actor: Actor, project: Project, tasks: Iterable[NewTask], uploads: Sequence[int] = ()) -> Written:
    """Write tasks that have been judged, as one transaction; `uploads` are those that they came from."""
    written = Written()
    with transaction.atomic():
        write(actor, project, tasks, written)
        mark_imported(uploads)
    return written


def start_import(actor: Actor, project: Project, files: Sequence[ImportFile], options: Options) -> ProjectImport:
    """Import in the background; progress is the job's, the outcome stands in the returned row."""
    with transaction.atomic():
        row = ProjectImport.objects.create(project=project, created_by_id=actor.user_id, parameters=json_text(asdict(options)))
        job = enqueue(
            actor,
            "import",
            _("Import into %(project)s") % {"project": project.title or f"#{project.pk}"},
            project=project.pk,
            parameters={
                "import": row.pk,
                "files": [file.as_json() for file in files],
                "options": asdict(options),
                "role": str(actor.role),
                "email": actor.email,
            },
        )
        ProjectImport.objects.filter(pk=row.pk).update(job_id=job.pk)
    row.refresh_from_db()
    return row


def write(actor: Actor, project: Project, tasks: Iterable[NewTask], written: Written) -> None:
    """Write tasks as one transaction (or as a part of the caller's), and count them."""
    added = add_tasks(actor, project, tasks)
    written.task_count += len(added.task_ids)
    written.annotation_count += added.annotation_count
    written.prediction_count += added.prediction_count
    written.task_ids += added.task_ids
