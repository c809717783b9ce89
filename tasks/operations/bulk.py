"""Adding tasks by the thousand: plain tuples straight to the driver, counters written in the inserted rows."""

from __future__ import annotations

import random
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from core.actor import Actor
from core.database import column_time, insert_rows, reserve_ids
from core.events.record import record
from core.rawjson import json_text, read_json
from projects.models import Project
from tasks.counters import Numbers, change_project, set_uncertainty
from tasks.models import Annotation, AnnotationVersion, Draft, Prediction, Task
from tasks.overlap import new_overlap
from tasks.result_counts import ResultChanges
from tasks.sets import rows, run

CHUNK = 2_000


@dataclass(slots=True)
class FormerState:
    """What an annotation was until `replaced_at`; `result` and `provenance` are JSON text, people are users' ids."""

    version: int
    result: str | None
    was_cancelled: bool
    ground_truth: bool
    lead_time: float | None
    completed_by_id: int | None
    written_by_id: int | None
    replaced_by_id: int | None
    reason: str
    provenance: str
    written_at: datetime
    replaced_at: datetime


@dataclass(slots=True)
class NewAnnotation:
    """`result` is a parsed list of rows (validated by the caller) or None. `parent_*` are ids of the same item's predictions and annotations
    as it names them (their `import_id`, or `named` where that is a number of an earlier import). `former` is its history, whose versions are below `version`."""

    result: list[Any] | None
    completed_by_id: int | None = None
    updated_by_id: int | None = None
    was_cancelled: bool = False
    ground_truth: bool = False
    lead_time: float | None = None
    unique_id: uuid.UUID | None = None
    import_id: int | None = None
    last_action: str | None = None
    bulk_created: bool = False
    prediction: str = "{}"
    parent_prediction: int | None = None
    parent_annotation: int | None = None
    draft_created_at: datetime | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    named: int | None = None
    version: int = 1
    former: list[FormerState] = field(default_factory=list)


@dataclass(slots=True)
class NewPrediction:
    """`neighbors` is JSON text; `import_id` is what annotations of the same item call it."""

    result: list[Any]
    score: float | None = None
    model_version: str | None = ""
    cluster: int | None = None
    neighbors: str | None = None
    mislabeling: float = 0.0
    import_id: int | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None


@dataclass(slots=True)
class NewDraft:
    """`annotation` is the `import_id` of the annotation it would change; None for a draft of a new one."""

    user_id: int
    result: list[Any]
    lead_time: float | None = None
    was_postponed: bool = False
    import_id: int | None = None
    annotation: int | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None


@dataclass(slots=True)
class NewTask:
    """`data` and `meta` are JSON text; `keys` are the data's keys (read from it when absent)."""

    data: str
    keys: tuple[str, ...] | None = None
    meta: str = "{}"
    file_upload_id: int | None = None
    allow_skip: bool = True
    overlap: int | None = None
    inner_id: int | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    annotations: list[NewAnnotation] = field(default_factory=list)
    predictions: list[NewPrediction] = field(default_factory=list)
    drafts: list[NewDraft] = field(default_factory=list)


@dataclass(slots=True)
class Added:
    """What was written, the ids in the order of the items."""

    task_ids: list[int] = field(default_factory=list)
    annotation_count: int = 0
    prediction_count: int = 0


TASK_COLUMNS = (
    "id", "project_id", "data", "meta", "inner_id", "overlap", "is_labeled", "allow_skip", "total_annotations", "cancelled_annotations",
    "total_predictions", "sampling_key", "uncertainty", "is_assigned", "file_upload_id", "updated_by_id", "created_at", "updated_at",
)  # fmt: skip
ANNOTATION_COLUMNS = (
    "id", "task_id", "project_id", "completed_by_id", "updated_by_id", "result", "result_count", "was_cancelled", "ground_truth", "lead_time",
    "unique_id", "import_id", "last_action", "bulk_created", "prediction", "parent_prediction_id", "parent_annotation_id", "draft_created_at",
    "version", "created_at", "updated_at",
)  # fmt: skip
PREDICTION_COLUMNS = (
    "id", "task_id", "project_id", "result", "score", "model_version", "cluster", "neighbors", "mislabeling", "created_at", "updated_at",
)  # fmt: skip
DRAFT_COLUMNS = (
    "task_id",
    "project_id",
    "annotation_id",
    "user_id",
    "result",
    "lead_time",
    "was_postponed",
    "import_id",
    "created_at",
    "updated_at",
)
FORMER_COLUMNS = (
    "annotation_id", "task_id", "project_id", "version", "result", "was_cancelled", "ground_truth", "lead_time", "completed_by_id",
    "written_by_id", "replaced_by_id", "reason", "provenance", "written_at", "replaced_at",
)  # fmt: skip


def add_tasks(actor: Actor, project: Project, items: Iterable[NewTask]) -> Added:
    """Write tasks with their annotations, predictions and drafts, as one transaction.

    The caller has checked that the actor may, and the items against the labeling config. Takes items one after the other, so that a stream of
    any length needs constant memory. Returns the new ids. One event `task.created` (with the first and last id) for the call.
    """
    with transaction.atomic():
        lock = " FOR NO KEY UPDATE" if connection.vendor == "postgresql" else ""
        found = rows(
            f"SELECT last_inner_id, maximum_annotations, overlap_cohort_percentage, skip_queue, model_version, data_columns, total_predictions_number FROM projects_project WHERE id = %s{lock}",
            [project.pk],
        )[0]
        writer = _Writer(actor, project.pk, *found)
        remaining = iter(items)
        while chunk := list(islice(remaining, CHUNK)):
            writer.write(chunk)
        writer.finish()
    return writer.added


class _Writer:
    def __init__(
        self,
        actor: Actor,
        project_id: int,
        last_inner_id: int,
        maximum: int,
        cohort: int,
        skip_queue: str,
        model_version: str | None,
        columns: str,
        predictions: int,
    ) -> None:
        self.actor = actor
        self.project_id = project_id
        self.inner_id = last_inner_id
        self.maximum, self.cohort = maximum, cohort
        self.counts_skipped = skip_queue == Project.SkipQueue.IGNORE_SKIPPED
        self.model_version = model_version or ""
        self.new_model_version = ""
        self.former: list[tuple[Any, ...]] = []
        self.columns = columns
        self.had_predictions = predictions > 0
        self.now = column_time(timezone.now())
        self.uuid_column = (lambda value: value.hex) if connection.vendor == "sqlite" else str
        self.added = Added()
        self.numbers = Numbers()
        self.results = ResultChanges()
        self.shapes: Counter[tuple[str, ...]] = Counter()

    def write(self, chunk: Sequence[NewTask]) -> None:
        if not (self.model_version or self.new_model_version):
            # A project without a current version takes that of the predictions it is given.
            versions = (item.model_version for task in reversed(chunk) for item in reversed(task.predictions))
            self.new_model_version = next((version for version in versions if version), "")
        annotations: list[tuple[Any, ...]] = []
        predictions: list[tuple[Any, ...]] = []
        drafts: list[tuple[Any, ...]] = []
        task_ids = reserve_ids(Task, len(chunk))
        self._taken = self._unique_ids_taken(chunk)
        self._annotation_ids = iter(reserve_ids(Annotation, sum(len(task.annotations) for task in chunk)))
        self._prediction_ids = iter(reserve_ids(Prediction, sum(len(task.predictions) for task in chunk)))
        written = list(self._rows(chunk, task_ids, annotations, predictions, drafts))
        insert_rows(Task, TASK_COLUMNS, written)
        # Predictions first: annotations name those that they came from.
        for model, columns, found in (
            (Prediction, PREDICTION_COLUMNS, predictions),
            (Annotation, ANNOTATION_COLUMNS, annotations),
            (Draft, DRAFT_COLUMNS, drafts),
            (AnnotationVersion, FORMER_COLUMNS, self.former),
        ):
            if found:
                insert_rows(model, columns, found)
        self.former.clear()
        self.added.task_ids.extend(task_ids)
        self.added.annotation_count += len(annotations)
        self.added.prediction_count += len(predictions)

    def _rows(
        self,
        chunk: Sequence[NewTask],
        task_ids: Sequence[int],
        annotations: list[tuple[Any, ...]],
        predictions: list[tuple[Any, ...]],
        drafts: list[tuple[Any, ...]],
    ) -> Iterator[tuple[Any, ...]]:
        project_id, now, random_key = self.project_id, self.now, random.random
        plain = self.maximum == 1 or self.cohort == 100
        for task_id, task in zip(task_ids, chunk, strict=True):
            inner_id = task.inner_id or self.inner_id + 1
            self.inner_id = max(self.inner_id, inner_id)
            overlap = task.overlap or (self.maximum if plain else new_overlap(inner_id, self.maximum, self.cohort))
            self.shapes[task.keys if task.keys is not None else tuple(read_json(task.data))] += 1
            done, total, cancelled, uncertainty = False, 0, 0, None
            if task.predictions:
                names, uncertainty = self._predictions(task_id, task, predictions)
            else:
                names = {}
            if task.annotations or task.drafts:
                done, total, cancelled = self._annotations(task_id, task, overlap, names, annotations, drafts)
            yield (
                task_id, project_id, task.data, task.meta, inner_id, overlap, done, task.allow_skip, total, cancelled,
                len(task.predictions), random_key(), uncertainty, False, task.file_upload_id, None,  # nobody has changed it yet
                now if task.created_at is None else column_time(task.created_at), now if task.updated_at is None else column_time(task.updated_at),
            )  # fmt: skip
        self.numbers.task_number += len(chunk)

    def _predictions(self, task_id: int, task: NewTask, written: list[tuple[Any, ...]]) -> tuple[dict[int, int], float | None]:
        """({import id: id}, the task's uncertainty)."""
        names: dict[int, int] = {}
        scores = []
        version = self.model_version or self.new_model_version
        for item in task.predictions:
            pk = next(self._prediction_ids)
            if item.import_id is not None:
                names[item.import_id] = pk
            if item.score is not None and (item.model_version or "") == version:
                scores.append(item.score)
            written.append(
                (pk, task_id, self.project_id, json_text(item.result), item.score, item.model_version, item.cluster, item.neighbors, item.mislabeling,
                 *self._times(item))
            )  # fmt: skip
        self.numbers.total_predictions_number += len(task.predictions)
        return names, min(scores, default=None)

    def _annotations(
        self,
        task_id: int,
        task: NewTask,
        overlap: int,
        predictions: dict[int, int],
        written: list[tuple[Any, ...]],
        drafts: list[tuple[Any, ...]],
    ) -> tuple[bool, int, int]:
        """(whether the task is finished, its annotations, its skipped ones)."""
        ids = [next(self._annotation_ids) for _ in task.annotations]
        names = {_name(item): pk for item, pk in zip(task.annotations, ids, strict=True) if _name(item) is not None}
        people: set[int] = set()
        numbers = self.numbers
        total = cancelled = useful = 0
        for item, pk in zip(task.annotations, ids, strict=True):
            if item.was_cancelled:
                cancelled += 1
            else:
                total += 1
                useful += item.result is not None and not item.ground_truth
            numbers.ground_truth_number += item.ground_truth
            if self.counts_skipped or (item.result is not None and not item.was_cancelled):
                people.add(item.completed_by_id or -pk)
            self.results.annotation(item.result)
            parent = names.get(item.parent_annotation) if item.parent_annotation is not None else None
            written.append(
                (pk, task_id, self.project_id, item.completed_by_id, item.updated_by_id or self.actor.user_id,
                 None if item.result is None else json_text(item.result), len(item.result or ()), item.was_cancelled, item.ground_truth, item.lead_time,
                 self._unique_id(item), item.import_id, item.last_action, item.bulk_created, item.prediction,
                 predictions.get(item.parent_prediction) if item.parent_prediction is not None else None, parent if parent != pk else None,
                 None if item.draft_created_at is None else column_time(item.draft_created_at), item.version, *self._times(item))
            )  # fmt: skip
            for old in item.former:
                self.former.append(
                    (pk, task_id, self.project_id, old.version, old.result, old.was_cancelled, old.ground_truth, old.lead_time, old.completed_by_id,
                     old.written_by_id, old.replaced_by_id, old.reason, old.provenance, column_time(old.written_at), column_time(old.replaced_at))
                )  # fmt: skip
        kept = {(draft.user_id, names.get(draft.annotation) if draft.annotation is not None else None): draft for draft in task.drafts}
        for (user_id, annotation), draft in kept.items():
            self.results.draft(draft.result)
            drafts.append(
                (task_id, self.project_id, annotation, user_id, json_text(draft.result), draft.lead_time, draft.was_postponed, draft.import_id,
                 *self._times(draft))
            )  # fmt: skip
        done = len(people) >= overlap
        numbers.finished_task_number += done
        numbers.total_annotations_number += total
        numbers.skipped_annotations_number += cancelled
        numbers.useful_annotation_number += useful
        numbers.num_tasks_with_annotations += useful > 0
        return done, total, cancelled

    def _unique_ids_taken(self, chunk: Sequence[NewTask]) -> set[str]:
        """Those of the items' unique ids that an annotation has already: the same export imported twice makes new annotations."""
        named = [self.uuid_column(item.unique_id) for task in chunk for item in task.annotations if item.unique_id is not None]
        if not named:
            return set()
        if connection.vendor == "postgresql":
            return {str(row[0]) for row in rows("SELECT unique_id FROM tasks_annotation WHERE unique_id = ANY(%s::uuid[])", [named])}
        return {
            row[0]
            for row in rows(
                "SELECT unique_id FROM tasks_annotation WHERE unique_id IN (SELECT value FROM json_each(%s))", [json_text(named)]
            )
        }

    def _unique_id(self, item: NewAnnotation) -> str:
        wanted = self.uuid_column(item.unique_id or uuid.uuid4())
        if wanted in self._taken:
            return self.uuid_column(uuid.uuid4())
        if item.unique_id is not None:
            self._taken.add(wanted)
        return wanted

    def _times(self, item: NewAnnotation | NewPrediction | NewDraft) -> tuple[Any, Any]:
        created = self.now if item.created_at is None else column_time(item.created_at)
        return created, created if item.updated_at is None else column_time(item.updated_at)

    def finish(self) -> None:
        """The project's counters, once for all chunks."""
        if not self.added.task_ids:
            return
        change_project(self.project_id, self.numbers)
        columns: Counter[str] = Counter(read_json(self.columns))
        for shape, count in self.shapes.items():
            for key in dict.fromkeys(shape):
                columns[key] += count
        version = self.new_model_version or self.model_version
        run(
            "UPDATE projects_project SET last_inner_id = %s, data_columns = %s, model_version = %s WHERE id = %s",
            [self.inner_id, json_text(columns), version, self.project_id],
        )
        if self.new_model_version and self.had_predictions:
            set_uncertainty(self.project_id, version)
        self.results.save(self.project_id, locked=True)
        first, last = self.added.task_ids[0], self.added.task_ids[-1]
        record("task.created", self.actor, project=self.project_id, ids=[first, last], range=True, count=len(self.added.task_ids))


def _name(item: NewAnnotation) -> int | None:
    return item.import_id if item.named is None else item.named
