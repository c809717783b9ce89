"""A folder: a second disk, a mounted volume, a network share."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from durability.targets.target import Target, TargetError


class Folder(Target):
    interval = 1.0

    def __init__(self, root: Path) -> None:
        self.root = root
        self.name = str(root)

    def names(self, prefix: str = "") -> dict[str, int]:
        found: dict[str, int] = {}
        start = self.root / prefix.rpartition("/")[0]
        with self._told():
            for folder, _folders, files in os.walk(start):
                for file in files:
                    path = Path(folder, file)
                    name = path.relative_to(self.root).as_posix()
                    if name.startswith(prefix) and not file.startswith("."):
                        found[name] = path.stat().st_size
        return found

    def read(self, name: str) -> bytes:
        with self._told():
            try:
                return (self.root / name).read_bytes()
            except FileNotFoundError:
                raise KeyError(name) from None

    def write(self, add: Mapping[str, bytes | Path], remove: Collection[str] = ()) -> None:
        with self._told():
            for name, content in add.items():
                draft = self._draft(name, content)
                os.replace(draft, self.root / name)
            for folder in {(self.root / name).parent for name in add}:
                _flush_folder(folder)
            for name in remove:
                (self.root / name).unlink(missing_ok=True)

    def claim(self, name: str, content: bytes) -> bool:
        with self._told():
            draft = self._draft(name, content)
            try:
                os.link(draft, self.root / name)
            except FileExistsError:
                return False
            except OSError:  # a file system without hard links
                return self._claim_by_name(name, content)
            finally:
                draft.unlink(missing_ok=True)
            _flush_folder(draft.parent)
            return True

    def _claim_by_name(self, name: str, content: bytes) -> bool:
        try:
            with (self.root / name).open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        except FileExistsError:
            return False
        return True

    def bring(self, name: str, file: Path) -> None:
        with self._told():
            shutil.copyfile(self.root / name, file)

    def _draft(self, name: str, content: bytes | Path) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        with draft.open("wb") as file:
            if isinstance(content, Path):
                with content.open("rb") as source:
                    shutil.copyfileobj(source, file, 1 << 20)
            else:
                file.write(content)
            file.flush()
            os.fsync(file.fileno())
        return draft

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise TargetError(f"{self.root} cannot be used ({error.strerror or error}).") from None


def _flush_folder(folder: Path) -> None:
    """A new name is on the disk only when its folder is."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:  # a system on which folders are not opened
        return
    try:
        os.fsync(descriptor)
    except OSError:
        return
    finally:
        os.close(descriptor)
