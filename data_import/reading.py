"""From files to tasks: items judged and counted first, then given again to be written, so that nothing is written of a file that has mistakes.

Small imports are kept in memory between the two; larger ones are read twice, which needs no memory and is cheap beside writing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import Refused
from data_import.intake import Intake, ItemRefused
from data_import.readers import Source, reader_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tasks.operations.bulk import NewTask

MAX_MESSAGES = 100
KEPT_CHARACTERS = 8 << 20  # of data, for judged tasks that wait in memory


@dataclass(frozen=True)
class ImportFile:
    """A file to import. `upload_id` is set when it is kept as an upload (its tasks say so), `name` "" when it is the body of a request."""

    path: Path
    name: str
    url: str = ""
    upload_id: int | None = None

    @property
    def source(self) -> Source:
        return Source(self.path, self.name or "body.json", self.url)

    def as_json(self) -> dict[str, Any]:
        return {"path": str(self.path), "name": self.name, "url": self.url, "upload_id": self.upload_id}

    @classmethod
    def of_json(cls, said: dict[str, Any]) -> ImportFile:
        return cls(Path(said["path"]), said["name"], said["url"], said["upload_id"])


@dataclass
class Found:
    """What the first reading saw. `tasks` holds the judged tasks when they are few; `messages` are mistakes, at most 100."""

    count: int = 0
    annotations: int = 0
    predictions: int = 0
    messages: list[str] = field(default_factory=list)
    mistakes: int = 0
    tasks: list[NewTask] | None = field(default_factory=list)
    formats: Counter[str] = field(default_factory=Counter)
    tasks_list: bool = False

    def refuse_mistakes(self) -> None:
        """Raises `Refused` (400) with every message when there was a mistake, or when there is nothing to import."""
        if self.mistakes:
            messages = list(self.messages)
            if self.mistakes > len(messages):
                messages.append(f"… and {self.mistakes - len(messages):,} more items with mistakes.")
            raise Refused("Validation error", 400, fields={"non_field_errors": messages})
        if not self.count:
            raise Refused("Validation error", 400, fields={"non_field_errors": ["There are no tasks to import."]})


def judge(intake: Intake, files: Sequence[ImportFile], *, as_list: bool = True, each: Callable[[int], None] | None = None) -> Found:
    """Read everything once and say what is there. `each` is called with the count now and then. Raises `Refused` for a file that cannot be read."""
    found = Found()
    kept = 0
    for file in files:
        if file.name:
            found.formats["." + file.source.extension] += 1
        found.tasks_list |= bool(file.name) and reader_of(file.source).tasks_list
        for line, item in reader_of(file.source, as_list=as_list).items():
            number = found.count
            found.count += 1
            try:
                task = intake.read(item, kind=file.source.file_type.kind, file_upload=file.upload_id)
            except ItemRefused as refused:
                found.mistakes += 1
                found.tasks = None
                place = f" ({file.name}, line {line})" if file.name and line else f" ({file.name})" if file.name else ""
                room = MAX_MESSAGES - len(found.messages)
                found.messages += [f"Error at item {number}{place}: {message}" for message in refused.messages[:room]]
                continue
            found.annotations += len(task.annotations)
            found.predictions += len(task.predictions)
            if found.tasks is not None:
                kept += len(task.data) + 2_000 * (len(task.annotations) + len(task.predictions))
                found.tasks.append(task)
                if kept > KEPT_CHARACTERS:
                    found.tasks = None
            if each is not None and found.count % 10_000 == 0:
                each(found.count)
    return found


def tasks_of(intake: Intake, files: Sequence[ImportFile], *, as_list: bool = True, skip: int = 0) -> Iterator[NewTask]:
    """The judged tasks again, without the first `skip`."""
    number = 0
    for file in files:
        for _line, item in reader_of(file.source, as_list=as_list).items():
            number += 1
            if number > skip:
                yield intake.read(item, kind=file.source.file_type.kind, file_upload=file.upload_id)
