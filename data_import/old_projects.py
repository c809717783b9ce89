"""The directory of a Label Studio 0.x project, taken in as it is: set-up, tasks, completions (now annotations), predictions and files.

Everything or nothing, and once: a directory that was taken in is remembered, whatever becomes of its project.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from django.db import transaction

from core.actor import Actor
from core.errors import invalid
from core.events.record import record
from core.rawjson import JSONRefused, json_text, read_json
from core.startup.old_project import LABELING, OldProject
from data_import.contents import discard_unused
from data_import.disk import keep
from data_import.file_types import EXTENSIONS, extension_of
from data_import.intake import Intake, ItemRefused
from data_import.models import AdoptedDirectory
from projects.models import Project
from projects.operations import create_project
from projects.serializers import TITLE_LENGTH, ProjectSerializer
from tasks.operations.bulk import Added, NewTask, add_tasks

SAMPLING = {
    "sequential": Project.Sampling.SEQUENTIAL,
    "uniform": Project.Sampling.UNIFORM,
    "prediction-score-min": Project.Sampling.UNCERTAINTY,
}
# `/data/upload/cat.jpg`, `/data/cat.jpg?d=/pictures` and both with the server's former address before them.
ADDRESS = re.compile(r"(?:https?://[^/\s\"']+)?/data/(?:upload/)?(?P<name>[^\s\"'?]+)(?:\?d=(?P<folder>[^\s\"'&]+))?")
OLD_ID = "label_studio_id"  # in a task's meta: its number in the directory


@dataclass(frozen=True)
class Adopted:
    """`project` is None when the directory had been taken in before."""

    project: Project | None
    added: Added = field(default_factory=Added)


def adopt(actor: Actor, old: OldProject) -> Adopted:
    """Make a project of a directory. Raises `Refused` (400) for what cannot be read; nothing is kept then."""
    directory = str(old.folder.resolve())
    files = _Files(old)
    try:
        with transaction.atomic():
            # The row first: of two starts at once, the second waits here and then finds it.
            row, new = AdoptedDirectory.objects.get_or_create(directory=directory)
            if not new:
                return Adopted(None)
            project = create_project(actor, _fields(old))
            files.keep_for(actor, project)
            added = add_tasks(actor, project, _tasks(Intake(actor, project), old, files))
            AdoptedDirectory.objects.filter(pk=row.pk).update(project_id=project.pk)
            record("project.adopted", actor, project=project.pk, ids=[project.pk], directory=directory, tasks=len(added.task_ids))
    except BaseException:
        files.forget()
        raise
    project.refresh_from_db()
    return Adopted(project, added)


def _fields(old: OldProject) -> dict[str, Any]:
    """The project's fields, validated as a client's would be."""
    config = old.path("label_config", LABELING)
    if not config.is_file() and (old.folder / LABELING).is_file():
        config = old.folder / LABELING  # the directory was moved, and config.json names its former place
    title = old.title[: TITLE_LENGTH[1]].strip()
    said = {
        "title": title if len(title) >= TITLE_LENGTH[0] else f"Project {title}".strip(),
        "label_config": _text(config) if config.is_file() else "",
        "description": str(old.settings.get("description") or ""),
        "expert_instruction": str(old.settings.get("instruction") or ""),
        "show_instruction": bool(old.settings.get("show_instruction") or old.settings.get("instruction")),
        "sampling": SAMPLING.get(str(old.settings.get("sampling")), Project.Sampling.SEQUENTIAL),
    }
    written = ProjectSerializer(data=said)
    written.is_valid(raise_exception=True)
    return dict(written.validated_data)


def _tasks(intake: Intake, old: OldProject, files: _Files) -> Iterator[NewTask]:
    for number, item in _items(old):
        try:
            task = intake.read({**item, "data": files.with_addresses(item.get("data"))})
        except ItemRefused as refused:
            raise invalid(non_field_errors=f"task {number}: {refused}") from None
        task.meta = json_text({**_dictionary(item.get("meta")), OLD_ID: number})
        task.inner_id = number if isinstance(number, int) and number > 0 else None
        yield task


def _items(old: OldProject) -> Iterator[tuple[int | str, dict[str, Any]]]:
    """(number, task in today's words) of every task, those first that have a number above 0: the others are numbered after them."""
    completions = _folder(old, ("target", "output_dir"), "completions")
    predictions = old.folder / "predictions"
    tasks = _source(old)
    for file in sorted(completions.glob("*.json")) if completions.is_dir() else ():
        tasks.setdefault(file.stem, {})
    for name in sorted(tasks, key=lambda name: (not _number(name) > 0, _number(name), name)):
        answered = _json(completions / f"{name}.json")
        predicted = _json(predictions / f"{name}.json")
        item = {**answered, **tasks[name]}
        found = [*_list(tasks[name].get("predictions")), *_list(predicted.get("predictions"))]
        item["predictions"] = [row for place, row in enumerate(found) if row not in found[:place]]
        answers = _list(answered.get("completions")) or _list(tasks[name].get("completions"))
        item["annotations"] = [_annotation(answer) for answer in answers]
        item.pop("completions", None)
        yield _number(name) if _number(name) >= 0 else name, item


def _annotation(said: Any) -> Any:
    """A completion in today's words. There were no accounts: `completed_by` of later versions names nobody here."""
    if not isinstance(said, dict):
        return said
    skipped = said.get("was_cancelled", said.get("skipped", said.get("cancelled"))) is True
    checked = said.get("ground_truth", said.get("honeypot")) is True
    return {
        **{name: value for name, value in said.items() if name not in ("completed_by", "updated_by")},
        "result": said.get("result") or [],
        "was_cancelled": skipped,
        "ground_truth": checked,
    }


def _source(old: OldProject) -> dict[str, dict[str, Any]]:
    """The tasks by their number as text: `tasks.json`, or where config.json says they are."""
    named = _dictionary(old.settings.get("source")).get("path"), old.settings.get("input_path"), "tasks.json", "source.json"
    file = next(
        (path for name in named if isinstance(name, str) and name and (path := old.folder / name).suffix == ".json" and path.is_file()),
        None,
    )
    if file is None:
        return {}
    found = read_file(file)
    rows = (
        found.items()
        if isinstance(found, dict)
        else ((row.get("id", place), row) for place, row in enumerate(found) if isinstance(row, dict))
    )
    return {str(name): row if "data" in row else {"data": row} for name, row in rows if isinstance(row, dict)}


def read_file(file: Path) -> Any:
    """The JSON in a file. Raises `Refused` (400) naming the file."""
    try:
        return read_json(file.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    except OSError as error:
        raise invalid(non_field_errors=f"{file} cannot be read ({error.strerror}).") from None
    except JSONRefused as error:
        raise invalid(non_field_errors=f"{file}: {error}") from None


def _json(file: Path) -> dict[str, Any]:
    return _dictionary(read_file(file)) if file.is_file() else {}


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise invalid(non_field_errors=f"{file} cannot be read ({getattr(error, 'strerror', None) or 'not UTF-8'}).") from None


def _folder(old: OldProject, keys: tuple[str, str], default: str) -> Path:
    named = _dictionary(old.settings.get(keys[0])).get("path"), old.settings.get(keys[1])
    return next((path for name in named if isinstance(name, str) and name and (path := old.folder / name).is_dir()), old.folder / default)


def _dictionary(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _number(name: str) -> int:
    return int(name) if name.isdigit() and len(name) < 19 else -1


class _Files:
    """The files that tasks show, copied into the project's uploads when the first task names them."""

    def __init__(self, old: OldProject) -> None:
        said = old.settings.get("input_path")
        self._folder = old.folder.resolve()
        # Nothing else of the machine is copied, whatever a task's data says.
        self._allowed = [self._folder, *([(old.folder / said).resolve()] if isinstance(said, str) and said else [])]
        self._addresses: dict[Path, str] = {}
        self._kept: list[str] = []
        self._keep: Callable[[Path], str] | None = None

    def keep_for(self, actor: Actor, project: Project) -> None:
        def copy(file: Path) -> str:
            upload = keep(actor, project, file, file.name)
            self._kept.append(upload.content.path)
            return f"/data/{upload.file}"

        self._keep = copy

    def forget(self) -> None:
        for path in self._kept:
            discard_unused(path)

    def with_addresses(self, value: Any) -> Any:
        """The same data with the addresses that its files have now."""
        if isinstance(value, str):
            return ADDRESS.sub(self._address, value) if "/data/" in value else value
        if isinstance(value, list):
            return [self.with_addresses(one) for one in value]
        if isinstance(value, dict):
            return {key: self.with_addresses(one) for key, one in value.items()}
        return value

    def _address(self, match: re.Match[str]) -> str:
        name, folder = unquote(match["name"]), unquote(match["folder"] or "")
        places = [Path(folder) / name] if folder else [self._folder / "upload" / name, self._folder / name]
        for place in places:
            file = (self._folder / place).resolve()
            if not any(file.is_relative_to(allowed) for allowed in self._allowed) or not file.is_file():
                continue
            if extension_of(file.name) not in EXTENSIONS or self._keep is None:
                continue
            if file not in self._addresses:
                self._addresses[file] = self._keep(file)
            return self._addresses[file]
        return match[0]
