"""Rows of tasks as the data page and `/api/tasks` show them (§1.6 of the API): raw SQL in, dictionaries with raw JSON out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from core.actor import Actor
from core.database import time_sql
from core.rawjson import fragment
from data_manager.sql import Sql, json_as_text
from tasks import render
from tasks.addresses import shown_data
from tasks.preview import READ, preview
from tasks.sets import rows

if TYPE_CHECKING:
    from projects.models import Project

FROM_ANNOTATIONS = frozenset({"annotations", "annotators", "annotations_ids", "annotations_results", "avg_lead_time", "completed_at"})
FROM_PREDICTIONS = frozenset({"predictions", "predictions_score", "predictions_model_versions", "predictions_results"})
FROM_DRAFTS = frozenset({"drafts", "draft_exists"})


@dataclass(frozen=True)
class Fields:
    """What of a task is asked for. `whole`: with its annotations, predictions and the actor's drafts. `only`: these keys and no others.
    `resolve`: addresses of storages in the data become ones that a browser can open."""

    whole: bool = False
    resolve: bool = True
    only: frozenset[str] | None = None

    def wants(self, names: frozenset[str]) -> bool:
        return self.only is None or bool(self.only & names)

    def has(self, name: str) -> bool:
        return self.only is None or name in self.only


@dataclass
class Answers:
    """What a task's annotations or predictions add up to; `shown` are the rows themselves, when they are asked for."""

    ids: list[int] = field(default_factory=list)
    people: list[int] = field(default_factory=list)
    versions: list[str] = field(default_factory=list)
    numbers: list[float | None] = field(default_factory=list)
    latest: Any = None
    texts: list[str | None] = field(default_factory=list)
    shown: list[dict[str, Any]] = field(default_factory=list)


NOTHING = Answers()

# {field: SQL of its value for the row `t` of tasks_task}. Rooms below add theirs in `AppConfig.ready()`.
MORE: dict[str, str] = {}
OWN_COLUMNS = 17


def register_field(name: str, sql: str) -> None:
    """A field of a listed task that another room knows, read in the statement that reads the tasks."""
    MORE[name] = sql


def select_tasks(project: Project, where: Sql, fields: Fields) -> list[tuple[Any, ...]]:
    """Rows of the tasks alone; without the data and the file's name when nobody asks for them."""
    data = "t.data" if fields.has("data") else "NULL"
    file, parameters, joined = "NULL", [], ""
    if fields.has("file_upload"):
        # The stored name is upload/<project>/<name>; clients know the last part.
        file, parameters = "substr(f.file, %s)", [len(f"upload/{project.pk}/") + 1]
        joined = "LEFT JOIN data_import_fileupload f ON f.id = t.file_upload_id"
    more = "".join(f", {sql if fields.has(name) else 'NULL'}" for name, sql in MORE.items())
    return rows(
        f"""SELECT t.id, {data}, t.meta, {time_sql("t.created_at")}, {time_sql("t.updated_at")}, t.is_labeled, t.overlap, t.inner_id,
                   t.total_annotations, t.cancelled_annotations, t.total_predictions, t.updated_by_id, {file},
                   t.comment_count, t.unresolved_comment_count, {time_sql("t.last_comment_updated_at")}, t.comment_authors{more}
            FROM tasks_task t {joined} WHERE {where.text}""",
        [*parameters, *where.params],
    )


def dress(actor: Actor, project: Project, found: Sequence[tuple[Any, ...]], fields: Fields) -> list[dict[str, Any]]:
    """Tasks as clients read them, with everything that other tables know of them: at most 3 more statements."""
    ids = [row[0] for row in found]
    annotations = _annotations(ids, whole=fields.whole and fields.has("annotations")) if fields.wants(FROM_ANNOTATIONS) else {}
    predictions = _predictions(ids, project, whole=fields.whole and fields.has("predictions")) if fields.wants(FROM_PREDICTIONS) else {}
    drafts = _drafts(ids, actor, whole=fields.whole) if fields.wants(FROM_DRAFTS) else {}
    tasks = []
    for row in found:
        made, guessed = annotations.get(row[0], NOTHING), predictions.get(row[0], NOTHING)
        task = {
            **_task(row, project, resolve=fields.resolve),
            **_columns(bool(row[5]), made, guessed, fields),
            "draft_exists": row[0] in drafts,
            "drafts": drafts.get(row[0], []),
            **dict(zip(MORE, row[OWN_COLUMNS:], strict=True)),
        }
        if fields.whole:
            task |= {"annotations": made.shown, "predictions": guessed.shown}
        tasks.append(task if fields.only is None else {key: value for key, value in task.items() if key in fields.only})
    return tasks


def _task(row: tuple[Any, ...], project: Project, *, resolve: bool) -> dict[str, Any]:
    (
        task_id,
        data,
        meta,
        created_at,
        updated_at,
        is_labeled,
        overlap,
        inner_id,
        total,
        cancelled,
        predicted,
        updated_by,
        file,
        *commented,
    ) = row
    comments, unresolved, commented_at, commented_by = commented[: OWN_COLUMNS - 13]
    return {
        "id": task_id,
        "data": fragment(shown_data(project.pk, task_id, data) if resolve else data),
        "meta": fragment(meta),
        "created_at": created_at,
        "updated_at": updated_at,
        "is_labeled": bool(is_labeled),
        "overlap": overlap,
        "inner_id": inner_id,
        "total_annotations": total,
        "cancelled_annotations": cancelled,
        "total_predictions": predicted,
        "comment_count": comments,
        "unresolved_comment_count": unresolved,
        "last_comment_updated_at": commented_at,
        "project": project.pk,
        "updated_by": [{"user_id": updated_by}] if updated_by else [],
        "file_upload": file,
        "storage_filename": None,
        "comment_authors": fragment(commented_by),
    }


def _columns(is_labeled: bool, made: Answers, guessed: Answers, fields: Fields) -> dict[str, Any]:
    return {
        "annotators": list(dict.fromkeys(made.people)),
        "annotations_ids": ",".join(map(str, made.ids)),
        "annotations_results": preview(made.texts) if made.texts and fields.has("annotations_results") else "",
        "avg_lead_time": render.mean(made.numbers),
        "completed_at": made.latest if is_labeled else None,
        "predictions_score": render.mean(guessed.numbers),
        "predictions_model_versions": ",".join(dict.fromkeys(guessed.versions)),
        "predictions_results": preview(guessed.texts) if guessed.texts and fields.has("predictions_results") else "",
    }


def _annotations(ids: list[int], *, whole: bool) -> dict[int, Answers]:
    found: dict[int, Answers] = defaultdict(Answers)
    where = f"a.task_id IN ({_marks(ids)})"
    if whole:
        for row in render.select_annotations(where, ids):
            shown = render.annotation_json(row)
            answers = found[shown["task"]]
            answers.shown.append(shown)
            _count(answers, shown["id"], shown["completed_by"], shown["lead_time"], shown["created_at"], row[1])
        return found
    text = f"substr({json_as_text('a.result')}, 1, {READ})"
    for task, *columns in rows(
        f"SELECT a.task_id, a.id, a.completed_by_id, a.lead_time, {time_sql('a.created_at')}, {text} FROM tasks_annotation a WHERE {where} ORDER BY a.id",
        ids,
    ):
        _count(found[task], *columns)
    return found


def _count(answers: Answers, pk: int, person: int | None, lead_time: float | None, created_at: Any, text: str | None) -> None:
    answers.ids.append(pk)
    if person is not None:
        answers.people.append(person)
    answers.numbers.append(lead_time)
    answers.latest = created_at if answers.latest is None else max(answers.latest, created_at)
    answers.texts.append(text)


def _predictions(ids: list[int], project: Project, *, whole: bool) -> dict[int, Answers]:
    found: dict[int, Answers] = defaultdict(Answers)
    where = f"p.task_id IN ({_marks(ids)})"
    if whole:
        read: list[tuple[Any, ...]] = []
        for row in render.select_predictions(where, ids):
            shown = render.prediction_json(row)
            found[shown["task"]].shown.append(shown)
            read.append((shown["task"], shown["model_version"], shown["score"], row[1]))
    else:
        read = rows(
            f"SELECT p.task_id, p.model_version, p.score, substr({json_as_text('p.result')}, 1, {READ}) FROM tasks_prediction p WHERE {where} ORDER BY p.id",
            ids,
        )
    for task, version, score, text in read:
        answers = found[task]
        answers.versions.append(version or "")
        if not project.model_version or version == project.model_version:
            answers.numbers.append(score)
        answers.texts.append(text)
    return found


def _drafts(ids: list[int], actor: Actor, *, whole: bool) -> dict[int, list[dict[str, Any]]]:
    """{task: the actor's own drafts} of the tasks that anybody has a draft of; without `whole` the lists are empty."""
    where = f"d.task_id IN ({_marks(ids)})"
    if not whole:
        return {task: [] for (task,) in rows(f"SELECT DISTINCT d.task_id FROM tasks_draft d WHERE {where}", ids)}
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in render.select_drafts(where, ids):
        mine = found[row[8]]
        if row[1] == actor.user_id:
            mine.append(render.draft_json(row))
    return found


def _marks(ids: list[int]) -> str:
    return ", ".join(["%s"] * len(ids)) or "NULL"
