"""What only pages need to know: who works on a project, what is mine to do, how much I did today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection
from django.utils import timezone

from core.actor import Actor
from core.database import column_time
from projects.models import Project
from projects.queries import QueueNumbers, queue_numbers

# Counting stops here: who labels more than this in a day sees this number.
MOST_PER_DAY = 5_000


@dataclass(frozen=True)
class ProjectRow:
    """A project as lists show it."""

    project: Project
    queue: QueueNumbers
    people: list[Any]

    @property
    def to_do(self) -> int:
        """Tasks that wait for the person who looks."""
        return max(0, self.queue.total - self.queue.done)


def project_rows(actor: Actor, projects: Sequence[Project]) -> list[ProjectRow]:
    """Three statements, however many projects."""
    numbers = queue_numbers(actor, projects)
    people = people_of(projects)
    return [ProjectRow(project, numbers[project.pk], people.get(project.pk, [])) for project in projects]


def people_of(projects: Sequence[Project]) -> dict[int, list[Any]]:
    """project id -> who has labelled in it. Hops from person to person in the index, however many annotations there are."""
    if not projects:
        return {}
    marks = ", ".join(["%s"] * len(projects))
    sql = f"""
        WITH RECURSIVE person(project_id, id) AS (
            SELECT p.id, (SELECT MIN(a.completed_by_id) FROM tasks_annotation a WHERE a.project_id = p.id)
            FROM projects_project p WHERE p.id IN ({marks})
            UNION ALL
            SELECT person.project_id,
                   (SELECT MIN(a.completed_by_id) FROM tasks_annotation a WHERE a.project_id = person.project_id AND a.completed_by_id > person.id)
            FROM person WHERE person.id IS NOT NULL
        )
        SELECT project_id, id FROM person WHERE id IS NOT NULL"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [project.pk for project in projects])
        pairs = cursor.fetchall()
    users = {user.pk: user for user in get_user_model().objects.filter(pk__in={user_id for _project, user_id in pairs})}
    found: dict[int, list[Any]] = {}
    for project_id, user_id in pairs:
        if user_id in users:
            found.setdefault(project_id, []).append(users[user_id])
    return found


def done_today(actor: Actor, project: Project) -> int:
    """How many annotations the actor has made in the project since midnight (UTC). Looks at the latest ones only."""
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT COUNT(*) FROM (
                SELECT created_at FROM tasks_annotation WHERE project_id = %s AND completed_by_id = %s ORDER BY id DESC LIMIT {MOST_PER_DAY}
            ) latest WHERE created_at >= %s""",
            [project.pk, actor.user_id, column_time(midnight)],
        )
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def projects_to_do(actor: Actor, rows: Sequence[ProjectRow]) -> list[ProjectRow]:
    """The rows with something left to label, those begun by the actor first."""
    waiting = [row for row in rows if row.to_do]
    return sorted(waiting, key=lambda row: (row.queue.done == 0, -row.project.updated_at.timestamp()))
