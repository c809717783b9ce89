"""A snapshot's file as the source of another format: what was exported then, whatever has happened to the tasks since."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from functools import cached_property
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from django.core.files.storage import default_storage

from core.rawjson import json_text, read_json
from data_export.queries import CHUNK, Chunk
from data_import.json_stream import json_items

if TYPE_CHECKING:
    from data_export.models import Export
    from projects.models import Project


class StoredTasks:
    """`done` is how many tasks have been read so far, for progress."""

    def __init__(self, export: Export) -> None:
        self.project: Project = export.project
        self._file = export.file
        self.done = 0

    def texts(self) -> Iterator[list[str]]:
        waiting: list[str] = []
        with closing(default_storage.open(self._file)) as file:
            for _, text in json_items(cast(BinaryIO, file)):
                waiting.append(text)
                self.done += 1
                if len(waiting) == CHUNK:
                    yield waiting
                    waiting = []
        if waiting:
            yield waiting

    def chunks(self) -> Iterator[Chunk]:
        for texts in self.texts():
            tasks = [read_json(text) for text in texts]
            yield Chunk(
                [(task["id"], json_text(task["data"])) for task in tasks],
                {task["id"]: [_row(item) for item in task["annotations"]] for task in tasks},
            )

    def data_columns(self) -> list[str]:
        return self._names[0]

    def control_names(self) -> list[str]:
        return self._names[1]

    @cached_property
    def _names(self) -> tuple[list[str], list[str]]:
        """The keys of the data and the controls of the answers, as they first come."""
        columns: dict[str, None] = {}
        controls: dict[str, None] = {}
        for texts in self.texts():
            for task in map(read_json, texts):
                columns.update(dict.fromkeys(task["data"]))
                for item in task["annotations"]:
                    rows = item["result"] if not item["was_cancelled"] and isinstance(item["result"], list) else []
                    controls.update(
                        {row["from_name"]: None for row in rows if isinstance(row, dict) and isinstance(row.get("from_name"), str)}
                    )
        self.done = 0
        return list(columns), list(controls)


def _row(item: dict[str, Any]) -> tuple[Any, ...]:
    person = item["completed_by"]
    return (
        item["task"],
        item["id"],
        person["id"] if isinstance(person, dict) else person,
        json_text(item["result"]),
        item["was_cancelled"],
        item["ground_truth"],
        item["created_at"],
        item["updated_at"],
        item["lead_time"],
    )
