"""Tasks from files of this machine, as `--input-path` names them: a file, or a folder of files."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from core.actor import Actor
from core.commands import INPUT_FORMATS
from core.errors import Refused, invalid
from data_import.file_types import EXTENSIONS, extension_of
from data_import.intake import Intake, ItemRefused
from data_import.jobs import answer_of, finish
from data_import.models import FileUpload
from data_import.operations import Options, import_tasks, start_import, store_upload
from data_import.receiving import as_import_file
from data_import.storage import pieces_of, receive
from projects.models import Project
from tasks.operations.bulk import NewTask

WHOLE_TEXTS = "text-dir"  # each file is one task, where a text file elsewhere is a task per line


def import_from_disk(actor: Actor, project: Project, path: Path, format: str | None = None) -> int:
    """Import what is at `path`, copied into the project's uploads; returns the number of tasks.

    format: a key of INPUT_FORMATS, None for what the files' names say. Raises `Refused` (400) for what cannot be read; nothing is imported then.
    """
    files = list(_files(path, format))
    if format == WHOLE_TEXTS:
        return import_tasks(actor, project, _texts(Intake(actor, project), files)).task_count
    uploads = [as_import_file(keep(actor, project, file, _name(file, format))) for file in files]
    answer = answer_of(finish(start_import(actor, project, uploads, Options())))
    return int(answer["task_count"])


def keep(actor: Actor, project: Project, file: Path, name: str) -> FileUpload:
    """Copy a file of this machine into a project's uploads. Raises `Refused` (400) when it cannot be read or is of a kind that is not taken."""
    try:
        with file.open("rb") as source:
            received = receive(pieces_of(source), announced=file.stat().st_size)
    except OSError as error:
        raise invalid(non_field_errors=f"{file} cannot be read ({error.strerror}).") from None
    try:
        return store_upload(actor, project, received, name)
    finally:
        received.forget()


def _files(path: Path, format: str | None) -> Iterator[Path]:
    if not path.exists():
        raise invalid(non_field_errors=f"{path} does not exist.")
    folder, extension = INPUT_FORMATS[format] if format else (path.is_dir(), "")
    if folder != path.is_dir():
        raise invalid(non_field_errors=f"{path} is {'a file' if folder else 'a folder'}, and --input-format {format} takes the other.")
    if not folder:
        yield path
        return
    kinds = {format.partition("-")[0]} if format and not extension else None
    found = (file for file in sorted(path.rglob("*")) if file.is_file() and not file.name.startswith("."))
    fitting = (
        file
        for file in found
        if (file_type := EXTENSIONS.get(extension_of(file.name)))
        and (kinds is None or file_type.kind in kinds)
        and (not extension or extension_of(file.name) == extension)
    )
    first = next(fitting, None)
    if first is None:
        raise invalid(non_field_errors=f"There is no file of the right kind in {path}.")
    yield from chain([first], fitting)


def _name(file: Path, format: str | None) -> str:
    """What the copy is called: the format's extension decides how it is read."""
    extension = INPUT_FORMATS[format][1] if format else ""
    return file.name if not extension or extension_of(file.name) == extension else f"{file.name}.{extension}"


def _texts(intake: Intake, files: list[Path]) -> Iterator[NewTask]:
    key = intake.key_for()
    for file in files:
        try:
            yield intake.read({key: file.read_text(encoding="utf-8")})
        except (OSError, UnicodeDecodeError) as error:
            raise invalid(non_field_errors=f"{file} cannot be read ({getattr(error, 'strerror', None) or 'not UTF-8'}).") from None
        except ItemRefused as refused:
            raise Refused("Validation error", 400, fields={"non_field_errors": [f"{file}: {refused}"]}) from None
