"""Rows of tasks, annotations, drafts and predictions as the API shows them (§1.6-1.8), JSON columns unparsed.

`select_*` run one statement and return tuples; `*_json` make a dictionary of one. Both are for every room that shows such rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.utils.timesince import timesince

from core.database import time_sql
from core.rawjson import fragment
from tasks.addresses import shown_data
from tasks.sets import rows

Row = tuple[Any, ...]


def select_tasks(where: str, params: Sequence[Any], *, order: str = "t.id", joined: str = "") -> list[Row]:
    return rows(
        f"""SELECT t.id, t.data, t.meta, {time_sql("t.created_at")}, {time_sql("t.updated_at")}, t.is_labeled, t.overlap, t.inner_id,
                   t.total_annotations, t.cancelled_annotations, t.total_predictions, t.project_id, t.updated_by_id, t.file_upload_id,
                   t.comment_count, t.unresolved_comment_count, {time_sql("t.last_comment_updated_at")}, t.comment_authors
            FROM tasks_task t {joined} WHERE {where} ORDER BY {order}""",
        params,
    )


def task_json(row: Row, *, resolve: bool = True) -> dict[str, Any]:
    """A task alone (BaseTask). Without `resolve` its data is as it came, with addresses of storages as they are."""
    (
        pk,
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
        project,
        updated_by,
        file_upload,
        comments,
        unresolved,
        commented_at,
        commented_by,
    ) = row
    return {
        "id": pk,
        "data": fragment(shown_data(project, pk, data) if resolve else data),
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
        "project": project,
        "updated_by": updated_by,
        "file_upload": file_upload,
        "comment_authors": fragment(commented_by),
    }


def select_annotations(where: str, params: Sequence[Any], *, order: str = "a.id") -> list[Row]:
    return rows(
        f"""SELECT a.id, a.result, a.completed_by_id, a.was_cancelled, a.ground_truth, {time_sql("a.created_at")}, {time_sql("a.updated_at")},
                   {time_sql("a.draft_created_at")}, a.lead_time, a.import_id, a.last_action, a.bulk_created, a.task_id, a.project_id, a.updated_by_id,
                   a.parent_prediction_id, a.parent_annotation_id, u.first_name, u.last_name, u.email, u.avatar
            FROM tasks_annotation a LEFT JOIN users_user u ON u.id = a.completed_by_id WHERE {where} ORDER BY {order}""",
        params,
    )


def annotation_json(row: Row, *, person: bool = False) -> dict[str, Any]:
    """An annotation; with `person`, `completed_by` is an object (as in the details of a task), else an id."""
    (pk, result, by, cancelled, truth, created_at, updated_at, drafted_at, lead_time, import_id, action, bulk, task, project, updated_by, prediction,
     parent, first, last, email, avatar) = row  # fmt: skip
    return {
        "id": pk,
        "result": fragment(result),
        "created_username": username(first, last, email, by),
        "created_ago": ago(created_at),
        "completed_by": person_json(by, first, last, email, avatar) if person and by else by,
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
        "project": project,
        "updated_by": updated_by,
        "parent_prediction": prediction,
        "parent_annotation": parent,
        "last_created_by": None,
    }


def select_drafts(where: str, params: Sequence[Any], *, order: str = "d.id") -> list[Row]:
    return rows(
        f"""SELECT d.id, d.user_id, d.result, d.lead_time, d.was_postponed, d.import_id, {time_sql("d.created_at")}, {time_sql("d.updated_at")},
                   d.task_id, d.annotation_id, d.project_id, u.first_name, u.last_name, u.email
            FROM tasks_draft d JOIN users_user u ON u.id = d.user_id WHERE {where} ORDER BY {order}""",
        params,
    )


def draft_json(row: Row) -> dict[str, Any]:
    pk, user, result, lead_time, postponed, import_id, created_at, updated_at, task, annotation, project, first, last, email = row
    return {
        "id": pk,
        "user": email,
        "created_username": username(first, last, email, user),
        "created_ago": ago(created_at),
        "result": fragment(result),
        "lead_time": lead_time,
        "was_postponed": bool(postponed),
        "import_id": import_id,
        "created_at": created_at,
        "updated_at": updated_at,
        "task": task,
        "annotation": annotation,
        "project": project,
    }


def select_predictions(where: str, params: Sequence[Any], *, order: str = "p.id", limit: str = "") -> list[Row]:
    return rows(
        f"""SELECT p.id, p.result, p.model_version, p.score, p.cluster, p.neighbors, p.mislabeling, {time_sql("p.created_at")}, {time_sql("p.updated_at")},
                   p.task_id, p.project_id, p.model_id
            FROM tasks_prediction p WHERE {where} ORDER BY {order} {limit}""",
        params,
    )


def prediction_json(row: Row) -> dict[str, Any]:
    pk, result, version, score, cluster, neighbors, mislabeling, created_at, updated_at, task, project, model = row
    return {
        "id": pk,
        "result": fragment(result),
        "model_version": version,
        "created_ago": ago(created_at),
        "score": score,
        "cluster": cluster,
        "neighbors": fragment(neighbors),
        "mislabeling": mislabeling,
        "created_at": created_at,
        "updated_at": updated_at,
        "model": model,
        "model_run": None,
        "task": task,
        "project": project,
    }


def person_json(pk: int, first: str, last: str, email: str, avatar: str) -> dict[str, Any]:
    from django.urls import reverse

    initials = first[0] + last[0] if first and last else (first or email)[:2]
    return {
        "id": pk,
        "first_name": first,
        "last_name": last,
        "avatar": reverse("avatar", kwargs={"name": avatar}) if avatar else None,
        "email": email,
        "initials": initials.upper(),
    }


def username(first: str | None, last: str | None, email: str | None, pk: int | None) -> str:
    """How Label Studio names who made something: ` First Last email, id`."""
    if email is None:
        return ""
    name = f"{first or ''} {last or ''}".strip()
    return f" {name} {email}, {pk}" if name else f" {email}, {pk}"


def ago(moment: Any) -> str:
    """How long ago, as `3 minutes` with a no-break space."""
    then = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return timesince(then, datetime.now(UTC))


def mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
