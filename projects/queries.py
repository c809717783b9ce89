"""What reads projects. The numbers of annotations and predictions come from the tables of `tasks` by SQL: importing that room would turn the house around."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import Count, F, Max, Q, QuerySet

from core.actor import Actor
from core.errors import Refused, invalid, not_found
from core.rawjson import read_json
from projects.configs import parsed
from projects.models import LabelConfigVersion, Project, ProjectMember, ResultCount

if TYPE_CHECKING:
    from labeling import Config

ORDERINGS = {
    "id",
    "title",
    "created_at",
    "updated_at",
    "pinned_at",
    "task_number",
    "finished_task_number",
}


@dataclass(frozen=True)
class Filters:
    """How a list of projects is narrowed and ordered (§1.5 of the API)."""

    ids: Sequence[int] | None = None
    title: str = ""
    pinned: bool | None = None
    archived: bool | None = None
    ordering: str = ""


def list_projects(actor: Actor, filters: Filters) -> QuerySet[Project]:
    """Pinned first, then newest first, unless `ordering` says otherwise. Raises 400 for an unknown ordering."""
    rows = Project.objects.visible_to(actor).select_related("created_by")
    if filters.ids is not None:
        rows = rows.filter(pk__in=filters.ids)
    if filters.title:
        rows = rows.filter(title__icontains=filters.title)
    if filters.pinned is not None:
        rows = rows.filter(pinned_at__isnull=not filters.pinned)
    if filters.archived is not None:
        rows = rows.filter(archived_at__isnull=not filters.archived)
    if filters.ordering:
        keys = []
        for name in filters.ordering.split(","):
            column = name.strip().lstrip("-")
            if column not in ORDERINGS:
                raise invalid(ordering=f"Projects cannot be ordered by {column}. Use one of: {', '.join(sorted(ORDERINGS))}.")
            keys.append(F(column).desc(nulls_last=True) if name.strip().startswith("-") else F(column).asc(nulls_last=True))
        return rows.order_by(*keys, "-pk")
    return rows.order_by(F("pinned_at").desc(nulls_last=True), "-created_at", "-pk")


def get_project(actor: Actor, project_id: int) -> Project:
    """Raises 404 for a project that is not there or not the actor's to see."""
    project = Project.objects.visible_to(actor).select_related("created_by").filter(pk=project_id).first()
    if project is None:
        raise not_found()
    return project


def config_of(project: Project) -> Config:
    """The project's parsed labeling config (cached by its text)."""
    return parsed(project.label_config)


@dataclass(frozen=True)
class QueueNumbers:
    """`total`: tasks still open plus those I have annotated; `done`: those I have annotated."""

    total: int
    done: int


def queue_numbers(actor: Actor, projects: Sequence[Project]) -> dict[int, QueueNumbers]:
    """The actor's own progress in each project, in one statement."""
    if not projects:
        return {}
    marks = ", ".join(["%s"] * len(projects))
    sql = f"""
        SELECT t.project_id,
               COUNT(*) AS mine,
               SUM(CASE WHEN t.is_labeled THEN 1 ELSE 0 END) AS mine_finished,
               SUM(CASE WHEN a.answered > 0 THEN 1 ELSE 0 END) AS mine_answered
        FROM (SELECT task_id, SUM(CASE WHEN was_cancelled THEN 0 ELSE 1 END) AS answered FROM tasks_annotation
              WHERE project_id IN ({marks}) AND completed_by_id = %s GROUP BY task_id) a
        JOIN tasks_task t ON t.id = a.task_id
        GROUP BY t.project_id"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [*(project.pk for project in projects), actor.user_id])
        rows = {row[0]: row[1:] for row in cursor.fetchall()}
    numbers = {}
    for project in projects:
        mine, finished, answered = rows.get(project.pk, (0, 0, 0))
        done = answered if project.skip_queue == Project.SkipQueue.REQUEUE_FOR_ME else mine
        numbers[project.pk] = QueueNumbers(
            total=project.task_number - project.finished_task_number + int(finished or 0),
            done=int(done or 0),
        )
    return numbers


def summary(project: Project) -> dict[str, Any]:
    """Label Studio's project summary, from counters that operations keep: never drifts, never scans."""
    columns: dict[str, int] = read_json(project.data_columns)
    created_annotations: dict[str, int] = {}
    labels: dict[str, dict[str, int]] = {}
    draft_labels: dict[str, dict[str, int]] = {}
    for row in ResultCount.objects.filter(project=project).order_by("from_name", "to_name", "type", "label"):
        if row.label == "":
            if row.annotations:
                created_annotations[f"{row.from_name}|{row.to_name}|{row.type}"] = row.annotations
            continue
        if row.annotations:
            named = labels.setdefault(row.from_name, {})
            named[row.label] = named.get(row.label, 0) + row.annotations
        if row.drafts:
            named = draft_labels.setdefault(row.from_name, {})
            named[row.label] = named.get(row.label, 0) + row.drafts
    return {
        "project": project.pk,
        "created_at": project.created_at,
        "all_data_columns": columns,
        "common_data_columns": sorted(key for key, count in columns.items() if count >= project.task_number > 0),
        "created_annotations": created_annotations,
        "created_labels": labels,
        "created_labels_drafts": draft_labels,
    }


def used_results(
    project: Project,
) -> tuple[list[tuple[str, str, str, int]], dict[str, dict[str, int]]]:
    """([(from_name, to_name, type, count)], {from_name: {label: count}}) over annotations and drafts."""
    triples: list[tuple[str, str, str, int]] = []
    labels: dict[str, dict[str, int]] = {}
    for row in ResultCount.objects.filter(project=project).filter(Q(annotations__gt=0) | Q(drafts__gt=0)):
        count = row.annotations + row.drafts
        if row.label == "":
            triples.append((row.from_name, row.to_name, row.type, count))
        else:
            named = labels.setdefault(row.from_name, {})
            named[row.label] = named.get(row.label, 0) + count
    return triples, labels


def labels_still_used(project: Project, lost: list[tuple[str, str]]) -> list[str]:
    """One sentence in Label Studio's words for each control of `lost`, (from_name, label) of labels that a new config would drop."""
    counts: dict[tuple[str, str], list[int]] = {label: [0, 0] for label in lost}
    for row in ResultCount.objects.filter(project=project, from_name__in={name for name, _ in lost}).exclude(label=""):
        if (found := counts.get((row.from_name, row.label))) is not None:
            found[0] += row.annotations
            found[1] += row.drafts
    lines: dict[str, list[str]] = {}
    for (from_name, label), found in counts.items():
        spoken = [f"{count} {kind}{'s' if count > 1 else ''}" for count, kind in zip(found, ("annotation", "draft"), strict=True) if count]
        lines.setdefault(from_name, []).append(f"{label} ({', '.join(spoken)})\n")
    return [
        f'These labels still exist in annotations or drafts:\n{"".join(said)}Please add labels to tag with name="{from_name}".'
        for from_name, said in lines.items()
    ]


def model_versions(project: Project) -> list[dict[str, Any]]:
    """[{model_version, count, latest}] of the project's predictions, newest first."""
    rows = project.predictions.values("model_version").annotate(count=Count("pk"), latest=Max("created_at")).order_by("-latest")
    return [{**row, "model_version": row["model_version"] or ""} for row in rows]


def annotators(project: Project) -> list[Any]:
    """The users who have completed annotations in the project. Hops from person to person in the index, however many annotations there are."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH RECURSIVE person(id) AS (
                SELECT MIN(completed_by_id) FROM tasks_annotation WHERE project_id = %s
                UNION ALL
                SELECT (SELECT MIN(completed_by_id) FROM tasks_annotation WHERE project_id = %s AND completed_by_id > person.id)
                FROM person WHERE person.id IS NOT NULL
            )
            SELECT id FROM person WHERE id IS NOT NULL""",
            [project.pk, project.pk],
        )
        ids = [row[0] for row in cursor.fetchall()]
    return list(get_user_model().objects.filter(pk__in=ids).order_by("pk"))


def members(project: Project) -> QuerySet[ProjectMember]:
    return ProjectMember.objects.filter(project=project).select_related("user").order_by("pk")


def config_versions(project: Project) -> QuerySet[LabelConfigVersion]:
    return LabelConfigVersion.objects.filter(project=project).order_by("-version")


def project_named(said: str) -> Project:
    """A project by its number, else by its title, for the command line. Raises `Refused` (404) when there is none, or more than one of that title."""
    there = Project.objects.filter(deleted_at=None)
    if said.isdecimal() and (found := there.filter(pk=int(said) if len(said) < 19 else 0).first()):
        return found
    titled = list(there.filter(title=said).order_by("pk")[:2])
    if not titled:
        raise Refused(f"There is no project {said}.", 404)
    if len(titled) > 1:
        raise Refused(f'There are several projects "{said}": name one by its number, like {titled[0].pk}.', 404)
    return titled[0]
