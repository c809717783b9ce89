"""The server benchmark with the peer beside us: `make test-all` runs this. Label Studio gets an environment of its own under .cache/, never ours.

python benchmarks/beside_peer.py            sizes of 1,000
python benchmarks/beside_peer.py --full     up to 100,000 tasks
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PEER = "label-studio==1.23.2"
HOME = ROOT / ".cache" / "peer"


def install() -> Path:
    """The peer's command, installed when it is not there yet. Raises CalledProcessError when that fails."""
    command = HOME / "bin" / "label-studio"
    if not command.exists():
        uv = str(Path(sys.executable).parent / "uv")
        subprocess.run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(HOME)], check=True)
        subprocess.run([uv, "pip", "install", "--quiet", "--python", str(HOME / "bin" / "python"), PEER], check=True)
    return command


def main(arguments: list[str]) -> int:
    sizes = arguments or ["--quick"]
    command = [sys.executable, str(ROOT / "benchmarks" / "run.py"), "--servers", "floor,labelspace,peer", *sizes]
    return subprocess.run(command, env={**os.environ, "PEER": str(install())}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
