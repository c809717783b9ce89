"""From files to tasks: every item is judged and counted before anything is written, so that nothing is written of a file that has mistakes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import Refused
from data_import.intake import Intake, ItemRefused
from data_import.readers import Source, reader_of
from data_import.spool import Spool

if TYPE_CHECKING:
    from collections.abc import Callable

    from tasks.operations.bulk import NewTask

MAX_MESSAGES = 100
PROGRESS = 10_000  # items


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
    """What was seen in files. `messages` are mistakes, at most 100."""

    count: int = 0
    messages: list[str] = field(default_factory=list)
    mistakes: int = 0
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


def judge(
    intake: Intake, files: Sequence[ImportFile], *, as_list: bool = True, spool: Spool | None = None, each: Callable[[], None] | None = None
) -> Found:
    """Read everything and say what is there. The tasks go into `spool`; `each` is called now and then.

    Raises `Refused` (400) for a file that cannot be read on.
    """
    found = Found()
    for file in files:
        source = file.source
        reader, kind = reader_of(source, as_list=as_list), source.file_type.kind
        if file.name:
            found.formats["." + source.extension] += 1
            found.tasks_list |= reader_of(source).tasks_list
        for line, item in reader.items():
            found.count += 1
            try:
                task = intake.read(item, kind=kind, file_upload=file.upload_id)
            except ItemRefused as refused:
                _note_mistake(found, refused, file.name, line)
                continue
            if spool is not None and not found.mistakes:
                spool.add(task)
            if each is not None and found.count % PROGRESS == 0:
                each()
    return found


def _note_mistake(found: Found, refused: ItemRefused, name: str, line: int | None) -> None:
    found.mistakes += 1
    place = f" ({name}, line {line})" if name and line else f" ({name})" if name else ""
    room = MAX_MESSAGES - len(found.messages)
    found.messages += [f"Error at item {found.count - 1}{place}: {message}" for message in refused.messages[:room]]


def tasks_of(intake: Intake, files: Sequence[ImportFile], *, as_list: bool = True, skip: int = 0) -> Iterator[NewTask]:
    """The tasks of files that have been judged, read again without the first `skip`."""
    number = 0
    for file in files:
        source = file.source
        kind = source.file_type.kind
        for _line, item in reader_of(source, as_list=as_list).items():
            number += 1
            if number > skip:
                yield intake.read(item, kind=kind, file_upload=file.upload_id)
