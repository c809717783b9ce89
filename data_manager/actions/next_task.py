"""The label stream over a selection: the first task in the order of the data page that the actor may have."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.errors import not_found
from data_manager.actions.action import Action
from data_manager.actions.work import Work
from data_manager.sql import Sql
from tasks.operations.leases import lease_first


def _perform(work: Work) -> dict[str, Any]:
    query = work.selection.query
    where, order = query.where or Sql("1 = 1"), query.order_by()
    task = lease_first(work.actor, work.project.pk, (where.text, where.params), (order.text, order.params))
    if task is None:
        raise not_found(f"There are no tasks for {work.actor.email}")
    return task


NEXT_TASK = Action("next_task", _("Label selected tasks"), 0, "annotations.create", _perform, hidden=True, at_once=True)
