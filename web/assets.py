"""The front end's files: which scripts and styles an entry needs, by Vite's manifest."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.templatetags.static import static

from core.errors import Refused

DIST = Path(__file__).parent / "static" / "dist"
MANIFEST = DIST / "manifest.json"


class BundleMissing(Refused):
    """The front end has not been built, or not with this entry."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail, 503)


@dataclass(frozen=True)
class Entry:
    """Addresses of what a page loads for one entry: its script, what that imports at once, and its styles."""

    script: str
    imports: tuple[str, ...]
    styles: tuple[str, ...]


def entry(name: str) -> Entry:
    """The files of an entry, named as in the source (`src/pages/shell.ts`). Raises `BundleMissing`."""
    return _entry(name, _version())


def asset(name: str) -> str:
    """The address of a single file that the front end imports (`src/pages/icons.svg`). Raises `BundleMissing`."""
    return _url(_chunk(_manifest(_version()), name)["file"])


def is_built() -> bool:
    return MANIFEST.is_file()


def _version() -> float:
    """When the manifest was written. Looked up once in production, at each use in development."""
    return _written() if settings.DEBUG else _written_at_first()


def _written() -> float:
    return MANIFEST.stat().st_mtime if MANIFEST.is_file() else 0.0


@lru_cache(1)
def _written_at_first() -> float:
    if not MANIFEST.is_file():
        raise BundleMissing("The front end has not been built.")
    return _written()


@lru_cache(1)
def _manifest(version: float) -> dict[str, Any]:
    if not version:
        raise BundleMissing("The front end has not been built.")
    manifest: dict[str, Any] = json.loads(MANIFEST.read_text(encoding="utf-8"))
    return manifest


def _chunk(manifest: dict[str, Any], name: str) -> dict[str, Any]:
    try:
        chunk: dict[str, Any] = manifest[name]
    except KeyError:
        raise BundleMissing(f"The front end was built without {name}.") from None
    return chunk


@lru_cache(32)
def _entry(name: str, version: float) -> Entry:
    manifest = _manifest(version)
    chunk = _chunk(manifest, name)
    styles: dict[str, None] = {}
    imports: dict[str, None] = {}

    def visit(key: str) -> None:
        for needed in _chunk(manifest, key).get("imports", []):
            file = _url(manifest[needed]["file"])
            if file not in imports:
                imports[file] = None
                visit(needed)
        styles.update(dict.fromkeys(_url(file) for file in _chunk(manifest, key).get("css", [])))

    visit(name)
    return Entry(_url(chunk["file"]), tuple(imports), tuple(styles))


def _url(file: str) -> str:
    return static(f"dist/{file}")
