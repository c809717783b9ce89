"""From files to tasks: every item is judged and counted before anything is written, so that nothing is written of a file that has mistakes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.errors import Refused
from data_import.intake import Intake, ItemRefused
from data_import.parts import Entry, ImportFile, Reading, Unpacked, parts_of
from data_import.people import UNKNOWN_PERSON
from data_import.spool import Spool

if TYPE_CHECKING:
    from tasks.operations.bulk import NewTask

MAX_MESSAGES = 100
PROGRESS = 10_000  # items


@dataclass
class Found:
    """What was seen in files. `messages` are mistakes, at most 100."""

    count: int = 0
    messages: list[str] = field(default_factory=list)
    mistakes: int = 0
    formats: Counter[str] = field(default_factory=Counter)
    tasks_list: bool = False

    def refuse_mistakes(self, *, leave_out: bool = False) -> None:
        """Raises `Refused` (400) with every message when there was a mistake (unless those rows are left out), or when there is nothing to import."""
        if self.mistakes and (not leave_out or self.mistakes == self.count):
            messages = list(self.messages)
            if self.mistakes > len(messages):
                messages.append(f"… and {self.mistakes - len(messages):,} more items with mistakes.")
            raise Refused("Validation error", 400, fields={"non_field_errors": [*messages, *_known_sentences(messages)]})
        if not self.count:
            raise Refused("Validation error", 400, fields={"non_field_errors": ["There are no tasks to import."]})


def judge(
    intake: Intake,
    files: Sequence[ImportFile],
    *,
    reading: Reading | None = None,
    unpacked: Mapping[int, Unpacked] | None = None,
    spool: Spool | None = None,
    each: Callable[[Found], None] | None = None,
    mistake: Callable[[int, Entry, ItemRefused], None] | None = None,
    found: Found | None = None,
) -> Found:
    """Read everything and say what is there. The tasks go into `spool`; `each` is called now and then, `mistake` for what is refused.

    found: what an earlier reading had seen when it was broken off; goes on behind it.
    Raises `Refused` (400) for a file that cannot be read on.
    """
    found = found or Found()
    skip, number = found.count, 0
    found.formats.clear()
    for part, of in parts_of(files, intake.config, reading or Reading(), unpacked):
        for file in of:
            if file.name:
                found.formats["." + file.source.extension] += 1
        found.tasks_list |= part.tasks_list
        for entry in part.entries():
            number += 1
            if number <= skip:
                continue
            found.count = number
            try:
                task = intake.read(entry.item, kind=entry.kind, file_upload=entry.upload_id)
            except ItemRefused as refused:
                found.mistakes += 1
                if len(found.messages) < MAX_MESSAGES:
                    found.messages += sentences_of(number, entry, refused)[: MAX_MESSAGES - len(found.messages)]
                if mistake is not None:
                    mistake(number, entry, refused)
            else:
                if spool is not None and not found.mistakes:
                    spool.add(task)
            if each is not None and number % PROGRESS == 0:
                each(found)
    return found


def _known_sentences(messages: list[str]) -> list[str]:
    """Label Studio's sentence about people it does not know, without our place in the file: scripts look for it word for word."""
    parts = (message.partition(UNKNOWN_PERSON) for message in messages)
    return list(dict.fromkeys(f"{words}{email}" for place, words, email in parts if place and words))


def sentences_of(number: int, entry: Entry, refused: ItemRefused) -> list[str]:
    """What is wrong with an item, and where it stood."""
    place = f" ({entry.file}, line {entry.line})" if entry.file and entry.line else f" ({entry.file})" if entry.file else ""
    return [f"Error at item {number - 1}{place}: {message}" for message in refused.messages]


def tasks_of(
    intake: Intake,
    files: Sequence[ImportFile],
    *,
    reading: Reading,
    unpacked: Mapping[int, Unpacked] | None = None,
    skip: int = 0,
    leave_out: bool = False,
) -> Iterator[tuple[int, NewTask]]:
    """(number from 1, task) of files that have been judged, read again without the first `skip`; with `leave_out` also without what is refused."""
    number = 0
    for part, _files in parts_of(files, intake.config, reading, unpacked):
        for entry in part.entries():
            number += 1
            if number <= skip:
                continue
            try:
                task = intake.read(entry.item, kind=entry.kind, file_upload=entry.upload_id)
            except ItemRefused:
                if not leave_out:
                    raise
                continue
            yield number, task
