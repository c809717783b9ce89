"""Background work on projects."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connection, models

from core.jobs.registry import JobKind, register
from core.jobs.run import JobRun
from projects.models import Project

ROWS_PER_STEP = 5_000


def purge(run: JobRun) -> dict[str, Any]:
    """Delete the rows of a deleted project, set by set, children before parents; the project's own row last."""
    project_id = run.parameters["project"]
    for table, key, column in tables_of_a_project():
        while True:
            with run.step(), connection.cursor() as cursor:
                cursor.execute(
                    f'DELETE FROM "{table}" WHERE "{key}" IN (SELECT "{key}" FROM "{table}" WHERE "{column}" = %s LIMIT {ROWS_PER_STEP})',
                    [project_id],
                )
                deleted = cursor.rowcount
                run.done += deleted
            if deleted < ROWS_PER_STEP:
                break
    with run.step():
        Project.objects.filter(pk=project_id).delete()
    return {"rows": run.done}


def tables_of_a_project() -> list[tuple[str, str, str]]:
    """(table, its primary key, column naming the project) of every model that belongs to a project, so that nothing is deleted before what refers to it."""
    owned: dict[type[models.Model], str] = {}
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.related_model is Project and not field.null:
                owned[model] = str(field.column)
    ordered: list[tuple[str, str, str]] = []
    waiting = dict(owned)
    while waiting:
        # A model may go when no other waiting model points to it with a constraint that the database checks.
        free = [
            model
            for model in waiting
            if not any(
                field.related_model is model and other is not model and getattr(field, "db_constraint", False)
                for other in waiting
                for field in other._meta.concrete_fields
            )
        ]
        if not free:
            raise RuntimeError(f"tables of a project refer to each other in a circle: {', '.join(model.__name__ for model in waiting)}")
        for model in sorted(free, key=lambda model: model._meta.db_table):
            ordered.append((model._meta.db_table, str(model._meta.pk.column), waiting.pop(model)))
    return ordered


def register_jobs() -> None:
    register(JobKind("project.purge", purge))
