"""What a snapshot may be asked (§1.10 of the API): which tasks, which of their annotations, and how whole they are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.actor import Actor
from core.errors import invalid, not_found
from core.requests import boolean, integer
from data_export.queries import ANSWERED, Selection
from data_export.task_text import Shape
from data_manager.queries import get_view, query_of_view
from data_manager.query import read_query
from data_manager.sql import Sql, join

if TYPE_CHECKING:
    from projects.models import Project

# filter: (condition on the task `t` for "only", and for "exclude")
STATES = {
    "skipped": ("t.cancelled_annotations > 0", "t.cancelled_annotations = 0"),
    "finished": ("t.is_labeled", "NOT t.is_labeled"),
    "annotated": ("t.total_annotations > 0", "t.total_annotations = 0"),
}
# kind of annotation: condition on the annotation `a`
KINDS = {
    "usual": "(NOT a.was_cancelled AND NOT a.ground_truth)",
    "ground_truth": "a.ground_truth",
    "skipped": "a.was_cancelled",
}


def read_options(actor: Actor, project: Project, body: dict[str, Any]) -> dict[str, Any]:
    """A client's options, checked and in plain JSON as `selection_of` takes them. Raises `Refused` (400) for what they cannot be."""
    tasks = _object(body, "task_filter_options")
    annotations = _object(body, "annotation_filter_options")
    told = _object(body, "serialization_options")
    chosen = None
    if annotations is not None:
        defaults = {"usual": True, "ground_truth": False, "skipped": False}
        chosen = [kind for kind in KINDS if boolean(annotations.get(kind), kind, defaults[kind])]
    return {
        "query": _query_of_view(actor, project, (tasks or {}).get("view")),
        "states": {name: state for name in STATES if (state := _state(name, (tasks or {}).get(name)))},
        "only_with_annotations": bool(boolean((tasks or {}).get("only_with_annotations"), "only_with_annotations")),
        "annotations": chosen,
        "drafts": _whole(told, "drafts"),
        "predictions": _whole(told, "predictions"),
        "people": _whole(told, "annotations__completed_by"),
        "history": bool(boolean((told or {}).get("include_annotation_history"), "include_annotation_history")),
        "key_frames": bool(boolean((told or {}).get("interpolate_key_frames"), "interpolate_key_frames")),
    }


def selection_of(project: Project, options: dict[str, Any]) -> Selection:
    """The tasks that `read_options` has read."""
    kinds = options["annotations"]
    # Without any kind chosen all are meant, as clients know it.
    kept = f" AND ({' OR '.join(KINDS[kind] for kind in kinds)})" if kinds else ""
    conditions = [Sql(STATES[name][state == "exclude"]) for name, state in options["states"].items()]
    if options["query"] and (where := read_query(project, options["query"]).where) is not None:
        conditions.append(where)
    if options["only_with_annotations"]:
        conditions.append(Sql(f"EXISTS (SELECT 1 FROM tasks_annotation a WHERE a.task_id = t.id{kept})" if kept else ANSWERED))
    return Selection(
        project,
        all_tasks=True,
        where=join("AND", conditions) if conditions else None,
        annotations_where=kept,
        shape=Shape(options["drafts"], options["predictions"], options["people"], options["history"], options["key_frames"]),
    )


def view_condition(actor: Actor, project: Project, view_id: Any) -> Sql | None:
    """The condition of a tab of the data page on tasks. Raises 404 for one of another project, 400 for what is no number."""
    query = _query_of_view(actor, project, view_id)
    return read_query(project, query).where if query else None


def _query_of_view(actor: Actor, project: Project, view_id: Any) -> dict[str, Any] | None:
    number = integer(view_id, "view", least=1)
    if number is None:
        return None
    view = get_view(actor, number)
    if view.project_id != project.pk:
        raise not_found()
    return query_of_view(view)


def _object(body: dict[str, Any], name: str) -> dict[str, Any] | None:
    value = body.get(name)
    if value is not None and not isinstance(value, dict):
        raise invalid(**{name: f"Invalid data. Expected a dictionary, but got {type(value).__name__}."})
    return value


def _state(name: str, said: Any) -> str | None:
    if said in (None, "", "None"):
        return None
    if said not in ("only", "exclude"):
        raise invalid(task_filter_options={name: ['Use "only", "exclude" or null.']})
    return str(said)


def _whole(told: dict[str, Any] | None, name: str) -> bool:
    """Whether objects are asked for: `{"only_id": false}`. Left out it means ids."""
    said = (told or {}).get(name)
    if said is None:
        return False
    if not isinstance(said, dict):
        raise invalid(serialization_options={name: ['This is an object like {"only_id": true}.']})
    return not boolean(said.get("only_id"), "only_id", False)
