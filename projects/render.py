"""A project as the API shows it (fields of §1.5, in Label Studio's names)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from core.rawjson import fragment, read_json
from projects.models import Project
from projects.queries import QueueNumbers
from users.serializers import avatar_url

COUNTERS = (
    "task_number",
    "finished_task_number",
    "total_predictions_number",
    "total_annotations_number",
    "num_tasks_with_annotations",
    "useful_annotation_number",
    "ground_truth_number",
    "skipped_annotations_number",
)


def user_simple(user: Any) -> dict[str, Any] | None:
    if user is None:
        return None
    return {
        "id": user.pk,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "email": user.email,
        "avatar": avatar_url(user),
    }


def project_json(
    project: Project,
    *,
    queue: QueueNumbers | None = None,
    counts: bool = True,
    include: Iterable[str] | None = None,
) -> dict[str, Any]:
    """`counts=False` is the answer to a creation: Label Studio's clients expect null there. `include` keeps only the fields named."""
    parsed: Mapping[str, Any] = read_json(project.parsed_label_config)
    row = {
        "id": project.pk,
        "title": project.title,
        "description": project.description,
        "label_config": project.label_config,
        "expert_instruction": project.expert_instruction,
        "show_instruction": project.show_instruction,
        "show_skip_button": project.show_skip_button,
        "enable_empty_annotation": project.enable_empty_annotation,
        "show_annotation_history": project.show_annotation_history,
        "organization": project.organization_id,
        "color": project.color,
        "maximum_annotations": project.maximum_annotations,
        "is_published": project.is_published,
        "model_version": project.chosen_version,
        "is_draft": project.is_draft,
        "created_by": user_simple(project.created_by),
        "created_at": project.created_at,
        "updated_at": project.updated_at,
        "min_annotations_to_start_training": project.min_annotations_to_start_training,
        "start_training_on_annotation_update": project.min_annotations_to_start_training > 0,
        "show_collab_predictions": project.show_collab_predictions,
        **{name: getattr(project, name) if counts else None for name in COUNTERS},
        "sampling": project.sampling,
        "show_ground_truth_first": project.show_ground_truth_first,
        "annotator_evaluation_enabled": project.annotator_evaluation_enabled,
        "show_overlap_first": project.show_overlap_first,
        "overlap_cohort_percentage": project.overlap_cohort_percentage,
        "task_data_login": None,
        "task_data_password": None,
        "control_weights": fragment(project.control_weights),
        "parsed_label_config": fragment(project.parsed_label_config),
        "evaluate_predictions_automatically": project.evaluate_predictions_automatically,
        "config_has_control_tags": bool(parsed),
        "skip_queue": project.skip_queue,
        "reveal_preannotations_interactively": project.reveal_preannotations_interactively,
        "pinned_at": project.pinned_at,
        "archived_at": project.archived_at,
        "members_only": project.members_only,
        "queue_total": queue.total if queue else 0,
        "queue_done": queue.done if queue else 0,
        "config_suitable_for_bulk_annotation": _suits_bulk(parsed),
        "state": None,
    }
    if include is None:
        return row
    wanted = set(include)
    return {name: value for name, value in row.items() if name in wanted}


def counts_json(project: Project, *, queue: QueueNumbers | None) -> dict[str, Any]:
    """The row of `/api/projects/counts/`."""
    return {
        "id": project.pk,
        **{name: getattr(project, name) for name in COUNTERS},
        "queue_total": queue.total if queue else 0,
        "queue_done": queue.done if queue else 0,
    }


def _suits_bulk(parsed: Mapping[str, Any]) -> bool:
    """Whether every question is about the whole task, so that one answer can be given to many tasks at once."""
    return bool(parsed) and all(
        control.get("type") in {"Choices", "Taxonomy", "Rating", "Number", "DateTime", "TextArea"} for control in parsed.values()
    )
