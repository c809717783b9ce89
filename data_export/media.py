"""The files that tasks show, for archives: which name each one has there, and where its bytes come from.

A project's own uploads are read from disk. Addresses elsewhere are only asked when the export is to fetch them, through `core.outbound`. What
cannot be put into the archive is listed in it, in `missing.txt`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import mimetypes
import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from io import BytesIO
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import parse_qs, unquote, urlsplit

from core.errors import Refused
from core.outbound import fetch
from data_export.archive import Archive
from data_export.entry_names import EntryNames, safe_name, stem_of
from data_export.items import ExportedTask, Item, content_of, exported_tasks
from data_import.contents import open_content
from data_import.models import FileUpload

if TYPE_CHECKING:
    from data_export.queries import Tasks
    from labeling import Config, ObjectTag
    from projects.models import Project

UPLOAD = re.compile(r"(?:^|/)(upload/\d{1,18}/[^/]+)$")
PREFIX = re.compile(r"^[0-9a-f]{8}-")
PIECE = 256 << 10
GIVE_UP_AFTER = 3  # failures of one host: a dead one must not cost ten seconds per task
KEPT_IN_MEMORY = 1 << 20  # bytes of a fetched file


@dataclass(frozen=True, slots=True)
class Medium:
    """A file of a task. `name` is its name in the archive; `first`: nobody has used it before in this export. `upload`: where an upload's bytes are, and how many."""

    task: int
    url: str
    name: str
    first: bool
    upload: tuple[str, int] | None = None

    @property
    def stem(self) -> str:
        return stem_of(self.name)


class Media:
    """The files of one export. `remote`: fetch those that are not uploads of the project."""

    def __init__(self, project: Project, *, remote: bool) -> None:
        self._project, self._remote = project, remote
        self._names = EntryNames()
        self._uploads: dict[str, tuple[str, str, int]] = {}  # address: its name, where its bytes are, how many
        self._failures: Counter[str] = Counter()
        self._missing = tempfile.SpooledTemporaryFile(max_size=KEPT_IN_MEMORY)  # noqa: SIM115 - closed by `__exit__`

    def __enter__(self) -> Media:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._names.__exit__(kind, error, trace)
        self._missing.close()

    def know(self, urls: Iterable[str]) -> None:
        """Look up which of these addresses are uploads of the project, and what they were called; a chunk of tasks at a time."""
        paths = {path for url in urls if (path := upload_path(url)) and path.startswith(f"upload/{self._project.pk}/")}
        found = FileUpload.objects.filter(project=self._project, file__in=paths).values_list("file", "name", "content__path", "size")
        self._uploads = {file: (name, path, size) for file, name, path, size in found} if paths else {}

    def of(self, task: int, url: str) -> Medium:
        """The file a task shows at `url`. Raises nothing: an address that means nothing is a file that will be missing."""
        path = upload_path(url)
        if path is None:
            wanted = safe_name(_name_in(url), f"task-{task}")
            other = f"task-{task}-{wanted}"
        else:
            # Uploads get back the name they came with; a second file of that name keeps the prefix that tells them apart.
            other = safe_name(path)
            wanted = safe_name(self._uploads[path][0] if path in self._uploads else PREFIX.sub("", other))
        upload = self._uploads[path][1:] if path in self._uploads else None
        name, first = self._names.give(_identity(url) or f"task {task}", wanted, other)
        return Medium(task, url, name, first, upload)

    def companion(self, medium: Medium, item: Item) -> str:
        """The stem of a file that accompanies the medium: the medium's own for its first answer, one with the answer's number for others."""
        if medium.first:
            return medium.stem
        kind, key = ("annotation", item.annotation) if item.annotation is not None else ("task", item.task)
        wanted = f"{medium.stem}-{kind}-{key}.txt"
        return stem_of(self._names.give(f"{kind} {key} of {medium.name}", wanted, wanted)[0])

    @contextmanager
    def opened(self, medium: Medium, *, note: bool = True) -> Iterator[BinaryIO | None]:
        """The file, or None when it cannot be had; then `note` lists it as missing."""
        found, why = self._open(medium) if note or medium.upload else (None, "")
        if found is None:
            if note:
                self.note(medium, why)
            yield None
            return
        try:
            yield found
        finally:
            found.close()

    def note(self, medium: Medium, why: str) -> None:
        """List something of a task as not in the archive."""
        self._missing.write(f"task {medium.task}\t{medium.name}\t{_line(medium.url)}\t{why}\n".encode())

    def missing(self, archive: Archive) -> Iterator[bytes]:
        """The list of what is not in the archive, when there is any."""
        if size := self._missing.tell():
            self._missing.seek(0)
            yield from archive.stream("missing.txt", pieces_of(self._missing), size)

    def _open(self, medium: Medium) -> tuple[BinaryIO | None, str]:
        if medium.upload:
            try:
                return open_content(*medium.upload), ""
            except Refused:
                return None, "the file is gone"
        if medium.url.startswith("data:"):
            return _inline(medium.url)
        if not medium.url.lower().startswith(("http://", "https://")):
            return None, "not an upload of this project" if medium.url else "the task has no file"
        if not self._remote:
            return None, "not fetched: the export was not asked to download resources"
        return self._fetch(medium.url)

    def _fetch(self, url: str) -> tuple[BinaryIO | None, str]:
        host = _host(url)
        if self._failures[host] >= GIVE_UP_AFTER:
            return None, "not fetched: this host failed several times"
        # Received whole before the archive begins an entry for it: an entry that breaks off would break the archive.
        file: BinaryIO = tempfile.SpooledTemporaryFile(max_size=KEPT_IN_MEMORY)  # type: ignore[assignment]  # noqa: SIM115 - the caller closes it
        try:
            with fetch(url) as answer:
                if answer.status != 200:
                    file.close()
                    return None, f"the address answered {answer.status}"
                for piece in answer.stream():
                    file.write(piece)
        except Refused as refused:
            self._failures[host] += 1
            file.close()
            return None, _line(str(refused))
        file.seek(0)
        return file, ""


def items_with_media(
    selection: Tasks, config: Config, source: ObjectTag | None, media: Media, *, reference_first: bool = False
) -> Iterator[tuple[Item, Medium]]:
    """Every item of the selection with the file its task shows."""
    for tasks in exported_tasks(selection, reference_first=reference_first):
        urls = {task.id: content_of(source, task.data) for task in tasks}
        media.know(urls.values())
        for task in tasks:
            yield from _items(task, config, media.of(task.id, urls[task.id]))


def _items(task: ExportedTask, config: Config, medium: Medium) -> Iterator[tuple[Item, Medium]]:
    for item in task.items(config):
        yield item, medium
        medium = replace(medium, first=False) if medium.first else medium


def packed(archive: Archive, name: str, file: BinaryIO) -> Iterator[bytes]:
    """The open file as an entry of the archive."""
    file.seek(0, 2)
    size = file.tell()
    file.seek(0)
    yield from archive.stream(name, pieces_of(file), size, packed=False)


def pieces_of(file: BinaryIO | tempfile.SpooledTemporaryFile[bytes]) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece


def upload_path(url: str) -> str | None:
    """`upload/<project>/<name>` of an address of this server, None for any other address."""
    if not url or len(url) > 2_000:
        return None
    with suppress(ValueError):
        parts = urlsplit(url)
        if not parts.scheme and not parts.netloc and (match := UPLOAD.search(unquote(parts.path))):
            return match[1]
    return None


def _identity(url: str) -> str:
    """What tells one address from another: itself, or a hash of one that is long (a whole picture may stand in it)."""
    return url if len(url) <= 500 else hashlib.sha256(url.encode()).hexdigest()


def _inline(url: str) -> tuple[BinaryIO | None, str]:
    """The file that a `data:` address holds in base64."""
    head, comma, content = url.partition(",")
    try:
        return (BytesIO(base64.b64decode(content, validate=True)), "") if comma and head.endswith(";base64") else (None, "not base64")
    except binascii.Error:
        return None, "not base64"


def _name_in(url: str) -> str:
    """The last part of an address that looks like a file: of its path, or of the path in `?d=` (local files)."""
    if url.startswith("data:"):
        return mimetypes.guess_extension(url[5:].partition(";")[0]) or ""
    with suppress(ValueError):
        parts = urlsplit(url)
        said = parse_qs(parts.query).get("d")
        return unquote(said[-1] if said else parts.path).rstrip("/").rsplit("/", 1)[-1]
    return ""


def _host(url: str) -> str:
    with suppress(ValueError):
        return urlsplit(url).netloc
    return ""


def _line(text: str) -> str:
    return " ".join(text[:500].split())
