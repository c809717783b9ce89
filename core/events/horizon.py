"""Up to which id events are complete.

On PostgreSQL ids are given before commit, so an event with a later id can be visible while an earlier one is not yet. A reader that remembered
only the last id it saw would skip the late one for ever. So a consumer reads only up to the horizon: the highest id below which no event can
appear any more.

How it is found: whoever inserts an event holds a ROW EXCLUSIVE lock on the table from before the id is taken until after the commit is visible.
So first the highest id is read, then who holds such a lock (`pg_locks`); when the last of those has ended, every event up to that id is either
visible or will never be. Long transactions that have recorded nothing yet, and those of other databases, hold nobody up, as they would with
transaction ids (`pg_snapshot_xmin`); and the writing side pays nothing. SQLite has one writer at a time, so its highest id is the horizon.
"""

from __future__ import annotations

from django.db import connection

_HIGHEST = "SELECT COALESCE(MAX(id), 0) FROM core_event"
_WRITERS = """
    SELECT virtualtransaction FROM pg_locks
    WHERE locktype = 'relation' AND relation = 'core_event'::regclass AND mode = 'RowExclusiveLock' AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND pid IS DISTINCT FROM pg_backend_pid()"""


class Horizon:
    """One reader's view of it: ask again and again; not for several threads."""

    def __init__(self) -> None:
        self._reached = 0
        self._next = 0
        self._awaited: set[str] = set()

    def reach(self) -> int:
        """The highest id up to which all events are there. Call it outside a transaction."""
        with connection.cursor() as cursor:
            cursor.execute(_HIGHEST)
            highest = int(cursor.fetchone()[0])
            if connection.vendor != "postgresql":
                return highest
            cursor.execute(_WRITERS)
            writing = {row[0] for row in cursor.fetchall()}
        self._awaited &= writing
        if not self._awaited:
            self._reached = self._next
            self._next, self._awaited = highest, writing
            if not writing:
                self._reached = highest
        return self._reached
