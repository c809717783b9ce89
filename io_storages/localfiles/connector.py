from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from io_storages.connector import Body, Connector, ObjectMissing, StorageError, Stored

PIECE = 256 << 10
ADDRESS = "/data/local-files/"


class LocalFiles(Connector):
    """Keys are paths below `LOCAL_FILES_DOCUMENT_ROOT`, with `/`."""

    scheme = "local"

    @property
    def root(self) -> str:
        return "local-files"

    @property
    def document_root(self) -> Path:
        return Path(settings.LOCAL_FILES_DOCUMENT_ROOT).resolve()

    @property
    def folder(self) -> Path:
        return Path(str(self.values["path"])).resolve()

    @property
    def prefix(self) -> str:
        return self.folder.relative_to(self.document_root).as_posix() if self.folder.is_relative_to(self.document_root) else ""

    def address(self, key: str) -> str:
        return f"{ADDRESS}?d={quote(key)}"

    def key_of(self, address: str) -> str | None:
        parts = urlsplit(address)
        if not parts.path.endswith(ADDRESS):
            return None
        key = parse_qs(parts.query).get("d", [""])[0]
        return key if key.startswith(self.prefix + "/") else None

    def check(self, *, write: bool = False) -> None:
        if not settings.LOCAL_FILES_SERVING_ENABLED:
            raise StorageError(
                _(
                    "Serving local files can be dangerous, so it is switched off. The administrator can allow it with LABEL_STUDIO_LOCAL_FILES_SERVING_ENABLED=true."
                )
            )
        if self.folder == self.document_root or not self.folder.is_relative_to(self.document_root):
            raise StorageError(
                _("The folder %(path)s must lie below LOCAL_FILES_DOCUMENT_ROOT (%(root)s).")
                % {"path": self.values["path"], "root": self.document_root}
            )
        if not self.folder.is_dir():
            raise StorageError(_("The folder %(path)s does not exist on the server.") % {"path": self.values["path"]})
        if write and not os.access(self.folder, os.W_OK):
            raise StorageError(_("The server may not write to %(path)s.") % {"path": self.values["path"]})

    def listing(self, *, recursive: bool, after: str = "") -> Iterator[Stored]:
        self.check()
        yield from self._walk(str(self.folder), self.prefix + "/", recursive, after)

    def _walk(self, folder: str, start: str, recursive: bool, after: str) -> Iterator[Stored]:
        """The files of a folder whose keys begin with `start`. Plain strings: a million paths as objects would cost more than all else."""
        try:
            with os.scandir(folder) as found:
                # Folders sort as their contents do: by name with a slash.
                entries = sorted(found, key=lambda entry: entry.name + ("/" if entry.is_dir(follow_symlinks=False) else ""))
        except OSError as error:
            raise StorageError(_("The folder %(path)s cannot be read: %(reason)s") % {"path": folder, "reason": error.strerror}) from None
        for entry in entries:
            key = start + entry.name
            if entry.is_dir(follow_symlinks=False):
                if recursive and not (after and key + "/" < after and not after.startswith(key + "/")):
                    yield from self._walk(entry.path, key + "/", recursive, after)
            elif not entry.name.startswith(".") and key > after and entry.is_file() and self._belongs(entry):
                yield self._stored(key, entry.stat())

    def _belongs(self, entry: os.DirEntry[str]) -> bool:
        """Whether it lies in the folder, where links lead as well."""
        return not entry.is_symlink() or self._inside(Path(entry.path))

    def _inside(self, path: Path) -> bool:
        return path.resolve().is_relative_to(self.folder)

    def path(self, key: str) -> Path:
        """The file of a key. Raises `ObjectMissing` for what lies outside of the folder, also by a link."""
        path = (self.document_root / key).resolve()
        if not path.is_relative_to(self.folder) or not path.is_file():
            raise ObjectMissing(_("There is no file %(key)s.") % {"key": key})
        return path

    def head(self, key: str) -> Stored:
        return self._stored(key, self.path(key).stat())

    @contextmanager
    def open(self, key: str, first: int = 0, last: int | None = None) -> Iterator[Body]:
        with self.path(key).open("rb") as file:
            stored = self._stored(key, os.fstat(file.fileno()))
            end = stored.size - 1 if last is None else min(last, stored.size - 1)
            file.seek(first)
            yield Body(stored, first, end, self._pieces(file, end - first + 1))

    def _pieces(self, file: object, left: int) -> Iterator[bytes]:
        while left > 0 and (piece := file.read(min(PIECE, left))):  # type: ignore[attr-defined]
            left -= len(piece)
            yield piece

    def put(self, key: str, data: bytes, content_type: str = "application/json") -> None:
        path = (self.document_root / key).resolve()
        if not path.is_relative_to(self.folder):
            raise StorageError(_("The file %(key)s would lie outside of the folder.") % {"key": key})
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
            draft.write_bytes(data)
            draft.replace(path)
        except OSError as error:
            raise StorageError(_("%(key)s cannot be written: %(reason)s") % {"key": key, "reason": error.strerror}) from None

    def delete(self, key: str) -> None:
        path = (self.document_root / key).resolve()
        if path.is_relative_to(self.folder):
            path.unlink(missing_ok=True)

    def _stored(self, key: str, found: os.stat_result) -> Stored:
        return Stored(key, found.st_size, f"{int(found.st_mtime)}-{found.st_size}", datetime.fromtimestamp(found.st_mtime, UTC))
