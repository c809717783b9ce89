"""This very Labelspace as a wheel, to be installed in a Space: built in a checkout, else put together again of what is installed."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from importlib.metadata import distribution
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from core.errors import Refused

SKIPPED = (".pyc", "/INSTALLER", "/REQUESTED", "/direct_url.json", "/RECORD")
SECONDS = 600


def write_wheel(folder: Path) -> Path:
    """The wheel, in `folder`. Raises Refused when a checkout cannot be built."""
    if (settings.BASE_DIR / "pyproject.toml").exists():
        return _build(settings.BASE_DIR, folder)
    return _pack(folder)


def requirements() -> Path:
    """The locked requirements of the same version, with all extras."""
    return Path(settings.BASE_DIR) / "requirements-image.lock"


def _build(checkout: Path, folder: Path) -> Path:
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=checkout,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    found = list(folder.glob("*.whl"))
    if done.returncode or not found:
        lines = done.stderr.strip().splitlines() or [_("no reason given")]
        raise Refused(_("The wheel cannot be built here: %(why)s") % {"why": lines[-1]}, 400)
    return found[0]


def _pack(folder: Path) -> Path:
    """Zips the installed files. A record of their hashes is not needed to install a wheel, only that it names them."""
    installed = distribution("labelspace")
    name = f"labelspace-{installed.version}"
    wheel = folder / f"{name}-py3-none-any.whl"
    files = [
        file for file in installed.files or [] if not file.is_absolute() and ".." not in file.parts and not str(file).endswith(SKIPPED)
    ]
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(str(file.locate()), str(file))
        record = f"{name}.dist-info/RECORD"
        archive.writestr(record, "".join(f"{file},,\n" for file in [*files, record]))
    return wheel
