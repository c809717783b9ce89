"""What reads agreement and the numbers of annotators."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection

from projects.models import Project, ResultCount
from projects.queries import config_of
from projects.render import user_simple
from tasks.sets import rows


def total_agreement(project: Project) -> float | None:
    """The mean over tasks of the mean over their pairs; None while no task has two answers."""
    found = rows(
        "SELECT AVG(score) FROM (SELECT AVG(score) AS score FROM quality_pair WHERE project_id = %s GROUP BY task_id) t", [project.pk]
    )
    score: float | None = found[0][0]
    return score


def label_agreement(project: Project) -> dict[str, float]:
    """{label: of the pairs of people of whom one gave the label to a task, the share of those where both did}."""
    found = rows("SELECT label, SUM(agreed), SUM(given) FROM quality_labelpairs WHERE project_id = %s GROUP BY label", [project.pk])
    return {label: int(agreed) / int(given) for label, agreed, given in sorted(found)}


def matrix(project: Project, task: int | None = None) -> dict[str, Any]:
    """`{users, IAA, common_tasks, std}`: person against person, null where two have no task in common."""
    condition, params = ("", [project.pk]) if task is None else (" AND task_id = %s", [project.pk, task])
    found = rows(
        f"SELECT first_user, second_user, AVG(score), COUNT(*) FROM quality_pair WHERE project_id = %s{condition} GROUP BY first_user, second_user",
        params,
    )
    people = sorted({user for row in found for user in row[:2]})
    place = {user: index for index, user in enumerate(people)}
    scores: list[list[float | None]] = [[None] * len(people) for _ in people]
    common = [[0] * len(people) for _ in people]
    for first, second, score, count in found:
        a, b = place[first], place[second]
        scores[a][b] = scores[b][a] = score
        common[a][b] = common[b][a] = count
    for index in range(len(people)):
        scores[index][index] = 1.0
    values = [row[2] for row in found]
    mean = sum(values) / len(values) if values else 0.0
    return {
        "users": _people(people),
        "IAA": scores,
        "common_tasks": common,
        "std": math.sqrt(sum((value - mean) ** 2 for value in values) / len(values)) if values else None,
    }


def _people(ids: Iterable[int]) -> list[dict[str, Any]]:
    listed = list(ids)
    users: dict[int, Any] = {user.pk: user_simple(user) for user in get_user_model().objects.filter(pk__in=listed)}
    return [users.get(pk) or {"id": pk} for pk in listed]


def agreement_of(project: Project, user: int | None = None) -> dict[int, float]:
    """{person: mean agreement with the others}, of everybody or one."""
    return _by_person(project, "", user)


def truth_agreement_of(project: Project, user: int | None = None) -> dict[int, float]:
    """{person: mean agreement with the ground truth of others}."""
    return _by_person(project, "truth", user)


def _by_person(project: Project, against: str, user: int | None) -> dict[int, float]:
    first = " AND second_truth" if against else ""
    second = " AND first_truth" if against else ""
    chosen_first, chosen_second, params = "", "", [project.pk]
    if user is not None:
        chosen_first, chosen_second = " AND first_user = %s", " AND second_user = %s"
        params.append(user)
    found = rows(
        f"""SELECT person, AVG(score) FROM (
                SELECT first_user AS person, score FROM quality_pair WHERE project_id = %s{chosen_first}{first}
                UNION ALL SELECT second_user, score FROM quality_pair WHERE project_id = %s{chosen_second}{second}) p
            GROUP BY person ORDER BY person""",
        [*params, *params],
    )
    return dict(found)


def finished(project: Project, user: int | None) -> dict[str, Any]:
    """How many tasks are done, of the project or by one person, and which share that is."""
    if user is None:
        done = project.finished_task_number
    else:
        done = rows(
            "SELECT COUNT(DISTINCT task_id) FROM tasks_annotation WHERE project_id = %s AND completed_by_id = %s AND NOT was_cancelled",
            [project.pk, user],
        )[0][0]
    return {"id": user, "finished": done, "progress": round(100 * done / project.task_number) if project.task_number else 0}


def lead_times(project: Project) -> list[dict[str, Any]]:
    """Per annotator: sum, mean and median of the seconds they spent, one statement for all of them."""
    median = (
        "percentile_cont(0.5) WITHIN GROUP (ORDER BY lead_time)"
        if connection.vendor == "postgresql"
        else "AVG(CASE WHEN place IN ((total + 1) / 2, (total + 2) / 2) THEN lead_time END)"
    )
    source = (
        "tasks_annotation"
        if connection.vendor == "postgresql"
        else """(SELECT *, ROW_NUMBER() OVER (PARTITION BY completed_by_id ORDER BY lead_time) AS place,
                   COUNT(*) OVER (PARTITION BY completed_by_id) AS total FROM tasks_annotation
                 WHERE project_id = %s AND lead_time IS NOT NULL AND completed_by_id IS NOT NULL)"""
    )
    params = [project.pk] if connection.vendor == "postgresql" else [project.pk, project.pk]
    found = rows(
        f"""SELECT completed_by_id, SUM(lead_time), AVG(lead_time), {median} FROM {source} a
            WHERE project_id = %s AND lead_time IS NOT NULL AND completed_by_id IS NOT NULL GROUP BY completed_by_id ORDER BY completed_by_id""",
        params,
    )
    return [{"user_id": user, "sum_lead_time": total, "mean_time": mean, "median_time": middle} for user, total, mean, middle in found]


def annotators(project: Project) -> list[dict[str, Any]]:
    """Everything about everybody who annotated: counts, times, agreement."""
    counts = rows(
        """SELECT completed_by_id, SUM(CASE WHEN was_cancelled THEN 0 ELSE 1 END), SUM(CASE WHEN was_cancelled THEN 1 ELSE 0 END),
                  COUNT(DISTINCT task_id) FROM tasks_annotation WHERE project_id = %s AND completed_by_id IS NOT NULL
           GROUP BY completed_by_id ORDER BY completed_by_id""",
        [project.pk],
    )
    times = {row["user_id"]: row for row in lead_times(project)}
    agreed, right = agreement_of(project), truth_agreement_of(project)
    people = {person["id"]: person for person in _people(row[0] for row in counts)}
    return [
        {
            "user": people[user],
            "annotations": int(made),
            "skipped": int(skipped),
            "tasks": tasks,
            "mean_lead_time": times.get(user, {}).get("mean_time"),
            "median_lead_time": times.get(user, {}).get("median_time"),
            "agreement": agreed.get(user),
            "ground_truth_agreement": right.get(user),
        }
        for user, made, skipped, tasks in counts
    ]


def label_structure(project: Project) -> dict[str, Any]:
    """The controls whose labels are counted, with their labels."""
    dimensions: list[dict[str, Any]] = []
    for name, control in config_of(project).controls.items():
        labels = list(control.labels)
        if labels:
            dimensions.append(
                {"dimension_id": len(dimensions) + 1, "name": name, "type": control.type, "choices": labels, "choice_keys": labels}
            )
    return {
        "dimensions": dimensions,
        "choice_keys": [f"{row['name']}:{label}" for row in dimensions for label in row["choices"]],
        "has_predictions": project.total_predictions_number > 0,
        "prediction_filters_supported": False,
        "prediction_identity_ready": False,
    }


def label_counts(project: Project, offset: int, limit: int) -> dict[str, Any]:
    """How often each label was given, from the counts that operations keep."""
    totals: dict[str, int] = {}
    found: dict[tuple[str, str], int] = {}
    for row in ResultCount.objects.filter(project=project, annotations__gt=0).exclude(label=""):
        totals[row.from_name] = totals.get(row.from_name, 0) + row.annotations
        found[row.from_name, row.label] = found.get((row.from_name, row.label), 0) + row.annotations
    listed = sorted(found.items(), key=lambda item: (item[0][0], -item[1], item[0][1]))
    shown = listed[offset : offset + limit]
    return {
        "results": [
            {
                "dimension_name": name,
                "choice": label,
                "choice_key": f"{name}:{label}",
                "from_annotations_count": count,
                "from_annotations_percent": 100 * count / totals[name],
                "from_predictions_count": 0,
                "from_predictions_percent": 0.0,
            }
            for (name, label), count in shown
        ],
        "totals": {"annotation_totals_by_dimension": totals, "prediction_totals_by_dimension": {}},
        "next_offset": offset + limit if offset + limit < len(listed) else None,
    }
