"""The commands `labelspace` and `label-studio`."""

from __future__ import annotations

from labelspace import open_rooms


def main() -> int:
    open_rooms()
    from core.cli import run

    return run()
