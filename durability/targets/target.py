"""A place off this machine that holds named objects. One small interface, so that shipping, leases and restoring are the same everywhere."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

AT_ONCE = 8  # objects fetched side by side


class TargetError(Exception):
    """The target cannot be used now. `str(error)` is one sentence that says why and what to do."""


class Target(ABC):
    """`name` is what people call it. `interval` is the seconds between two shipments while there is something to ship; `patience` the seconds that a
    new holder waits for the one before to hand over. Every method raises TargetError."""

    name: str
    interval: float = 1.0
    patience: float = 15.0

    @abstractmethod
    def names(self, prefix: str = "") -> dict[str, int]:
        """The objects whose names begin with `prefix`, with their sizes."""

    @abstractmethod
    def read(self, name: str) -> bytes:
        """A small object. Raises KeyError when there is none of that name."""

    @abstractmethod
    def write(self, add: Mapping[str, bytes | Path], remove: Collection[str] = ()) -> None:
        """Put objects in the given order, each whole or not at all, then remove others. When it returns, they outlive this machine."""

    @abstractmethod
    def claim(self, name: str, content: bytes) -> bool:
        """Put an object that nobody has put before. Returns False when somebody did; of several at once exactly one succeeds."""

    @abstractmethod
    def bring(self, name: str, file: Path) -> None:
        """Bring an object into a file."""

    def fetch(self, names: Iterable[str], folder: Path) -> None:
        """Bring objects into a folder, under their own names."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for _done in pool.map(lambda name: self.bring(name, place_for(folder, name)), names):
                pass

    def tidy(self) -> None:
        """What a target may want now and then: called once a day, when everything is shipped."""
        return


def place_for(folder: Path, name: str) -> Path:
    """Where `fetch` puts an object, its folders made."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    return path
