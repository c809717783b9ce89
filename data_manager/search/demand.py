"""Which projects the index holds: large ones, from their first search on.

Trigrams of a text cost ten times what importing it costs, and most projects are never searched: the first search reads the tasks, and has them
indexed for the next.
"""

from __future__ import annotations

import logging

from django.db import DatabaseError, transaction
from django.db.models import Max, Min

from data_manager.models import IndexedProject, IndexWork
from tasks.models import Task

log = logging.getLogger(__name__)


def is_indexed(project_id: int) -> bool:
    return IndexedProject.objects.filter(pk=project_id).exists()


def have_indexed(project_id: int) -> None:
    """From now on the index follows this project; the tasks that are there wait for the worker.

    Called while a search is answered, which it must not spoil: a database that takes no changes now is asked again by the next search.
    """
    try:
        with transaction.atomic():
            _row, new = IndexedProject.objects.get_or_create(pk=project_id)
            ends = Task.objects.filter(project_id=project_id).aggregate(first=Min("id"), last=Max("id"))
            if new and ends["first"] is not None:
                IndexWork.objects.create(project_id=project_id, **ends)
    except DatabaseError as error:
        log.warning("Project %s cannot be indexed for its searches now: %s", project_id, error)
