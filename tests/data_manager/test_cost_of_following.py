"""What follows an answer (search index, agreement) costs the same in a small project and in a large one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from core.rawjson import json_text
from data_manager.search.index import index_tasks
from projects.models import Project
from quality.operations import measure
from tasks.operations.bulk import NewAnnotation, NewTask, add_tasks
from tests.people import Person, somebody
from tests.tasks.work import mood, project_of

pytestmark = pytest.mark.django_db


def answered(person: Person, tasks: int) -> tuple[Project, list[int]]:
    project = project_of(person)
    others = [somebody("annotator", person.organization).user.pk for _ in range(2)]
    made = add_tasks(
        person.actor,
        project,
        (NewTask(json_text({"text": "a"}), annotations=[NewAnnotation(mood(), other) for other in others]) for _ in range(tasks)),
    )
    return project, made.task_ids


def steps_of(work: Callable[[], Any]) -> int:
    """Hundreds of steps of SQLite's machine that the statements of `work` take."""
    count = 0

    def tick() -> int:
        nonlocal count
        count += 1
        return 0

    connection.ensure_connection()
    connection.connection.set_progress_handler(tick, 100)
    try:
        with transaction.atomic():
            work()
    finally:
        connection.connection.set_progress_handler(None, 0)
    return count


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="needs SQLite")
@pytest.mark.parametrize("follow", [index_tasks, measure])
def test_ten_tasks_cost_the_same_among_many(follow: Callable[[int, list[int]], Any]) -> None:
    few, some = answered(somebody(), 20)
    many, others = answered(somebody(), 1_000)
    small = steps_of(lambda: follow(few.pk, some[:10]))
    large = steps_of(lambda: follow(many.pk, others[500:510]))
    assert large < small * 3, (small, large)
