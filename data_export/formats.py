"""What an export format is. The table of formats is in `writers/__init__.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from data_export.queries import Tasks
    from projects.models import Project


@dataclass(frozen=True)
class Options:
    """What an export may be asked besides its tasks.

    `raw`: tables without the guard against formulas. `download_resources`: True fetches files from other addresses, False leaves them alone;
    None is the format's own way: those "with images" fetch, the others only take what was uploaded here.
    """

    raw: bool = False
    download_resources: bool | None = None


@dataclass(frozen=True)
class ExportedFile:
    """A file to send: its extension without dot, its content type and its bytes in pieces."""

    extension: str
    content_type: str
    pieces: Iterator[bytes]


@dataclass(frozen=True)
class Format:
    """`write` yields the file in pieces. `fits` says whether a project's labeling set-up can be written in it. `choose` is for formats whose
    kind of file depends on what there is to write; it takes the place of `write`."""

    name: str
    title: str
    description: str | _StrPromise
    extension: str
    content_type: str
    write: Callable[[Tasks, Options], Iterator[bytes]]
    tags: tuple[str, ...] = ()
    fits: Callable[[Project], bool] = lambda project: True
    choose: Callable[[Tasks, Options], ExportedFile] | None = None

    def file(self, selection: Tasks, options: Options) -> ExportedFile:
        """The file to send."""
        if self.choose is not None:
            return self.choose(selection, options)
        return ExportedFile(self.extension, self.content_type, self.write(selection, options))
