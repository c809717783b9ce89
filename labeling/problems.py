"""What can be wrong with a labeling config, said so that its author can put it right."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST_SLIP = 60

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. Lines and columns count from 1, columns in code points; 0 means the config as a whole."""

    message: str
    line: int = 0
    column: int = 0
    suggestion: str | None = None
    severity: Severity = "error"

    def __str__(self) -> str:
        place = f"Line {self.line}, column {self.column}: " if self.line else ""
        hint = f" {self.suggestion}" if self.suggestion else ""
        return f"{place}{self.message}{hint}"


class ConfigError(ValueError):
    """The config cannot be used. `problems` holds every error (and the warnings seen on the way), in the order of the source."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: list[Problem] = sorted(problems, key=lambda problem: (problem.line, problem.column))
        super().__init__("\n".join(str(problem) for problem in self.problems if problem.severity == "error"))


def closest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that `word` is most likely a slip of (case does not count), or None.

    Long words and all but the first 300 candidates are not looked at: the search is quadratic in their length.
    """
    if len(word) > _LONGEST_SLIP:
        return None
    by_lower = {candidate.lower(): candidate for candidate in islice(candidates, 300) if abs(len(candidate) - len(word)) <= 4}
    found = get_close_matches(word.lower(), by_lower, n=1, cutoff=0.7)
    return by_lower[found[0]] if found else None


def listed(words: Iterable[str], limit: int = 5) -> str:
    """`words` as text for a message: `"a", "b" or "c"`, at most `limit` of them."""
    quoted = [f'"{word}"' for word in islice(words, limit + 1)]
    if len(quoted) > limit:
        return ", ".join(quoted[:limit]) + " …"
    return " or ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)
