"""What an import reads with what: each uploaded file by itself, an archive as a whole, and files of one data set together."""

from __future__ import annotations

import re
import secrets
import shutil
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from core.errors import invalid
from data_import.contents import local_copy
from data_import.file_types import EXTENSIONS, MEDIA, extension_of
from data_import.models import FileUpload
from data_import.readers import (
    BY_EXTENSION,
    DATASETS,
    UNDEFINED,
    Archive,
    Bundle,
    Choices,
    DatasetReader,
    Files,
    Source,
    dataset_of,
    reader_of,
)
from data_import.storage import incoming

if TYPE_CHECKING:
    from labeling import Config

BY_ROWS = "rows"  # the format that a person chooses to have no annotation format looked for
TABLES = ("json", "jsonl", "csv", "tsv", "parquet")
LOOKED_AT = 100  # rows of an archive's tables in which its media are looked for


class Entry(NamedTuple):
    """An item to judge: the file and line where it stood, the kind of a medium, and the upload that its task came from."""

    item: Any
    file: str = ""
    line: int | None = None
    kind: str = ""
    upload_id: int | None = None


@dataclass(frozen=True)
class ImportFile:
    """A file to import. `upload_id` is set when it is kept as an upload (its tasks say so), `name` "" when it is the body of a request.

    The `path` of an upload may name a file that lies in a bucket only; `local` is always a file of this machine.
    """

    path: Path
    name: str
    url: str = ""
    upload_id: int | None = None

    @property
    def source(self) -> Source:
        return Source(self.path, self.name or "body.json", self.url)

    def local(self) -> Path:
        """The file's path, fetched from the store when it is not here."""
        if self.upload_id is None or self.path.exists():
            return self.path
        return local_copy(FileUpload.objects.select_related("content").get(pk=self.upload_id))

    @property
    def is_archive(self) -> bool:
        return extension_of(self.name) == "zip"

    def as_json(self) -> dict[str, Any]:
        return {"path": str(self.path), "name": self.name, "url": self.url, "upload_id": self.upload_id}

    @classmethod
    def of_json(cls, said: dict[str, Any]) -> ImportFile:
        return cls(Path(said["path"]), said["name"], said["url"], said["upload_id"])


@dataclass(frozen=True)
class Reading:
    """How files are read: `as_list` false makes a table one task; `format` is an annotation format's name, `BY_ROWS`, or "" for what is found."""

    as_list: bool = True
    format: str = ""
    choices: Choices = field(default_factory=Choices)


@dataclass(frozen=True)
class Unpacked:
    """Where the media of an archive are: {name within it: (address, upload id)}."""

    media: Mapping[str, tuple[str, int]]

    def address(self, name: str) -> str:
        return self.media[name][0] if name in self.media else name

    def uploads_by_address(self) -> dict[str, int]:
        return dict(self.media.values())


class Part(ABC):
    """Something that is read in one go. `extension` is what it is counted as; `tasks_list` says that it could be one task instead of many."""

    extension = ""
    tasks_list = False
    dataset: DatasetReader | None = None

    @abstractmethod
    def entries(self) -> Iterator[Entry]:
        """The items in a fixed order; may be called again."""


class FilePart(Part):
    def __init__(self, file: ImportFile, *, as_list: bool) -> None:
        self.file, self.source, self.as_list = file, file.source, as_list
        self.extension = self.source.extension if file.name else ""
        self.tasks_list = bool(file.name) and BY_EXTENSION[self.source.extension].tasks_list

    def entries(self) -> Iterator[Entry]:
        kind, name, upload = self.source.file_type.kind, self.file.name, self.file.upload_id
        for line, item in reader_of(self.source, as_list=self.as_list).items():
            yield Entry(item, name, line, kind, upload)


class DatasetPart(Part):
    """Files in an annotation format. A task belongs to the upload whose address it shows, else to `upload_id`."""

    def __init__(self, dataset: DatasetReader, extension: str, upload_id: int | None, uploads: Mapping[str, int]) -> None:
        self.dataset = self._reader = dataset
        self.extension = extension
        self.upload_id, self.uploads = upload_id, uploads

    def entries(self) -> Iterator[Entry]:
        for task, file, line in self._reader.rows():
            upload = None
            if self.uploads and isinstance(task, dict):
                values = task["data"].values()
                upload = next((self.uploads[value] for value in values if isinstance(value, str) and value in self.uploads), None)
            yield Entry(task, file, line, "", upload or self.upload_id)


class ArchivePart(Part):
    """An archive of media, of tables, or of both: then the tables say what the tasks are, and name the media by their paths within the archive."""

    extension = "zip"

    def __init__(self, archive: Archive, upload_id: int | None, unpacked: Unpacked, *, as_list: bool) -> None:
        self.archive, self.upload_id, self.unpacked, self.as_list = archive, upload_id, unpacked, as_list
        self.shown = [name for name in archive.names if extension_of(name) in BY_EXTENSION and extension_of(name) != "zip"]
        self.tables = [name for name in self.shown if extension_of(name) in TABLES]

    def entries(self) -> Iterator[Entry]:
        named = self._tables_name_media()
        for name in self.shown:
            kind = EXTENSIONS[extension_of(name)].kind
            if kind in MEDIA:
                if not named:
                    address, upload = self.unpacked.media.get(name, (name, self.upload_id))
                    yield Entry({"data": {UNDEFINED: address}}, name, None, kind, upload)
                continue
            for line, item in self._rows(name):
                yield Entry(self._with_addresses(item) if named else item, name, line, kind, self.upload_id)

    def _rows(self, name: str) -> Iterator[tuple[int | None, Any]]:
        with extracted(self.archive, name) as path:
            yield from reader_of(Source(path, name, self.archive.address(name)), as_list=self.as_list).items()

    def _tables_name_media(self) -> bool:
        if not self.tables or not self.archive.media:
            return False
        return any(
            self._medium(value) for name in self.tables for _line, item in islice(self._rows(name), LOOKED_AT) for value in _values(item)
        )

    def _medium(self, value: Any) -> str | None:
        """The member that a value of a task's data names."""
        if not isinstance(value, str) or len(value) > 1_000 or "://" in value:
            return None
        kind = EXTENSIONS.get(extension_of(value))
        if kind is None or kind.kind not in MEDIA:
            return None
        # Uploads of Label Studio carry eight random digits before their name.
        return self.archive.find_media(value) or self.archive.find_media(re.sub(r"^.*/[0-9a-f]{8}-", "", value))

    def _with_addresses(self, item: Any) -> Any:
        if not isinstance(item, dict):
            return item
        data = item.get("data", item)
        if not isinstance(data, dict):
            return item
        data = {key: self._addressed(value) for key, value in data.items()}
        return {**item, "data": data} if "data" in item else data

    def _addressed(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._addressed(inner) for inner in value]
        found = self._medium(value)
        return value if found is None else self.archive.address(found)


def parts_of(
    files: Sequence[ImportFile], config: Config, reading: Reading, unpacked: Mapping[int, Unpacked] | None = None
) -> Iterator[tuple[Part, Sequence[ImportFile]]]:
    """The parts of an import, each with its files, archives opened for as long as they are looked at.

    unpacked: where the media of each archive are, by its upload's id; without it a medium's own name stands for its address.
    Raises `Refused` (400) for an archive that is not taken and for a format that does not exist.
    """
    loose = [file for file in files if not file.is_archive]
    together = _together(loose, config, reading)
    if together is not None:
        yield together, loose
    else:
        for file in loose:
            yield FilePart(file, as_list=reading.as_list), [file]
    for file in files:
        if not file.is_archive:
            continue
        places = (unpacked or {}).get(file.upload_id or 0, Unpacked({}))
        archive = Archive(file.path, file.name, places.address)
        try:
            dataset = _dataset(archive, reading)
            if dataset is not None:
                yield DatasetPart(dataset(archive, config, reading.choices), "zip", file.upload_id, places.uploads_by_address()), [file]
            else:
                yield ArchivePart(archive, file.upload_id, places, as_list=reading.as_list), [file]
        finally:
            archive.close()


def _together(loose: Sequence[ImportFile], config: Config, reading: Reading) -> Part | None:
    """The loose files as one data set, when they hold an annotation format."""
    named = [file for file in loose if file.name]
    if not named or len(named) < len(loose):
        return None
    files: dict[str, ImportFile] = {}
    for file in named:
        files[file.name if file.name not in files else f"{file.upload_id}/{file.name}"] = file
    bundle = Files(named[0].name if len(named) == 1 else "files", {name: (file.local, file.url) for name, file in files.items()})
    dataset = _dataset(bundle, reading)
    if dataset is None:
        return None
    uploads = {file.url: file.upload_id for file in named if file.upload_id is not None}
    return DatasetPart(dataset(bundle, config, reading.choices), extension_of(named[0].name), named[0].upload_id, uploads)


def _dataset(bundle: Bundle, reading: Reading) -> type[DatasetReader] | None:
    if reading.format == BY_ROWS or not reading.as_list:
        return None
    if not reading.format:
        return dataset_of(bundle)
    for reader in DATASETS:
        if reader.name == reading.format:
            return reader
    raise invalid(
        format=f"There is no format {reading.format!r}. These are known: {', '.join([BY_ROWS, *(reader.name for reader in DATASETS)])}."
    )


@contextmanager
def extracted(bundle: Bundle, name: str) -> Iterator[Path]:
    """A member as a file of its own, for readers that read twice or from the end; gone afterwards."""
    path = incoming() / f"{secrets.token_hex(16)}.member"
    try:
        with path.open("wb") as file, bundle.open(name) as member:
            shutil.copyfileobj(member, file, 1 << 20)
        yield path
    finally:
        path.unlink(missing_ok=True)


def _values(item: Any) -> Iterator[Any]:
    data = item.get("data", item) if isinstance(item, dict) else None
    for value in data.values() if isinstance(data, dict) else ():
        yield from value if isinstance(value, list) else [value]
