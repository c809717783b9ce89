"""What this Space is at Hugging Face now: stage, hardware, sleep time, volumes, and which secrets and variables it has."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from spaces.hub import told


@dataclass(frozen=True)
class Runtime:
    """`volumes`: one a line. `wanted` is the hardware that was asked for and is not there yet. Of secrets and variables there are names only."""

    stage: str
    hardware: str
    wanted: str = ""
    sleep_minutes: int | None = None
    volumes: str = ""
    secrets: list[str] = field(default_factory=list)
    variables: list[str] = field(default_factory=list)


def look(api: Any) -> Runtime:
    """Three questions to the Hub. Raises Refused, in a sentence."""
    space = settings.ENVIRONMENT.space.id
    with told(space):
        now = api.get_space_runtime(space)
        secrets, variables = api.get_space_secrets(space), api.get_space_variables(space)
    wanted = str(now.requested_hardware or "")
    return Runtime(
        stage=str(now.stage),
        hardware=str(now.hardware or wanted or "-"),
        wanted=wanted if now.hardware and wanted != now.hardware else "",
        sleep_minutes=now.sleep_time // 60 if now.sleep_time and now.sleep_time > 0 else None,
        volumes="\n".join(f"{one.type}:{one.source}:{one.mount_path}{':ro' if one.read_only else ''}" for one in now.volumes or []),
        secrets=sorted(secrets),
        variables=sorted(variables),
    )
