"""Pages without a built front end: a manifest that names every entry."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from web import assets

ENTRIES = [
    "src/pages/shell.ts",
    "src/pages/accounts.ts",
    "src/pages/create.tsx",
    "src/pages/import.tsx",
    "src/pages/labeling.tsx",
    "src/islands/editor.tsx",
    "src/islands/datamanager.tsx",
]
MANIFEST = {
    "_shared.js": {"file": "assets/shared-00000000.js", "css": ["assets/shared-00000000.css"]},
    **{
        name: {
            "file": f"assets/{Path(name).stem}-00000000.js",
            "src": name,
            "isEntry": True,
            "imports": ["_shared.js"],
            "css": [f"assets/{Path(name).stem}-00000000.css"],
        }
        for name in ENTRIES
    },
    "src/pages/icons.svg": {"file": "assets/icons-00000000.svg"},
}


def forget() -> None:
    for cached in (assets._written_at_first, assets._manifest, assets._entry):
        cached.cache_clear()


@pytest.fixture(autouse=True)
def bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The manifest's file; delete it for a bundle that is missing."""
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(MANIFEST))
    monkeypatch.setattr(assets, "MANIFEST", path)
    forget()
    yield path
    forget()
