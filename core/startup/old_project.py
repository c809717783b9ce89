"""The directory of a Label Studio 0.x project, as `start DIRECTORY` finds it: `config.json` with everything else beside it. Needs no Django."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.startup import StartError

CONFIG = "config.json"
LABELING = "config.xml"


@dataclass(frozen=True)
class OldProject:
    """`settings` is what config.json says."""

    folder: Path
    settings: dict[str, Any]

    @property
    def title(self) -> str:
        return str(self.settings.get("title") or self.folder.name)

    @property
    def name_and_password(self) -> str:
        """`user:password` that the whole server was closed with, or ""."""
        name, password = self.settings.get("username"), self.settings.get("password")
        return f"{name}:{password}" if name and password else ""

    def path(self, key: str, default: str) -> Path:
        """A file or folder that config.json names, relative to the directory."""
        said = self.settings.get(key)
        return self.folder / (said if isinstance(said, str) and said else default)


def old_project(name: str | None) -> OldProject | None:
    """The 0.x project in the directory `name`; None when there is no such directory, or something else in it.

    Raises StartError when its config.json cannot be read.
    """
    if not name:
        return None
    folder = Path(name).expanduser().absolute()
    file = folder / CONFIG
    if not file.is_file():
        return OldProject(folder, {}) if (folder / LABELING).is_file() else None
    try:
        settings = json.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise StartError(f"{file} cannot be read ({getattr(error, 'strerror', None) or 'it is not JSON'}).") from None
    if not isinstance(settings, dict):
        raise StartError(f"{file} cannot be read (it is not a JSON object).")
    return OldProject(folder, settings)
