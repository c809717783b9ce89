"""Where the queue looks for a task, as SQL (§2.1 and §2.2 of the API).

A *walk* is a bounded piece of an index: its first `WINDOW` open tasks in some order. All walks of a project make one statement, in order of
preference, so that asking costs the same whether a project has ten tasks or a million, and whether the asker has done none or half of them. Only
when no walk finds anything is every open task looked at (`remaining`), without a lock.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from django.db import connection

from projects.models import Project
from tasks.counters import PERSON

WINDOW = 50
TRUTHS = 2_000  # ground truths looked at for one that is still open
ATTEMPTS = 20  # of the tasks that remain, how many are tried

TASK_COLUMNS = """t.id, t.data, t.meta, {created_at}, {updated_at}, t.is_labeled, t.overlap, t.inner_id, t.total_annotations,
                  t.cancelled_annotations, t.total_predictions, t.project_id, t.updated_by_id, t.file_upload_id,
                  t.comment_count, t.unresolved_comment_count, {commented_at}, t.comment_authors,
                  EXISTS (SELECT 1 FROM tasks_draft x WHERE x.task_id = t.id AND x.user_id = %s)"""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, in which project, when, and which task they have in hand already (`after`) and want the one behind it."""

    user_id: int
    project_id: int
    now: Any
    after: int
    skip_queue: str
    has_assignments: bool = False


@dataclass(frozen=True, slots=True)
class Walk:
    """`queue` names it in the answer. The SQL yields (id, first, second): the two numbers order tasks within the walk."""

    queue: str
    sql: str
    params: tuple[Any, ...]


def slot_free(asker: Asker) -> tuple[str, list[Any]]:
    """SQL: task `t` needs one more person than hold it or have answered it, the asker left aside."""
    counted = {
        Project.SkipQueue.REQUEUE_FOR_ME: f"NOT (a.was_cancelled AND {PERSON} = %s)",
        Project.SkipQueue.REQUEUE_FOR_OTHERS: f"NOT (a.was_cancelled AND {PERSON} <> %s)",
    }.get(Project.SkipQueue(asker.skip_queue))
    answered = f"NOT a.ground_truth AND (a.was_cancelled OR a.result IS NOT NULL) AND {counted}" if counted else "NOT a.ground_truth"
    return (
        f"""(SELECT COUNT(*) FROM (
                SELECT l.user_id FROM tasks_lease l WHERE l.task_id = t.id AND l.user_id <> %s AND l.annotation_id IS NULL AND l.expires_at > %s
                UNION SELECT {PERSON} FROM tasks_annotation a WHERE a.task_id = t.id AND {answered}) taken) < t.overlap""",
        [asker.user_id, asker.now, *([asker.user_id] if counted else [])],
    )


def fresh(asker: Asker) -> tuple[str, list[Any]]:
    """SQL: task `t` is new to the asker (nothing of theirs, not put off), not given to others only, and has a slot."""
    free, params = slot_free(asker)
    mine, whose = open_to(asker)
    return (
        f"""NOT t.is_labeled AND t.id <> %s AND {mine}
            AND NOT EXISTS (SELECT 1 FROM tasks_annotation m WHERE m.task_id = t.id AND m.completed_by_id = %s)
            AND NOT EXISTS (SELECT 1 FROM tasks_draft d WHERE d.task_id = t.id AND d.user_id = %s AND d.annotation_id IS NULL AND d.was_postponed)
            AND {free}""",
        [asker.after, *whose, asker.user_id, asker.user_id, *params],
    )


def open_to(asker: Asker) -> tuple[str, list[Any]]:
    """SQL: task `t` was given to the asker, or to nobody in particular."""
    if not asker.has_assignments:
        return "NOT t.is_assigned", []
    return "(NOT t.is_assigned OR EXISTS (SELECT 1 FROM tasks_assignment g WHERE g.task_id = t.id AND g.user_id = %s))", [asker.user_id]


def walks(project: Project, asker: Asker) -> list[Walk]:
    """Where to look, best first."""
    pk = project.pk
    found: list[Walk] = _assigned(pk, asker) if asker.has_assignments else []
    if project.annotator_evaluation_enabled or project.show_ground_truth_first:
        found.append(
            Walk(
                "Ground truth queue",
                f"""SELECT id, id AS first, id AS second FROM tasks_task WHERE NOT is_labeled AND NOT is_assigned AND id IN (
                        SELECT task_id FROM tasks_annotation WHERE project_id = %s AND ground_truth ORDER BY task_id LIMIT {TRUTHS})
                    ORDER BY id LIMIT {WINDOW}""",
                (pk,),
            )
        )
    if project.show_overlap_first:
        found += _shared(project)
    if project.maximum_annotations > 1:
        found.append(
            _walk("Breadth first queue", "total_annotations > 0", (), "-total_annotations", "id", pk, order="total_annotations DESC, id")
        )
    if project.sampling == Project.Sampling.UNCERTAINTY:
        found += _uncertain(pk, asker)
    if project.sampling == Project.Sampling.SEQUENTIAL:
        found += _in_order(pk, asker)
    else:
        start = random.random()
        found.append(_walk("Uniform sampling queue", "sampling_key >= %s", (start,), "sampling_key", "id", pk))
        found.append(_walk("Uniform sampling queue", "sampling_key < %s", (start,), "sampling_key", "id", pk))
    return found


def _assigned(pk: int, asker: Asker) -> list[Walk]:
    """What was given to the asker: from its beginning, and behind the task they answered last."""
    last, params = _last_answered(asker)
    sql = (
        "SELECT task_id AS id, task_id AS first, task_id AS second FROM tasks_assignment"
        f" WHERE project_id = %s AND user_id = %s AND task_id > {{}} ORDER BY project_id, user_id, task_id LIMIT {WINDOW}"
    )
    who = (pk, asker.user_id)
    return [Walk("Assigned queue", sql.format(0), who), Walk("Assigned queue", sql.format(last), (*who, *params))]


def _walk(queue: str, condition: str, params: tuple[Any, ...], first: str, second: str, project_id: int, *, order: str = "") -> Walk:
    return Walk(
        queue,
        f"""SELECT id, {first} AS first, {second} AS second FROM tasks_task
            WHERE project_id = %s AND NOT is_labeled AND NOT is_assigned AND {condition} ORDER BY {order or first} LIMIT {WINDOW}""",
        (project_id, *params),
    )


def _by_id(queue: str, project_id: int, *, after: str = "0", params: tuple[Any, ...] = (), condition: str = "1 = 1") -> Walk:
    """Open tasks behind the id `after` (SQL with `params`).

    PostgreSQL would rather read the primary key and pass over what is done, which is half a project for one who has done half of it. An order
    that only the index over (project, id) of open tasks has leaves it no choice.
    """
    if connection.vendor == "postgresql":
        where, order, values = f"(project_id, id) > (%s, {after}) AND project_id <= %s", "project_id, id", (project_id, *params, project_id)
    else:
        where, order, values = f"project_id = %s AND id > {after}", "id", (project_id, *params)
    return Walk(
        queue,
        f"SELECT id, id AS first, id AS second FROM tasks_task WHERE {where} AND NOT is_labeled AND NOT is_assigned AND {condition} ORDER BY {order} LIMIT {WINDOW}",
        values,
    )


def _last_answered(asker: Asker) -> tuple[str, tuple[Any, ...]]:
    """SQL: the task that the asker answered last. Who has answered half of a project finds nothing at its beginning."""
    who = (asker.project_id, asker.user_id)
    if connection.vendor == "postgresql":
        return (
            """(SELECT task_id FROM tasks_annotation
                WHERE (project_id, completed_by_id) >= (%s, %s) AND (project_id, completed_by_id) <= (%s, %s)
                ORDER BY project_id DESC, completed_by_id DESC, id DESC LIMIT 1)""",
            (*who, *who),
        )
    return "(SELECT task_id FROM tasks_annotation WHERE project_id = %s AND completed_by_id = %s ORDER BY id DESC LIMIT 1)", who


def _in_order(pk: int, asker: Asker) -> list[Walk]:
    last, params = _last_answered(asker)
    return [_by_id("Sequence queue", pk), _by_id("Sequence queue", pk, after=last, params=params)]


def _uncertain(pk: int, asker: Asker) -> list[Walk]:
    last, params = _last_answered(asker)
    behind = f"uncertainty IS NOT NULL AND uncertainty >= (SELECT uncertainty FROM tasks_task WHERE id = {last})"
    return [
        _walk("Active learning queue", "uncertainty IS NOT NULL", (), "uncertainty", "id", pk),
        _walk("Active learning queue", behind, params, "uncertainty", "id", pk),
    ]


def _shared(project: Project) -> list[Walk]:
    """Tasks that several people answer: in order, or for the other samplings from a random one on."""
    pk = project.pk
    everything = _by_id("Overlap first queue", pk, condition="overlap > 1")
    if project.sampling == Project.Sampling.SEQUENTIAL:
        return [everything]
    edge = "(SELECT id FROM tasks_task WHERE project_id = %s AND NOT is_labeled AND NOT is_assigned AND overlap > 1 ORDER BY project_id {0}, id {0} LIMIT 1)"
    low, high = edge.format("ASC"), edge.format("DESC")
    start = f"{low} - 1 + CAST(%s * ({high} - {low}) AS bigint)"
    params = (pk, random.random(), pk, pk)
    return [_by_id("Overlap first queue", pk, after=start, params=params, condition="overlap > 1"), everything]


def choose(found: list[Walk], asker: Asker, columns: str) -> tuple[str, list[Any]]:
    """One statement that yields (number of the walk, `columns` of `t`, with the asker's id as their parameter) of the first task in the walks that
    the asker may have.

    PostgreSQL locks it and passes over tasks that others have locked at the moment.
    """
    condition, condition_params = fresh(asker)
    union = " UNION ALL ".join(
        f"SELECT {number} AS walk, id, first, second FROM ({walk.sql}) AS walk{number}" for number, walk in enumerate(found)
    )
    params: list[Any] = [value for walk in found for value in walk.params]
    if connection.vendor == "postgresql":
        order, lock = "ORDER BY w.walk, w.first, w.second", "FOR UPDATE OF t SKIP LOCKED"
    else:
        # The walks come one after the other, each in its order, and reading stops at the first task that fits: sorting would judge them all.
        order, lock = "", ""
    return (
        f"SELECT w.walk, {columns} FROM ({union}) AS w CROSS JOIN tasks_task t WHERE t.id = w.id AND {condition} {order} LIMIT 1 {lock}",
        [asker.user_id, *params, *condition_params],
    )


def remaining(asker: Asker) -> tuple[str, list[Any]]:
    """Some of the tasks that the asker may have, wherever they stand. Looks at every open task when there is none."""
    condition, params = fresh(asker)
    return (
        f"SELECT t.id FROM tasks_task t WHERE t.project_id = %s AND NOT t.is_assigned AND {condition} ORDER BY t.id LIMIT {ATTEMPTS}",
        [asker.project_id, *params],
    )


def remaining_assigned(asker: Asker) -> tuple[str, list[Any]]:
    """As `remaining`, of the tasks that were given to the asker."""
    condition, params = fresh(asker)
    return (
        f"""SELECT t.id FROM tasks_assignment s JOIN tasks_task t ON t.id = s.task_id
            WHERE s.project_id = %s AND s.user_id = %s AND {condition} ORDER BY t.id LIMIT {ATTEMPTS}""",
        [asker.project_id, asker.user_id, *params],
    )


def among(asker: Asker, where: tuple[str, tuple[Any, ...]], order: tuple[str, tuple[Any, ...]]) -> tuple[str, list[Any]]:
    """Of a selection of tasks, the first ones that the asker may have."""
    condition, params = fresh(asker)
    return (
        f"SELECT t.id FROM tasks_task t WHERE t.project_id = %s AND {condition} AND {where[0]} ORDER BY {order[0]} LIMIT {ATTEMPTS}",
        [asker.project_id, *params, *where[1], *order[1]],
    )


def postponed(asker: Asker) -> tuple[str, list[Any]]:
    """Tasks that the asker put off, oldest first."""
    free, params = slot_free(asker)
    mine, whose = open_to(asker)
    return (
        f"""SELECT t.id FROM tasks_draft d JOIN tasks_task t ON t.id = d.task_id
            WHERE d.project_id = %s AND d.user_id = %s AND d.annotation_id IS NULL AND d.was_postponed AND NOT t.is_labeled AND t.id <> %s AND {mine}
              AND NOT EXISTS (SELECT 1 FROM tasks_annotation m WHERE m.task_id = t.id AND m.completed_by_id = %s) AND {free}
            ORDER BY d.updated_at, d.id LIMIT {ATTEMPTS}""",
        [asker.project_id, asker.user_id, asker.after, *whose, asker.user_id, *params],
    )


def skipped(asker: Asker) -> tuple[str, list[Any]]:
    """Tasks that the asker skipped and has not answered since, the longest ago first."""
    free, params = slot_free(asker)
    mine, whose = open_to(asker)
    return (
        f"""SELECT t.id FROM (
                SELECT task_id, MAX(id) AS last FROM tasks_annotation WHERE project_id = %s AND completed_by_id = %s
                GROUP BY task_id HAVING SUM(CASE WHEN was_cancelled THEN 0 ELSE 1 END) = 0) m
            JOIN tasks_task t ON t.id = m.task_id WHERE NOT t.is_labeled AND t.id <> %s AND {mine} AND {free}
            ORDER BY m.last LIMIT {ATTEMPTS}""",
        [asker.project_id, asker.user_id, asker.after, *whose, *params],
    )
