"""The kinds of background work. A room adds its kinds in `AppConfig.ready()`: one `register(JobKind(…))` each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.jobs.run import JobRun


@dataclass(frozen=True)
class JobKind:
    """`run` does the work from `run.cursor` on and returns the result to keep (plain JSON).

    It must be able to be called again after any interruption: each step writes its rows and its cursor in one transaction (`JobRun.step`).
    """

    name: str
    run: Callable[[JobRun], dict[str, Any] | None]
    attempts: int = 5  # tries after crashes, before the job is given up


_kinds: dict[str, JobKind] = {}


def register(kind: JobKind) -> None:
    _kinds[kind.name] = kind


def kind_named(name: str) -> JobKind:
    """Raises KeyError for a kind that no room has registered."""
    return _kinds[name]
