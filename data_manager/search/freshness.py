"""Which tasks of a project the index does not hold as they are now."""

from __future__ import annotations

from dataclasses import dataclass

from core.events.models import Event, EventCursor
from data_manager.models import IndexWork
from data_manager.search.consumer import CONSUMER, KINDS, touched_by
from data_manager.search.demand import is_indexed
from data_manager.sql import Sql, join, listed

MOST_EVENTS = 1_000
MOST_RANGES = 200


@dataclass(frozen=True)
class Behind:
    tasks: tuple[int, ...] = ()
    ranges: tuple[tuple[int, int], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.tasks or self.ranges)

    def holds(self, column: str) -> Sql:
        """SQL: the id in `column` is one of them."""
        parts = [Sql(f"{column} BETWEEN %s AND %s", (first, last)) for first, last in self.ranges]
        if self.tasks:
            among = listed(list(self.tasks))
            parts.append(Sql(f"{column} {among.text}", among.params))
        return join("OR", parts)


def behind(project_id: int) -> Behind | None:
    """None when that is too much to say: then the index is no help."""
    position = EventCursor.objects.filter(pk=CONSUMER).values_list("position", flat=True).first() or 0
    events = list(Event.objects.filter(pk__gt=position, project_id=project_id, kind__in=KINDS).order_by("pk")[: MOST_EVENTS + 1])
    ranges = list(IndexWork.objects.filter(project_id=project_id).values_list("first", "last")[: MOST_RANGES + 1])
    touched = touched_by(events).get(project_id)
    if touched:
        ranges += touched.ranges
    if len(events) > MOST_EVENTS or len(ranges) > MOST_RANGES:
        return None
    return Behind(tuple(sorted(touched.tasks)) if touched else (), tuple((first, last) for first, last in ranges))


def lag(project_id: int) -> int:
    """About how many tasks of a project the index does not hold as they are now; those that it never will are not counted."""
    if not is_indexed(project_id):
        return 0
    position = EventCursor.objects.filter(pk=CONSUMER).values_list("position", flat=True).first() or 0
    events = list(Event.objects.filter(pk__gt=position, project_id=project_id, kind__in=KINDS).order_by("pk")[:MOST_EVENTS])
    waiting = list(IndexWork.objects.filter(project_id=project_id, parked=False).values_list("first", "last")[:MOST_EVENTS])
    touched = touched_by(events).get(project_id)
    late = 0
    end = 0  # what lies before it has been counted
    for first, last in sorted(
        [*waiting, *(touched.ranges if touched else ()), *((task, task) for task in (touched.tasks if touched else ()))]
    ):
        late += max(0, last - max(first, end) + 1)
        end = max(end, last + 1)
    return late
