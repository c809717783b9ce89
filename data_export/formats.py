"""What an export format is. The table of formats is in `writers/__init__.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from data_export.queries import Selection
    from projects.models import Project


@dataclass(frozen=True)
class Options:
    """What an export may be asked besides its tasks. `raw`: tables without the guard against formulas."""

    raw: bool = False


@dataclass(frozen=True)
class Format:
    """`write` yields the file in pieces. `fits` says whether a project's labeling set-up can be written in it."""

    name: str
    title: str
    description: str | _StrPromise
    extension: str
    content_type: str
    write: Callable[[Selection, Options], Iterator[bytes]]
    tags: tuple[str, ...] = ()
    fits: Callable[[Project], bool] = lambda project: True

    def as_json(self, project: Project) -> dict[str, Any]:
        row: dict[str, Any] = {"name": self.name, "title": self.title, "description": str(self.description), "link": f"/docs/export/#{self.name.lower()}"}
        if self.tags:
            row["tags"] = list(self.tags)
        if not self.fits(project):
            row["disabled"] = True
        return row
