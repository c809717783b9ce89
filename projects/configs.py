"""A project's labeling set-up as a parsed `Config`, cached by its text."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from core.errors import Refused

if TYPE_CHECKING:
    from labeling import Config


@lru_cache(512)
def parsed(label_config: str) -> Config:
    """The parsed config. Raises `Refused` (400, field label_config) with every problem, each with its line."""
    # Imported here: reading the table of tags costs start time that a server answering /health does not need.
    import labeling

    try:
        return labeling.parse(label_config or "<View></View>")
    except labeling.ConfigError as error:
        problems = [str(problem) for problem in error.problems if problem.severity == "error"]
        raise Refused("Validation error", 400, fields={"label_config": problems}) from None


def warnings(label_config: str) -> list[str]:
    """What is odd about a config but does not stop it: unknown tags, for one."""
    return [str(problem) for problem in parsed(label_config).warnings]
