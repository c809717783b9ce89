"""What an action on a selection of tasks is. One file for each in this folder; rooms below add theirs with `register_action`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.actor import Actor

if TYPE_CHECKING:
    from data_manager.actions.work import Work
    from projects.models import Project

SHORT = 5_000  # tasks that are done while the request waits; more become a job


def nothing(_actor: Actor, _project: Project, _said: dict[str, Any]) -> dict[str, Any]:
    """An action that takes no parameters."""
    return {}


@dataclass(frozen=True)
class Action:
    """`read` checks what a client says besides the selection, and returns it as plain JSON for `perform` (raises 400).

    `perform` does the work on `Work.selection` and returns the answer. It is called in the request, or in a job when the selection has more than
    `short` tasks; after an interruption it is called again and goes on from `Work.cursor`.
    """

    id: str
    title: Any
    order: int
    permission: str  # an action of core/permissions.py
    perform: Callable[[Work], dict[str, Any]]
    read: Callable[[Actor, Project, dict[str, Any]], dict[str, Any]] = nothing
    text: Any = ""  # what the dialog says before it is done
    form: Callable[[Actor, Project], list[dict[str, Any]]] | None = None  # the dialog's fields, as Label Studio describes them
    counts: tuple[str, ...] = ("tasks",)  # what the dialog counts: tasks, annotations, drafts, predictions
    danger: bool = False  # takes something away: without an explicit selection it is refused
    undo: bool = False  # can be taken back from the recycle bin
    reload: bool = False
    hidden: bool = False  # performed, but not listed
    short: int = SHORT
    at_once: bool = False  # never a job: its answer is what the client waits for


_actions: dict[str, Action] = {}


def register_action(action: Action) -> None:
    _actions[action.id] = action


def action_named(name: str) -> Action | None:
    return _actions.get(name)


def actions() -> list[Action]:
    """In the order of menus."""
    return sorted(_actions.values(), key=lambda action: (action.order, action.id))
