"""What a Hugging Face Space says of itself in the environment of its container."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

PORT = 7860  # where the platform looks when the README names no app_port
_UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12, "Ki": 1 << 10, "Mi": 1 << 20, "Gi": 1 << 30, "Ti": 1 << 40}


@dataclass(frozen=True, kw_only=True)
class Space:
    """All empty elsewhere. `creator` is the number of the account that made the Space, `cores` and `memory` (bytes) what its hardware gives."""

    id: str = ""
    host: str = ""
    author: str = ""
    creator: str = ""
    hardware: str = ""
    cores: int | None = None
    memory: int | None = None

    def __bool__(self) -> bool:
        return bool(self.id)

    @property
    def page(self) -> str:
        """The Space's page, which shows the application in a frame."""
        return f"https://huggingface.co/spaces/{self.id}"

    @property
    def settings_page(self) -> str:
        return f"{self.page}/settings"


def read_space(environ: Mapping[str, str]) -> Space:
    """The Space of a container's environment. Never raises: the platform wrote these values, not the owner."""
    if not environ.get("SPACE_ID"):
        return Space()
    cores = environ.get("CPU_CORES", "")
    return Space(
        id=environ["SPACE_ID"],
        host=environ.get("SPACE_HOST", "").lower(),
        author=environ.get("SPACE_AUTHOR_NAME", "") or environ["SPACE_ID"].partition("/")[0],
        creator=environ.get("SPACE_CREATOR_USER_ID", ""),
        hardware=environ.get("ACCELERATOR", ""),
        cores=int(float(cores)) or 1 if re.fullmatch(r"\d{1,4}(\.\d+)?", cores) else None,
        memory=_bytes(environ.get("MEMORY", "")),
    )


def _bytes(text: str) -> int | None:
    found = re.fullmatch(r"(\d{1,15})([KMGT]i?)?B?", text.strip())
    return int(found[1]) * _UNITS[found[2] or ""] if found else None
