"""The jobs that write a bundle, and that make a project of one. The project is nobody's to see until it is whole."""

from __future__ import annotations

from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any, cast

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.errors import Refused
from core.jobs.models import Job
from core.jobs.registry import JobKind
from core.jobs.run import JobRun
from core.permissions import Role
from core.rawjson import json_text, read_json
from data_import.models import FileUpload
from data_import.operations import mark_imported, store_upload
from data_import.people import People
from data_import.storage import incoming, pieces_of, receive
from durability.bundle.reading import Bundle, Items, opened
from durability.bundle.writing import write_bundle
from projects.models import Project
from projects.operations import FormerSetUp, add_member, create_project, drop_hidden_project, keep_former_set_ups, show_project
from projects.serializers import ProjectSerializer
from tasks.operations.bulk import add_tasks

FOLDER = "bundles"
STEP = 500  # tasks of one transaction
KEPT = timedelta(days=7)
FORGOTTEN = timedelta(days=30)
ELSEWHERE = "bundle"


def run_export(job: JobRun) -> dict[str, Any]:
    """Writes the whole file again when it was broken off. Result: `{file, size, tasks, …}`."""
    project = Project.objects.filter(pk=job.parameters["project"], deleted_at=None).first()
    if project is None:
        raise Refused(_("The project has been deleted."))
    path = incoming() / f"bundle-{job.job.pk}.zip"
    try:
        counts = _write(job, project, path)
        size = path.stat().st_size
        with path.open("rb") as file:
            name = default_storage.save(f"{FOLDER}/{project.pk}/project-{project.pk}-{job.job.pk}.zip", File(file))
    finally:
        path.unlink(missing_ok=True)
    try:
        with job.step():
            pass
    except BaseException:
        default_storage.delete(name)
        raise
    return {"file": name, "size": size, **counts}


def _write(job: JobRun, project: Project, path: Path) -> dict[str, int]:
    job.total, job.done = project.task_number, 0

    def each(done: int) -> None:
        with job.step():
            job.done = done

    with path.open("w+b") as file:
        return write_bundle(project, file, each)


def run_import(job: JobRun) -> dict[str, Any]:
    """Cursor: `{project, files, tasks}`: the hidden project, and how much of the bundle is in it. Result: `{project, …}`."""
    path = incoming() / job.parameters["file"]
    try:
        return _import(job, path)
    except Refused:
        if job.cursor is None:  # nothing has begun, and it would be refused again
            path.unlink(missing_ok=True)
        raise


def _import(job: JobRun, path: Path) -> dict[str, Any]:
    said = job.parameters
    creator: Any = job.job.created_by_id
    actor = Actor(creator, said["email"], job.job.organization_id, Role(said["role"]), "job")
    if job.cursor is None and said.get("source"):
        source = Project.objects.filter(pk=said["source"], deleted_at=None).first()
        if source is None:
            raise Refused(_("The project has been deleted."))
        _write(job, source, path)
    if not path.exists():
        raise Refused(_("The bundle is not here any more. Send it again."))
    with opened(path) as bundle:
        people = People(actor, ELSEWHERE)
        names = {row["id"]: row for row in bundle.people()}
        if job.cursor is None:
            bundle.check()
            _begin(job, actor, bundle, people, names, said.get("title") or "")
        project = Project.objects.get(pk=job.cursor["project"])
        _bring_files(job, actor, project, bundle)
        _bring_tasks(job, actor, project, bundle, Items(project.pk, names, people))
        with job.step():
            show_project(actor, project, model_version=str(bundle.project.get("model_version") or ""))
            _members(actor, project, names, people)
        counts = {kind: count for kind, count in bundle.counts.items() if isinstance(count, int)}
    path.unlink(missing_ok=True)
    return {**counts, "project": project.pk}


def _begin(job: JobRun, actor: Actor, bundle: Bundle, people: People, names: dict[int, dict[str, Any]], title: str) -> None:
    fields = {name: value for name, value in bundle.project.items() if name not in ("model_version", "config_version")}
    fields["title"] = (title or str(fields.get("title") or "")).ljust(3, ".")[:50]
    checked = ProjectSerializer(data=fields)
    checked.is_valid(raise_exception=True)
    with job.step():
        for person in names.values():
            people.find({key: person.get(key) for key in ("email", "first_name", "last_name")})
        people.settle()
        project = create_project(actor, dict(checked.validated_data), hidden=True)
        items = Items(project.pk, names, people)
        former = (FormerSetUp(row["version"], row["label_config"], items.person(row["created_by"])) for row in bundle.set_ups())
        keep_former_set_ups(project, former, int(bundle.project["config_version"]))
        job.total, job.done = int(bundle.counts["tasks"]), 0
        job.cursor = {"project": project.pk, "files": 0, "tasks": 0}


def _bring_files(job: JobRun, actor: Actor, project: Project, bundle: Bundle) -> None:
    for row in bundle.files(job.cursor["files"]):
        address = f"upload/{project.pk}/{str(row['address']).rsplit('/', 1)[-1]}"
        upload = FileUpload.objects.filter(file=address).first()
        if upload is None:
            with bundle.open_media(row["sha256"]) as member:
                received = receive(pieces_of(cast(Any, member)), announced=row["size"])
            try:
                upload = store_upload(actor, project, received, row["name"], address=address)
            finally:
                received.forget()
        with job.step():
            if row["imported"]:
                mark_imported([upload.pk])
            job.cursor = {**job.cursor, "files": job.cursor["files"] + 1}


def _bring_tasks(job: JobRun, actor: Actor, project: Project, bundle: Bundle, items: Items) -> None:
    uploads = _uploads(project, bundle)
    rows = bundle.tasks(job.cursor["tasks"])
    while chunk := list(islice(rows, STEP)):
        made = [items.task(row, uploads) for row in chunk]
        with job.step():
            add_tasks(actor, project, made)
            job.cursor = {**job.cursor, "tasks": job.cursor["tasks"] + len(chunk)}
            job.done = job.cursor["tasks"]


def _uploads(project: Project, bundle: Bundle) -> dict[int, int]:
    """The bundle's numbers of uploads, and ours."""
    known = {name.rsplit("/", 1)[-1]: pk for pk, name in FileUpload.objects.filter(project=project).values_list("pk", "file").iterator()}
    return {row["id"]: known[str(row["address"]).rsplit("/", 1)[-1]] for row in bundle.files(0)}


def _members(actor: Actor, project: Project, names: dict[int, dict[str, Any]], people: People) -> None:
    """Those who have an account here; of the others only their name stays on what they did."""
    for row in names.values():
        if not row.get("member"):
            continue
        try:
            add_member(actor, project.pk, people.find(row))
        except Refused:
            continue


def sweep() -> bool:
    """A loop of the worker: bundles that were kept long enough, and what is left of projects that were given up."""
    old = timezone.now() - FORGOTTEN
    for job in Job.objects.filter(kind=EXPORT.name, status=Job.Status.DONE, finished_at__gt=old, finished_at__lt=timezone.now() - KEPT):
        result = read_json(job.result)
        if result.get("file"):
            default_storage.delete(result["file"])
            Job.objects.filter(pk=job.pk).update(result=json_text({**result, "file": ""}))
    given_up = Job.objects.filter(
        kind=IMPORT.name, status__in=(Job.Status.FAILED, Job.Status.CANCELLED), finished_at__gt=old, finished_at__lt=timezone.now() - KEPT
    )
    for job in given_up:
        (incoming() / read_json(job.parameters)["file"]).unlink(missing_ok=True)
        cursor = read_json(job.cursor)
        if cursor and Job.objects.filter(pk=job.pk, status=job.status).update(cursor="null"):
            drop_hidden_project(Actor(cast(Any, job.created_by_id), "", job.organization_id, None, "job"), cursor["project"])
    return False


EXPORT = JobKind("bundle.export", run_export)
IMPORT = JobKind("bundle.import", run_import)
