"""Judged tasks on their way to the database: written down while the rest is judged, in memory while they are few, on disk when they are many.

So a file is parsed once, needs no memory, and the database is only locked for the writing itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import Any
from uuid import UUID

import orjson

from data_import.storage import incoming
from tasks.operations.bulk import NewAnnotation, NewDraft, NewPrediction, NewTask

IN_MEMORY = 8 << 20  # bytes
TIMES = ("created_at", "updated_at", "draft_created_at")


class Spool:
    """Tasks in the order they were added; may be read once or several times. To be closed.

    A line is a task: bare ones (data and nothing else, nearly all of a large import) as `<shape> <upload> <data>`, where the shape stands for
    the keys of the data; the others as JSON.
    """

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(max_size=IN_MEMORY, dir=str(incoming()))  # noqa: SIM115 - closed by `close`
        self._shapes: dict[tuple[str, ...], int] = {}

    def add(self, task: NewTask) -> None:
        if (
            task.annotations
            or task.predictions
            or task.drafts
            or task.created_at
            or task.updated_at
            or task.meta != "{}"
            or not task.allow_skip
        ):
            self._file.write(b"*" + orjson.dumps(task) + b"\n")
            return
        keys = task.keys or ()
        shape = self._shapes.setdefault(keys, len(self._shapes))
        self._file.write(f"{shape} {task.file_upload_id or 0} {task.data}\n".encode())

    def __iter__(self) -> Iterator[NewTask]:
        shapes = list(self._shapes)
        self._file.seek(0)
        for line in self._file:
            if line[:1] == b"*":
                yield _task(orjson.loads(line[1:]))
            else:
                shape, upload, data = line.decode().split(" ", 2)
                yield NewTask(data=data[:-1], keys=shapes[int(shape)], file_upload_id=int(upload) or None)

    def close(self) -> None:
        self._file.close()


def _task(said: dict[str, Any]) -> NewTask:
    _moments(said)
    said["keys"] = tuple(said["keys"])
    said["annotations"] = [_annotation(item) for item in said["annotations"]]
    said["predictions"] = [NewPrediction(**_moments(item)) for item in said["predictions"]]
    said["drafts"] = [NewDraft(**_moments(item)) for item in said["drafts"]]
    return NewTask(**said)


def _annotation(said: dict[str, Any]) -> NewAnnotation:
    _moments(said)
    if said["unique_id"] is not None:
        said["unique_id"] = UUID(said["unique_id"])
    return NewAnnotation(**said)


def _moments(said: dict[str, Any]) -> dict[str, Any]:
    for name in TIMES:
        if said.get(name) is not None:
            said[name] = datetime.fromisoformat(said[name])
    return said
