"""Actions on a selection of tasks (§1.11 of the API): one file for each, listed here. Rooms below add theirs with `register_action`."""

from data_manager.actions.action import Action, register_action
from data_manager.actions.add_data_field import ADD_DATA_FIELD
from data_manager.actions.assign import ASSIGN
from data_manager.actions.cache_labels import CACHE_LABELS
from data_manager.actions.delete import DELETE_ANNOTATIONS, DELETE_DRAFTS, DELETE_PREDICTIONS, DELETE_TASKS
from data_manager.actions.ground_truth import SET_GROUND_TRUTH
from data_manager.actions.next_task import NEXT_TASK
from data_manager.actions.predictions_to_annotations import PREDICTIONS_TO_ANNOTATIONS
from data_manager.actions.propagate_annotations import PROPAGATE_ANNOTATIONS
from data_manager.actions.remove_duplicates import REMOVE_DUPLICATES
from data_manager.actions.rename_labels import RENAME_LABELS

ACTIONS = (
    NEXT_TASK,
    ASSIGN,
    ADD_DATA_FIELD,
    CACHE_LABELS,
    PROPAGATE_ANNOTATIONS,
    RENAME_LABELS,
    SET_GROUND_TRUTH,
    PREDICTIONS_TO_ANNOTATIONS,
    REMOVE_DUPLICATES,
    DELETE_TASKS,
    DELETE_ANNOTATIONS,
    DELETE_PREDICTIONS,
    DELETE_DRAFTS,
)

__all__ = ["ACTIONS", "Action", "register_action"]
