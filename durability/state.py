"""What the shipper last knew, in a small file of the data directory that every process reads."""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

FOLDER = "replica"
FILE = "state.json"
SILENT = 30.0  # seconds after which the shipper counts as gone
PATIENT = 10.0  # seconds beyond two intervals after which a copy is late


@dataclass
class State:
    """Times are seconds since the epoch. `saved_at`: everything committed before is off this machine. `error`: why the last shipment failed.

    `fenced`: the generation that has taken over from this server. `restored`: what the start found (`generation`, `rejected`). `drill`: the last trial.
    """

    target: str = ""
    generation: int = 0
    interval: float = 1.0
    saved_at: float = 0.0
    looked_at: float = 0.0
    error: str = ""
    fenced: int = 0
    socket: str = ""
    restored: dict[str, Any] = field(default_factory=dict)
    drill: dict[str, Any] = field(default_factory=dict)

    @property
    def level(self) -> str:
        """`ok`, `late` or `failing`."""
        now = time.time()
        if (
            self.fenced
            or now - self.looked_at > SILENT + self.interval
            or (self.error and now - self.saved_at > SILENT + 2 * self.interval)
        ):
            return "failing"
        return "late" if self.error or now - self.saved_at > 2 * self.interval + PATIENT else "ok"


def folder_in(data_directory: Path) -> Path:
    return data_directory / FOLDER


def write(data_directory: Path, state: State) -> None:
    folder = folder_in(data_directory)
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{FILE}.{os.getpid()}"
    draft.write_text(json.dumps(asdict(state)), encoding="utf-8")
    os.replace(draft, folder / FILE)


def read(data_directory: Path) -> State | None:
    """None when no copy is kept, or nothing is known of it yet."""
    try:
        found = json.loads((folder_in(data_directory) / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return State(**{name: value for name, value in found.items() if name in State.__dataclass_fields__})
