"""Rows of tasks as the data page and `/api/tasks` show them (§1.6 of the API): raw SQL in, dictionaries with raw JSON out."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils.timesince import timesince

from core.actor import Actor
from core.database import time_sql
from core.rawjson import fragment
from data_manager.sql import Sql, json_as_text

if TYPE_CHECKING:
    from projects.models import Project

PREVIEW = 500  # characters of results in a row
READ = 1_000  # characters of each result that are read for it

FROM_ANNOTATIONS = frozenset({"annotations", "annotators", "annotations_ids", "annotations_results", "avg_lead_time", "completed_at"})
FROM_PREDICTIONS = frozenset({"predictions", "predictions_score", "predictions_model_versions", "predictions_results"})
FROM_DRAFTS = frozenset({"drafts", "draft_exists"})


@dataclass(frozen=True)
class Fields:
    """What of a task is asked for. `whole`: with its annotations, predictions and the actor's drafts. `only`: these keys and no others."""

    whole: bool = False
    only: frozenset[str] | None = None

    def wants(self, names: frozenset[str]) -> bool:
        return self.only is None or bool(self.only & names)

    def has(self, name: str) -> bool:
        return self.only is None or name in self.only


def select_tasks(project: Project, where: Sql, fields: Fields) -> list[tuple[Any, ...]]:
    data = "t.data" if fields.has("data") else "NULL"
    file = "substr(f.file, %s)" if fields.has("file_upload") else "NULL"
    parameters = [len(f"upload/{project.pk}/") + 1] if fields.has("file_upload") else []
    joined = "LEFT JOIN data_import_fileupload f ON f.id = t.file_upload_id" if fields.has("file_upload") else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT t.id, {data}, t.meta, {time_sql("t.created_at")}, {time_sql("t.updated_at")}, t.is_labeled, t.overlap, t.inner_id,
                       t.total_annotations, t.cancelled_annotations, t.total_predictions, t.updated_by_id, {file}
                FROM tasks_task t {joined} WHERE {where.text}""",
            [*parameters, *where.params],
        )
        return cursor.fetchall()


def dress(actor: Actor, project: Project, found: list[tuple[Any, ...]], fields: Fields) -> list[dict[str, Any]]:
    """Tasks as clients read them, with everything that other tables know of them: at most 3 more statements."""
    ids = [row[0] for row in found]
    annotations = _annotations(ids, project, whole=fields.whole and fields.has("annotations")) if fields.wants(FROM_ANNOTATIONS) else {}
    predictions = _predictions(ids, project, whole=fields.whole and fields.has("predictions")) if fields.wants(FROM_PREDICTIONS) else {}
    drafts = _drafts(ids, actor, project) if fields.wants(FROM_DRAFTS) else {}
    tasks = []
    for row in found:
        task_id, data, meta, created_at, updated_at, is_labeled, overlap, inner_id, total, cancelled, predicted, updated_by, file = row
        made, guessed = annotations.get(task_id, []), predictions.get(task_id, [])
        drafted, mine = drafts.get(task_id, (False, []))
        task: dict[str, Any] = {
            "id": task_id,
            "data": fragment(data),
            "meta": fragment(meta),
            "created_at": created_at,
            "updated_at": updated_at,
            "is_labeled": bool(is_labeled),
            "overlap": overlap,
            "inner_id": inner_id,
            "total_annotations": total,
            "cancelled_annotations": cancelled,
            "total_predictions": predicted,
            "comment_count": 0,
            "unresolved_comment_count": 0,
            "last_comment_updated_at": None,
            "project": project.pk,
            "updated_by": [{"user_id": updated_by}] if updated_by else [],
            "file_upload": file,
            "storage_filename": None,
            "comment_authors": [],
            "annotators": list(dict.fromkeys(item["completed_by"] for item in made if item["completed_by"])),
            "annotations_ids": ",".join(str(item["id"]) for item in made),
            "annotations_results": preview([item["text"] for item in made]),
            "avg_lead_time": _mean([item["lead_time"] for item in made]),
            "completed_at": max((item["created_at"] for item in made), default=None) if is_labeled else None,
            "predictions_score": _mean([item["score"] for item in guessed if not project.model_version or item["model_version"] == project.model_version]),
            "predictions_model_versions": ",".join(dict.fromkeys(item["model_version"] or "" for item in guessed)),
            "predictions_results": preview([item["text"] for item in guessed]),
            "draft_exists": drafted,
            "drafts": mine if fields.whole else [],
        }
        if fields.whole:
            task["annotations"] = [{key: value for key, value in item.items() if key != "text"} for item in made]
            task["predictions"] = [{key: value for key, value in item.items() if key != "text"} for item in guessed]
        if fields.only is not None:
            task = {key: value for key, value in task.items() if key in fields.only}
        tasks.append(task)
    return tasks


def _annotations(ids: list[int], project: Project, *, whole: bool) -> dict[int, list[dict[str, Any]]]:
    result = json_as_text("a.result")
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    with connection.cursor() as cursor:
        if not whole:
            cursor.execute(
                f"""SELECT a.task_id, a.id, a.completed_by_id, a.lead_time, {time_sql("a.created_at")}, substr({result}, 1, {READ})
                    FROM tasks_annotation a WHERE a.task_id IN ({_marks(ids)}) ORDER BY a.id""",
                ids,
            )
            for task, pk, completed_by, lead_time, created_at, text in cursor.fetchall():
                found[task].append({"id": pk, "completed_by": completed_by, "lead_time": lead_time, "created_at": created_at, "text": text})
            return found
        cursor.execute(
            f"""SELECT a.task_id, a.id, {result}, a.completed_by_id, a.was_cancelled, a.ground_truth, {time_sql("a.created_at")}, {time_sql("a.updated_at")},
                       {time_sql("a.draft_created_at")}, a.lead_time, a.import_id, a.last_action, a.bulk_created, a.updated_by_id, a.parent_prediction_id,
                       a.parent_annotation_id, u.first_name, u.last_name, u.email
                FROM tasks_annotation a LEFT JOIN users_user u ON u.id = a.completed_by_id WHERE a.task_id IN ({_marks(ids)}) ORDER BY a.id""",
            ids,
        )
        for row in cursor.fetchall():
            task, pk, text, completed_by, cancelled, truth, created_at, updated_at, drafted_at, lead_time, import_id, action, bulk, updated_by, prediction, parent = row[:16]
            found[task].append(
                {
                    "id": pk,
                    "result": fragment(text),
                    "created_username": _username(row[16], row[17], row[18], completed_by),
                    "created_ago": _ago(created_at),
                    "completed_by": completed_by,
                    "was_cancelled": bool(cancelled),
                    "ground_truth": bool(truth),
                    "created_at": created_at,
                    "updated_at": updated_at,
                    "draft_created_at": drafted_at,
                    "lead_time": lead_time,
                    "import_id": import_id,
                    "last_action": action,
                    "bulk_created": bool(bulk),
                    "task": task,
                    "project": project.pk,
                    "updated_by": updated_by,
                    "parent_prediction": prediction,
                    "parent_annotation": parent,
                    "last_created_by": None,
                    "text": (text or "")[:READ],
                }
            )
    return found


def _predictions(ids: list[int], project: Project, *, whole: bool) -> dict[int, list[dict[str, Any]]]:
    result = json_as_text("p.result")
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    with connection.cursor() as cursor:
        if not whole:
            cursor.execute(
                f"SELECT p.task_id, p.model_version, p.score, substr({result}, 1, {READ}) FROM tasks_prediction p WHERE p.task_id IN ({_marks(ids)}) ORDER BY p.id", ids
            )
            for task, version, score, text in cursor.fetchall():
                found[task].append({"model_version": version, "score": score, "text": text})
            return found
        cursor.execute(
            f"""SELECT p.task_id, p.id, {result}, p.model_version, p.score, p.cluster, {json_as_text("p.neighbors")}, p.mislabeling,
                       {time_sql("p.created_at")}, {time_sql("p.updated_at")}
                FROM tasks_prediction p WHERE p.task_id IN ({_marks(ids)}) ORDER BY p.id""",
            ids,
        )
        for task, pk, text, version, score, cluster, neighbors, mislabeling, created_at, updated_at in cursor.fetchall():
            found[task].append(
                {
                    "id": pk,
                    "result": fragment(text),
                    "model_version": version,
                    "created_ago": _ago(created_at),
                    "score": score,
                    "cluster": cluster,
                    "neighbors": fragment(neighbors),
                    "mislabeling": mislabeling,
                    "created_at": created_at,
                    "updated_at": updated_at,
                    "model": None,
                    "model_run": None,
                    "task": task,
                    "project": project.pk,
                    "text": text[:READ],
                }
            )
    return found


def _drafts(ids: list[int], actor: Actor, project: Project) -> dict[int, tuple[bool, list[dict[str, Any]]]]:
    """{task: (whether anybody has a draft, the actor's own drafts)}."""
    found: dict[int, tuple[bool, list[dict[str, Any]]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT d.task_id, d.user_id, d.id, CASE WHEN d.user_id = %s THEN {json_as_text("d.result")} END, d.lead_time, d.was_postponed, d.import_id,
                       {time_sql("d.created_at")}, {time_sql("d.updated_at")}, d.annotation_id, u.first_name, u.last_name, u.email
                FROM tasks_draft d JOIN users_user u ON u.id = d.user_id WHERE d.task_id IN ({_marks(ids)}) ORDER BY d.id""",
            [actor.user_id, *ids],
        )
        for task, user, pk, result, lead_time, postponed, import_id, created_at, updated_at, annotation, first, last, email in cursor.fetchall():
            _any, mine = found.setdefault(task, (True, []))
            if user == actor.user_id:
                mine.append(
                    {
                        "id": pk,
                        "user": email,
                        "created_username": _username(first, last, email, user),
                        "created_ago": _ago(created_at),
                        "result": fragment(result),
                        "lead_time": lead_time,
                        "was_postponed": bool(postponed),
                        "import_id": import_id,
                        "created_at": created_at,
                        "updated_at": updated_at,
                        "task": task,
                        "annotation": annotation,
                        "project": project.pk,
                    }
                )
    return found


_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"?|([,:])|([^",:]+)')
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "", "f": ""}


def preview(texts: list[str | None]) -> str:
    """The beginning of some results as one line to read: their JSON, one after the other, without quotation marks."""
    raw = ",".join(text or "null" for text in texts)[:READ]

    def plain(match: re.Match[str]) -> str:
        if match[1] is not None:
            return re.sub(r"\\(u([0-9a-fA-F]{4})|.)", lambda escape: chr(int(escape[2], 16)) if escape[2] else _ESCAPES.get(escape[1], escape[1]), match[1])
        return f"{match[2]} " if match[2] else match[3].strip()

    line = _TOKEN.sub(plain, raw)[:PREVIEW]
    return line.encode("utf-8", "ignore").decode()  # half of a surrogate pair, where the text was cut


def _mean(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _username(first: str | None, last: str | None, email: str | None, pk: int | None) -> str:
    return f" {first} {last} {email}, {pk}" if first or last else f" {email}, {pk}" if email else ""


def _ago(moment: Any) -> str:
    then = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return timesince(then, datetime.now(UTC))


def _marks(ids: list[int]) -> str:
    return ", ".join(["%s"] * len(ids)) or "NULL"
