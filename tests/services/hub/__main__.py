from __future__ import annotations

import argparse
import tempfile
import threading
from pathlib import Path

from tests.services.hub.server import served_hub

parser = argparse.ArgumentParser(prog="python -m tests.services.hub", description="A stand-in for the Hugging Face Hub.")
parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
parser.add_argument("--xet", type=Path, help="folder of large files; without it a temporary one")
given = parser.parse_args()
with tempfile.TemporaryDirectory() as folder, served_hub(given.xet or Path(folder), port=given.port) as hub:
    print(hub.endpoint, flush=True)
    threading.Event().wait()
