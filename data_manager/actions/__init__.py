"""Actions on a selection of tasks (§1.11 of the API): one file for each, listed here. Rooms below add theirs with `register_action`."""

from data_manager.actions.action import Action, register_action
from data_manager.actions.next_task import NEXT_TASK
from data_manager.actions.predictions_to_annotations import PREDICTIONS_TO_ANNOTATIONS

ACTIONS = (NEXT_TASK, PREDICTIONS_TO_ANNOTATIONS)

__all__ = ["ACTIONS", "Action", "register_action"]
