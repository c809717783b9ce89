"""A wheel built from this tree, and an environment with nothing but that wheel installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
UV = Path(sys.executable).with_name("uv")


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], cwd=ROOT, check=True, capture_output=True
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder `bin` of the environment."""
    home = tmp_path_factory.mktemp("installed")
    subprocess.run([UV, "venv", "--quiet", "--python", sys.executable, str(home / "venv")], check=True)
    locked = home / "locked.txt"
    # As constraints, without hashes: what is tested is what the lock file names.
    locked.write_text("\n".join(line.split(" ")[0] for line in (ROOT / "requirements.lock").read_text().splitlines() if line[:1].isalpha()))
    subprocess.run(
        [UV, "pip", "install", "--quiet", "--python", str(home / "venv" / "bin" / "python"), "-c", str(locked), str(wheel)],
        check=True,
        env={name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"},
    )
    return home / "venv" / "bin"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A working directory with folders that are called like our rooms."""
    for room in ("core", "users", "labelspace", "django"):
        (tmp_path / "cwd" / room).mkdir(parents=True)
        (tmp_path / "cwd" / room / "__init__.py").write_text("raise SystemExit('the working directory was imported')\n")
    return tmp_path / "cwd"


@pytest.fixture
def bare_environment(tmp_path: Path) -> dict[str, str]:
    """No Node, no compiler, nothing but a shell's PATH; a home of its own."""
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "sh").symlink_to(shutil.which("sh") or "/bin/sh")
    return {"PATH": str(tools), "HOME": str(tmp_path), "LABEL_STUDIO_BASE_DATA_DIR": str(tmp_path / "data")}
