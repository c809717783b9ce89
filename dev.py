"""`make dev`: Django with reload, the front end rebuilt at each change, and a worker; data in ./data."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import hatch_build
from core.supervisor import Child, Supervisor

ROOT = Path(__file__).resolve().parent


def main() -> int:
    hatch_build.install_packages()
    node = hatch_build.node_environment()
    os.environ["PATH"] = node["PATH"]
    os.environ.setdefault("LABEL_STUDIO_BASE_DATA_DIR", str(ROOT / "data"))
    os.environ.setdefault("LABEL_STUDIO_DEBUG", "true")
    port = os.environ.get("LABEL_STUDIO_PORT") or os.environ.get("PORT") or "8080"
    manage = [sys.executable, str(ROOT / "manage.py")]
    children = [
        Child("front end", ["node", node["LABELSPACE_NPM"], "--prefix", str(ROOT / "frontend"), "run", "build", "--", "--watch"]),
        Child("web server", [*manage, "runserver", "--nostatic", port]),
        Child("background worker", [*manage, "worker"]),
    ]
    print("Changes to Python files take effect at once for pages and the API, and for background jobs after a restart.", flush=True)
    return Supervisor(children).run(before=[[*manage, "prepare"]])


if __name__ == "__main__":
    sys.exit(main())
