"""The counters of tasks and projects (§2.8 of the API), kept exact in the transaction of each change.

A task's counters are counted anew from its few annotations and predictions; a project's change by the difference between what its changed
tasks meant to it before and after. So no change costs more because a project is large.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields

from projects.models import Project
from tasks.sets import IdSet, rows, run

USEFUL = "NOT a.was_cancelled AND NOT a.ground_truth AND a.result IS NOT NULL"
# Who answered: an annotation without a person counts as one of its own.
PERSON = "COALESCE(a.completed_by_id, -a.id)"


@dataclass(slots=True)
class Numbers:
    """What some tasks add to the counters of their project; the fields are named as the columns of `Project`."""

    task_number: int = 0
    finished_task_number: int = 0
    total_annotations_number: int = 0
    useful_annotation_number: int = 0
    num_tasks_with_annotations: int = 0
    ground_truth_number: int = 0
    skipped_annotations_number: int = 0
    total_predictions_number: int = 0

    def __sub__(self, other: Numbers) -> Numbers:
        return Numbers(*(mine - theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))


NAMES = [field.name for field in fields(Numbers)]


def counts_as_answer(skip_queue: str) -> str:
    """SQL: whether annotation `a` counts towards the overlap of its task."""
    return "1 = 1" if skip_queue == Project.SkipQueue.IGNORE_SKIPPED else "NOT a.was_cancelled AND a.result IS NOT NULL"


def finished(skip_queue: str) -> str:
    """SQL: whether the task `tasks_task` has as many people's answers as it needs."""
    return f"(SELECT COUNT(DISTINCT {PERSON}) FROM tasks_annotation a WHERE a.task_id = tasks_task.id AND {counts_as_answer(skip_queue)}) >= overlap"


def numbers_of(tasks: IdSet) -> Numbers:
    """What these tasks add to their project's counters as things stand."""
    number, done, annotations, skipped, predictions = rows(
        f"""SELECT COUNT(*), SUM(CASE WHEN is_labeled THEN 1 ELSE 0 END), SUM(total_annotations), SUM(cancelled_annotations), SUM(total_predictions)
            FROM tasks_task WHERE id IN ({tasks.text})""",
        tasks.params,
    )[0]
    useful, with_useful, truths = rows(
        f"""SELECT SUM(CASE WHEN {USEFUL} THEN 1 ELSE 0 END), COUNT(DISTINCT CASE WHEN {USEFUL} THEN a.task_id END),
                   SUM(CASE WHEN a.ground_truth THEN 1 ELSE 0 END)
            FROM tasks_annotation a WHERE a.task_id IN ({tasks.text})""",
        tasks.params,
    )[0]
    return Numbers(
        task_number=number,
        finished_task_number=int(done or 0),
        total_annotations_number=int(annotations or 0),
        useful_annotation_number=int(useful or 0),
        num_tasks_with_annotations=with_useful,
        ground_truth_number=int(truths or 0),
        skipped_annotations_number=int(skipped or 0),
        total_predictions_number=int(predictions or 0),
    )


def recount_tasks(project: Project, tasks: IdSet) -> None:
    """Count the annotations and predictions of tasks anew."""
    run(
        f"""UPDATE tasks_task SET
                total_annotations = (SELECT COUNT(*) FROM tasks_annotation a WHERE a.task_id = tasks_task.id AND NOT a.was_cancelled),
                cancelled_annotations = (SELECT COUNT(*) FROM tasks_annotation a WHERE a.task_id = tasks_task.id AND a.was_cancelled),
                total_predictions = (SELECT COUNT(*) FROM tasks_prediction p WHERE p.task_id = tasks_task.id),
                is_labeled = {finished(project.skip_queue)}
            WHERE id IN ({tasks.text})""",
        tasks.params,
    )


def change_project(project_id: int, change: Numbers) -> bool:
    """Add differences to a project's counters, in one statement; False when there were none and so the project's row was not touched."""
    changed = [(name, value) for name, value in zip(NAMES, astuple(change), strict=True) if value]
    if changed:
        run(
            f"UPDATE projects_project SET {', '.join(f'{name} = {name} + %s' for name, _ in changed)} WHERE id = %s",
            [*(value for _, value in changed), project_id],
        )
    return bool(changed)


@contextmanager
def keep_counters(project: Project, tasks: IdSet) -> Iterator[None]:
    """Around a change to the annotations, predictions or overlap of tasks that the caller has locked: afterwards every counter is right."""
    before = numbers_of(tasks)
    yield
    recount_tasks(project, tasks)
    change_project(project.pk, numbers_of(tasks) - before)


def set_uncertainty(project_id: int, model_version: str | None) -> None:
    """Give each task the lowest score that predictions of this model version have for it."""
    run(
        """UPDATE tasks_task SET uncertainty = (
               SELECT MIN(p.score) FROM tasks_prediction p WHERE p.task_id = tasks_task.id AND COALESCE(p.model_version, '') = %s)
           WHERE project_id = %s AND total_predictions > 0""",
        [model_version or "", project_id],
    )
