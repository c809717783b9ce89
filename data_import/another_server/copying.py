"""A project of another server, copied: made once, its tasks in portions, each written with the note of what is here now.

What has been copied is noted in `CopiedRow` in the transaction that writes it. So a copy that was broken off goes on where it was, and a later one
brings only what is new: tasks, members, and annotations, predictions and drafts of tasks that are here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from core.actor import Actor
from core.errors import Refused
from data_import.another_server.server import Server
from data_import.intake import Intake, ItemRefused
from data_import.models import CopiedRow, FileUpload
from data_import.operations import store_upload
from projects.models import Project
from projects.operations import add_member, create_project
from projects.serializers import ProjectSerializer
from tasks.models import Annotation
from tasks.operations.annotate import create_annotations
from tasks.operations.bulk import NewAnnotation, NewPrediction, NewTask, add_tasks
from tasks.operations.bulk_drafts import add_drafts
from tasks.operations.bulk_predictions import add_predictions

TASKS = 200  # of one portion
FILE = re.compile(r"(?:https?://[^/\s]+)?(/data/(?:upload|local-files)/\S+)")
RANDOM_NAME = re.compile(r"^[0-9a-f]{8}-")
# What of a project's settings is copied; the rest is counters, or belongs to that server.
SETTINGS = (
    "title", "description", "label_config", "expert_instruction", "show_instruction", "show_skip_button", "enable_empty_annotation",
    "show_annotation_history", "reveal_preannotations_interactively", "color", "maximum_annotations", "overlap_cohort_percentage",
    "show_overlap_first", "sampling", "skip_queue", "show_ground_truth_first", "show_collab_predictions", "evaluate_predictions_automatically",
    "min_annotations_to_start_training",
)  # fmt: skip


@dataclass
class Copied:
    """What a copy brought this time; `warnings` are sentences."""

    project: Project
    tasks: int = 0
    annotations: int = 0
    predictions: int = 0
    files: int = 0
    warnings: list[str] = field(default_factory=list)


def copy_project(
    actor: Actor,
    server: Server,
    project_id: int,
    people: Sequence[dict[str, Any]],
    *,
    each: Callable[[Copied], None] | None = None,
) -> Copied:
    """Copy a project, or what is new of one that was copied before; `each` is called after every portion.

    people: the server's users, as its API lists them.
    Raises `Refused` for a project that cannot be made here and when the server does not answer; what was written by then stays.
    """
    said = server.project(project_id)
    copied = Copied(_find(actor, server, project_id) or _make(actor, server, project_id, said))
    copying = _Copying(actor, server, copied, people)
    for predictions in server.pages(project_id):
        ids = list(predictions)
        for start in range(0, len(ids), TASKS):
            copying.portion(project_id, ids[start : start + TASKS], predictions)
            if each is not None:
                each(copied)
    copying.members(project_id)
    return copied


def note(project: Project, kind: str, source: object, target: int) -> None:
    """Something of the other server is here now; a part of the caller's transaction."""
    CopiedRow.objects.create(project=project, kind=kind, source=str(source), target=target)


def is_copied(project: Project, kind: str, source: object) -> bool:
    return CopiedRow.objects.filter(project=project, kind=kind, source=str(source)).exists()


def _find(actor: Actor, server: Server, project_id: int) -> Project | None:
    """The copy that an earlier run has made, unless somebody deleted it here."""
    there = Project.objects.visible_to(actor).values("pk")
    row = CopiedRow.objects.filter(kind="project", source=f"{server.url} {project_id}", project__in=there).select_related("project").first()
    return row.project if row else None


def _make(actor: Actor, server: Server, project_id: int, said: dict[str, Any]) -> Project:
    """A project with the settings that fit; those that do not are left at what new projects have."""
    fields = {name: said[name] for name in SETTINGS if said.get(name) is not None}
    fields["title"] = str(fields.get("title") or "").ljust(3, ".")[:50]
    checked = ProjectSerializer(data=fields)
    if not checked.is_valid():
        checked = ProjectSerializer(data={name: value for name, value in fields.items() if name not in checked.errors})
        checked.is_valid(raise_exception=True)
    with transaction.atomic():
        project = create_project(actor, dict(checked.validated_data))
        note(project, "project", f"{server.url} {project_id}", project.pk)
    return project


class _Copying:
    def __init__(self, actor: Actor, server: Server, copied: Copied, people: Sequence[dict[str, Any]]) -> None:
        self.actor, self.server, self.copied, self.project = actor, server, copied, copied.project
        self.intake = Intake(actor, self.project, elsewhere=True)
        self.people = {
            row["id"]: {name: row.get(name) for name in ("email", "first_name", "last_name")} for row in people if row.get("email")
        }
        for person in self.people.values():
            self._person(person)
        with transaction.atomic():
            self.intake.people.settle()

    def _person(self, person: dict[str, Any]) -> None:
        try:
            self.intake.people.find(person)
        except ValueError as error:
            self.copied.warnings.append(str(error))

    def members(self, project_id: int) -> None:
        """The people who are the project's there are so here: those with an account in this organization, each once."""
        for said in self.server.members(project_id):
            person = said.get("user", said) if isinstance(said, dict) else said
            number = person.get("id") if isinstance(person, dict) else person
            email = (self.people.get(number) or (person if isinstance(person, dict) else {})).get("email")
            user = self.intake.people.by_email.get(str(email).lower())
            if user is None or is_copied(self.project, "member", number):
                continue
            try:
                with transaction.atomic():
                    add_member(self.actor, self.project.pk, user)
                    note(self.project, "member", number, user)
            except Refused:
                continue  # they have left this organization, or are known by name only

    def portion(self, project_id: int, ids: list[int], predictions: Mapping[int, list[dict[str, Any]]]) -> None:
        items = [self._prepared({**item, "predictions": predictions[item["id"]]}) for item in self.server.tasks(project_id, ids)]
        known = self._known("task", (item["id"] for item in items))
        fresh = self._read([item for item in items if str(item["id"]) not in known])
        old = [item for item in items if str(item["id"]) in known]
        with transaction.atomic():
            self._add(fresh)
            self._add_to_known(old, known)

    def _prepared(self, item: dict[str, Any]) -> dict[str, Any]:
        """The item with this server's addresses of files, and people by e-mail instead of by the other server's numbers."""
        item = {**item, "data": self._with_files(item.get("data"))}
        for annotation in item.get("annotations") or ():
            for name in ("completed_by", "updated_by"):
                said = annotation.get(name)
                annotation[name] = self.people.get(said.get("id") if isinstance(said, dict) else said, said)
        for draft in item.get("drafts") or ():
            if isinstance(draft, dict):
                draft["user"] = self.people.get(draft.get("user"), draft.get("user"))
        return item

    def _read(self, items: Sequence[dict[str, Any]]) -> list[tuple[dict[str, Any], NewTask]]:
        """The items that are taken, judged. People who were not in the server's list are made on the way, and then known."""
        found, warnings = self._judged(items)
        if self.intake.people.wanted:
            with transaction.atomic():
                self.intake.people.settle()
            found, warnings = self._judged(items)
        self.copied.warnings += warnings
        return found

    def _judged(self, items: Sequence[dict[str, Any]]) -> tuple[list[tuple[dict[str, Any], NewTask]], list[str]]:
        found, warnings = [], []
        for item in items:
            try:
                task = self.intake.read(item)
            except ItemRefused as refused:
                warnings.append(f"Task {item['id']} was not copied: {refused}")
                continue
            task.file_upload_id = self._upload_of(item)
            found.append((item, task))
        return found, warnings

    def _add(self, fresh: Sequence[tuple[dict[str, Any], NewTask]]) -> None:
        if not fresh:
            return
        added = add_tasks(self.actor, self.project, (task for _item, task in fresh))
        rows = [("task", item["id"], pk) for (item, _task), pk in zip(fresh, added.task_ids, strict=True)]
        rows += [(kind, row["id"], 0) for item, _task in fresh for kind, row in _answers(item)]
        self._note(rows)
        self.copied.tasks += len(fresh)
        self.copied.annotations += added.annotation_count
        self.copied.predictions += added.prediction_count

    def _add_to_known(self, items: Sequence[dict[str, Any]], known: dict[str, int]) -> None:
        """What has come to tasks since they were copied."""
        there = {kind: self._known(kind, (row["id"] for item in items for named, row in _answers(item) if named == kind)) for kind in KINDS}
        news = [{**item, **{f"{kind}s": _new(item, kind, there) for kind in KINDS}} for item in items]
        read = self._read([item for item in news if any(item[f"{kind}s"] for kind in KINDS)])
        drafts = [(known[str(item["id"])], draft) for item, task in read for draft in task.drafts]
        annotations: list[tuple[int, NewAnnotation]] = []
        predictions: list[tuple[int, NewPrediction]] = []
        for item, task in read:
            pk = known[str(item["id"])]
            for annotation in task.annotations:
                annotation.parent_annotation = annotation.parent_prediction = None  # numbers of the other server
                annotations.append((pk, annotation))
            predictions += [(pk, prediction) for prediction in task.predictions]
        unique = [annotation.unique_id for _pk, annotation in annotations if annotation.unique_id is not None]
        taken = set(Annotation.objects.filter(unique_id__in=unique).values_list("unique_id", flat=True))
        for _pk, annotation in annotations:
            if annotation.unique_id in taken:
                annotation.unique_id = None
        if annotations:
            self.copied.annotations += len(create_annotations(self.actor, self.project, annotations))
        if drafts:
            add_drafts(self.actor, self.project, drafts)
        if predictions:
            self.copied.predictions += add_predictions(self.actor, self.project, predictions)
        self._note((kind, row["id"], 0) for item, _task in read for kind, row in _answers(item))

    def _known(self, kind: str, sources: Iterable[Any]) -> dict[str, int]:
        wanted = [str(source) for source in sources]
        found = CopiedRow.objects.filter(project=self.project, kind=kind, source__in=wanted)
        return dict(found.values_list("source", "target"))

    def _note(self, rows: Iterable[tuple[str, Any, int]]) -> None:
        made = (CopiedRow(project=self.project, kind=kind, source=str(source), target=target) for kind, source, target in rows)
        CopiedRow.objects.bulk_create(made, batch_size=1_000)

    def _with_files(self, value: Any) -> Any:
        """Task data whose uploads are uploads here."""
        if isinstance(value, dict):
            return {key: self._with_files(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._with_files(inner) for inner in value]
        if isinstance(value, str) and len(value) < 2_000 and (match := FILE.fullmatch(value)) and self._is_theirs(value):
            return self._file(match[1]) or value
        return value

    def _is_theirs(self, value: str) -> bool:
        return value.startswith(("/", self.server.url))

    def _file(self, path: str) -> str | None:
        """The address here of a file of the other server, fetched when it is not here yet; None when it cannot be had."""
        row = CopiedRow.objects.filter(project=self.project, kind="file", source=path).first()
        if row is not None:
            upload = FileUpload.objects.filter(pk=row.target).first()
            return f"/data/{upload.file}" if upload else None
        received = self.server.file(path)
        if received is None:
            self.copied.warnings.append(f"The file {path} could not be fetched; tasks keep its address.")
            return None
        try:
            upload = store_upload(
                self.actor, self.project, received, RANDOM_NAME.sub("", path.partition("?d=")[2] or path.rsplit("/", 1)[-1])
            )
        except Refused as refused:
            self.copied.warnings.append(f"The file {path} was not copied: {refused.sentence}")
            return None
        finally:
            received.forget()
        note(self.project, "file", path, upload.pk)
        FileUpload.objects.filter(pk=upload.pk).update(imported=True)
        self.copied.files += 1
        return f"/data/{upload.file}"

    def _upload_of(self, item: dict[str, Any]) -> int | None:
        """The upload that a task shows, when it shows one."""
        shown = [
            value.removeprefix("/data/") for value in item["data"].values() if isinstance(value, str) and value.startswith("/data/upload/")
        ]
        return FileUpload.objects.filter(project=self.project, file__in=shown).values_list("pk", flat=True).first() if shown else None


KINDS = ("annotation", "prediction", "draft")


def _answers(item: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """(kind, row) of a task's annotations, predictions and drafts that have a number."""
    return [(kind, row) for kind in KINDS for row in item.get(f"{kind}s") or () if isinstance(row, dict) and isinstance(row.get("id"), int)]


def _new(item: dict[str, Any], kind: str, there: dict[str, dict[str, int]]) -> list[dict[str, Any]]:
    return [row for named, row in _answers(item) if named == kind and str(row["id"]) not in there[kind]]
