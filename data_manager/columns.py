"""The columns of the data page: what can be shown, filtered by and ordered by. One table; nothing outside of it can be named.

Rooms below add theirs with `register` in `AppConfig.ready()`. The columns of a task's data are not in the table: they are the keys that the
project's tasks have.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from core.errors import Refused
from core.rawjson import read_json
from data_manager.sql import Sql, data_number, data_order, data_text, data_time, data_truth
from projects.queries import config_of

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from projects.models import Project

MAX_KEY = 500


@dataclass(frozen=True)
class Column:
    """`type` decides which operators fit (operators.py). `value` gives the SQL of its value for the row `t` of tasks_task, in a project.

    Columns of a `kind` stand for several rows; their filters are in operators.py by that kind.
    """

    name: str
    title: str | _StrPromise
    type: str
    value: Callable[[Project], Sql]
    help: str | _StrPromise = ""
    kind: str = ""  # narrower than the type: users, ids, results, versions, labels, data
    order: Callable[[Project], list[Sql]] | None = None
    never_null: bool = False  # then an index over it can serve the order
    shown: bool = True  # whether a new project's data page shows it
    project_defined: bool = False
    listed: bool = True  # whether `/api/dm/columns/` names it

    def order_by(self, project: Project) -> list[Sql]:
        return self.order(project) if self.order else [self.value(project)]


def plain(expression: str) -> Callable[[Any], Sql]:
    return lambda _project: Sql(expression)


def _predictions_score(project: Project) -> Sql:
    if project.model_version:
        return Sql(
            "(SELECT AVG(p.score) FROM tasks_prediction p WHERE p.task_id = t.id AND p.model_version = %s)", (project.model_version,)
        )
    return Sql("(SELECT AVG(p.score) FROM tasks_prediction p WHERE p.task_id = t.id)")


def _file_upload(project: Project) -> Sql:
    return Sql(
        "(SELECT substr(f.file, %s) FROM data_import_fileupload f WHERE f.id = t.file_upload_id)", (len(f"upload/{project.pk}/") + 1,)
    )


COLUMNS: dict[str, Column] = {}


def register(column: Column) -> None:
    COLUMNS[column.name] = column


for _column in (
    Column("id", _("ID"), "Number", plain("t.id"), _("The task's id."), never_null=True),
    Column(
        "inner_id",
        _("Inner ID"),
        "Number",
        plain("t.inner_id"),
        _("The task's number in this project, from 1."),
        shown=False,
        never_null=True,
    ),
    Column(
        "completed_at",
        _("Completed"),
        "Datetime",
        plain("(CASE WHEN t.is_labeled THEN (SELECT MAX(a.created_at) FROM tasks_annotation a WHERE a.task_id = t.id) END)"),
        _("When the last annotation of a finished task was submitted."),
    ),
    Column(
        "total_annotations",
        _("Annotations"),
        "Number",
        plain("t.total_annotations"),
        _("Submitted annotations of the task."),
        never_null=True,
    ),
    Column(
        "cancelled_annotations",
        _("Skipped"),
        "Number",
        plain("t.cancelled_annotations"),
        _("How often the task was skipped."),
        never_null=True,
    ),
    Column("total_predictions", _("Predictions"), "Number", plain("t.total_predictions"), _("Predictions of the task."), never_null=True),
    Column(
        "annotators",
        _("Annotated by"),
        "List",
        plain("(SELECT MIN(a.completed_by_id) FROM tasks_annotation a WHERE a.task_id = t.id)"),
        _("Who annotated the task."),
        kind="users",
    ),
    Column(
        "annotations_results",
        _("Annotation results"),
        "String",
        plain("(SELECT MIN(a.id) FROM tasks_annotation a WHERE a.task_id = t.id)"),
        _("The beginning of what the annotations say."),
        kind="results",
        shown=False,
    ),
    Column(
        "annotations_ids",
        _("Annotation IDs"),
        "String",
        plain("(SELECT MIN(a.id) FROM tasks_annotation a WHERE a.task_id = t.id)"),
        kind="ids",
        shown=False,
    ),
    Column(
        "predictions_score",
        _("Prediction score"),
        "Number",
        _predictions_score,
        _("Mean score of the predictions of the project's model version."),
        shown=False,
    ),
    Column(
        "predictions_model_versions",
        _("Model versions"),
        "List",
        plain("(SELECT MIN(p.model_version) FROM tasks_prediction p WHERE p.task_id = t.id)"),
        _("The versions of models that made the task's predictions."),
        kind="versions",
        shown=False,
    ),
    Column(
        "predictions_results",
        _("Prediction results"),
        "String",
        plain("(SELECT MIN(p.id) FROM tasks_prediction p WHERE p.task_id = t.id)"),
        _("The beginning of what the predictions say."),
        kind="results",
        shown=False,
    ),
    Column("file_upload", _("File"), "String", _file_upload, _("The uploaded file that the task came from."), shown=False),
    Column("created_at", _("Created"), "Datetime", plain("t.created_at"), shown=False, never_null=True),
    Column("updated_at", _("Updated"), "Datetime", plain("t.updated_at"), shown=False, never_null=True),
    Column("updated_by", _("Updated by"), "List", plain("t.updated_by_id"), kind="users", shown=False),
    Column(
        "is_labeled",
        _("Done"),
        "Boolean",
        plain("t.is_labeled"),
        _("Whether the task has as many annotations as the project asks for."),
        shown=False,
        never_null=True,
    ),
    Column(
        "avg_lead_time",
        _("Seconds per annotation"),
        "Number",
        plain("(SELECT AVG(a.lead_time) FROM tasks_annotation a WHERE a.task_id = t.id)"),
        shown=False,
    ),
    Column(
        "draft_exists",
        _("Draft"),
        "Boolean",
        plain("EXISTS (SELECT 1 FROM tasks_draft d WHERE d.task_id = t.id)"),
        _("Whether somebody has unsubmitted work on the task."),
        shown=False,
    ),
    Column(
        "labels",
        _("Labels"),
        "List",
        plain("(SELECT MIN(a.id) FROM tasks_annotation a WHERE a.task_id = t.id AND a.result_count > 0)"),
        _("The labels and choices that the annotations give."),
        kind="labels",
        shown=False,
    ),
    Column(
        "ground_truth",
        _("Ground truth"),
        "Boolean",
        plain("EXISTS (SELECT 1 FROM tasks_annotation a WHERE a.task_id = t.id AND a.ground_truth)"),
        _("Whether an annotation of the task is known to be right."),
        shown=False,
    ),
    Column("comment_count", _("Comments"), "Number", plain("t.comment_count"), never_null=True, shown=False),
    Column("comments", _("Comments"), "Number", plain("t.comment_count"), never_null=True, listed=False),
    Column("unresolved_comment_count", _("Open comments"), "Number", plain("t.unresolved_comment_count"), never_null=True, shown=False),
    Column(
        "storage_filename", _("Storage file"), "String", plain("NULL"), _("The object in the storage that the task came from."), shown=False
    ),
    # What the SDK names besides. Nothing is reviewed here.
    Column("reviewed", _("Reviewed"), "Boolean", plain("FALSE"), listed=False),
    Column("reviewers", _("Reviewed by"), "List", plain("NULL"), kind="nobody", listed=False),
    Column("reviews_accepted", _("Accepted"), "Number", plain("0"), listed=False),
    Column("reviews_rejected", _("Rejected"), "Number", plain("0"), listed=False),
    # The whole of the data: what the search box looks through.
    Column("data", _("Data"), "String", plain("t.data"), kind="data", listed=False),
):
    register(_column)


def column_named(name: str) -> Column:
    """The column that a client calls `name`: of the table, or `data.<key>` for any key. Raises `Refused` (400) for another name."""
    if name in COLUMNS:
        return COLUMNS[name]
    if name.startswith("data.") and 5 < len(name) <= MAX_KEY and "\0" not in name:
        key = name[5:]
        return Column(name, key, "Unknown", lambda _project: data_text(key), order=lambda _project: data_order(key), project_defined=True)
    raise Refused(
        "Validation error",
        400,
        fields={
            "non_field_errors": [
                f'There is no column "{name[:100]}". Columns are: {", ".join(COLUMNS)}, and data.<key> for the keys of the data.'
            ]
        },
    )


def typed(column: Column, said: Any) -> Column:
    """A data column has the type that the client says; the others know their own."""
    read = DATA_TYPES.get(said) if column.project_defined and isinstance(said, str) else None
    if read is None:
        return column
    key = column.name[5:]
    return Column(column.name, column.title, said, lambda _project: read(key), project_defined=True)


DATA_TYPES: dict[str, Callable[[str], Sql]] = {"Number": data_number, "Datetime": data_time, "Boolean": data_truth}


def data_types(project: Project) -> dict[str, str]:
    """{data key: type} of every key that the project's tasks have or its labeling set-up names, those of the set-up first."""
    shown_by = {tag.value_key: tag.tag for tag in config_of(project).objects.values() if tag.value_key}
    known = {"Image": "Image", "Audio": "Audio", "Video": "Video", "Text": "String"}
    keys = [*config_of(project).data_keys, *read_json(project.data_columns)]
    return {key: known.get(shown_by.get(key, ""), "Unknown") for key in dict.fromkeys(keys)}


def describe(project: Project, people: list[dict[str, Any]], versions: list[str], labels: list[str]) -> list[dict[str, Any]]:
    """The columns as `/api/dm/columns/` lists them. `people` are `{value, title}` of possible annotators, `versions` the model versions,
    `labels` those in use."""
    schemas: dict[str, list[Any]] = {"users": people, "versions": list(versions), "labels": list(labels)}
    rows: list[dict[str, Any]] = []
    for column in COLUMNS.values():
        if not column.listed:
            continue
        row: dict[str, Any] = {
            "id": column.name,
            "title": str(column.title),
            "type": column.type,
            "help": str(column.help),
            "target": "tasks",
            "visibility_defaults": {"explore": column.shown, "labeling": False},
            "project_defined": False,
        }
        if column.kind in schemas:
            row["schema"] = {"items": schemas[column.kind], "multiple": False}
        rows.append(row)
    types = data_types(project)
    named = set(config_of(project).data_keys)
    for key, kind in types.items():
        rows.append(
            {
                "id": key,
                "title": key,
                "type": kind,
                "help": "",
                "target": "tasks",
                "parent": "data",
                "visibility_defaults": {"explore": True, "labeling": key in named},
                "project_defined": True,
            }
        )
    rows.append(
        {
            "id": "data",
            "title": "data",
            "type": "List",
            "help": "",
            "target": "tasks",
            "children": list(types),
            "visibility_defaults": {"explore": True, "labeling": True},
            "project_defined": False,
        }
    )
    return rows
