"""Lock files name packages, versions and hashes, never where to get them; and they are those of pyproject.toml."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ["requirements.lock", "requirements-dev.lock", "requirements-image.lock"]


def pinned(file: str) -> dict[str, set[str]]:
    """name → versions (one for each range of Python versions)."""
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==(\S+)", (ROOT / file).read_text(), re.MULTILINE):
        found.setdefault(name.lower().replace("_", "-"), set()).add(version)
    return found


@pytest.mark.parametrize("file", [*LOCKS, "frontend/package-lock.json", "frontend/.npmrc", "pyproject.toml", "Makefile", ".ci/run"])
def test_no_file_says_where_packages_come_from(file: str) -> None:
    text = (ROOT / file).read_text()
    assert not re.search(r"(?i)(?<!no-emit-)index-url|find-links|://[^\s\"']*(pypi|npmjs|registry|artifactory|simple)|\"resolved\"", text)


@pytest.mark.parametrize("file", LOCKS)
def test_every_package_is_pinned_with_hashes(file: str) -> None:
    entries = re.split(r"^(?=[A-Za-z0-9])", (ROOT / file).read_text(), flags=re.MULTILINE)[1:]
    assert len(entries) > 20
    assert [entry.split()[0] for entry in entries if "==" not in entry.split()[0] or "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("file", ["requirements.lock", "requirements-image.lock"])
def test_what_is_served_is_what_was_tested(file: str) -> None:
    tested = pinned("requirements-dev.lock")
    only_in_the_image = {"av", "pyarrow"}
    assert {
        name: versions for name, versions in pinned(file).items() if name not in only_in_the_image and tested.get(name) != versions
    } == {}


def test_the_locks_hold_what_is_asked_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    name = re.compile(r"^[A-Za-z0-9._-]+")

    def names(requirements: list[str]) -> set[str]:
        return {match[0].lower().replace("_", "-") for one in requirements if (match := name.match(one))}

    base = names(project["project"]["dependencies"])
    assert base <= set(pinned("requirements.lock"))
    assert base | names(project["dependency-groups"]["dev"]) <= set(pinned("requirements-dev.lock"))
    extras = [one for group in project["project"]["optional-dependencies"].values() for one in group]
    assert base | names(extras) <= set(pinned("requirements-image.lock"))


def test_the_front_ends_lock_fits_and_has_hashes() -> None:
    wanted = json.loads((ROOT / "frontend" / "package.json").read_text())
    locked = json.loads((ROOT / "frontend" / "package-lock.json").read_text())["packages"]
    for kind in ("dependencies", "devDependencies"):
        assert locked[""].get(kind, {}) == wanted.get(kind, {})
    assert [path for path, entry in locked.items() if path and "integrity" not in entry] == []
    for path, entry in locked.items():
        # Packages for other systems must be in the lock, too, or `npm ci` refuses there.
        for name in entry.get("optionalDependencies", {}) if path else ():
            assert f"node_modules/{name}" in locked or f"{path}/node_modules/{name}" in locked, f"{name}, which {path} may need"
