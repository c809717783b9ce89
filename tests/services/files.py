"""A web server that lists folders, as Apache and nginx do, and answers ranges."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

_folders: dict[int, Path] = {}


@contextmanager
def served_files(folder: Path) -> Iterator[int]:
    """Serve a folder on a free port until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Files, directory=str(folder)))
    server.daemon_threads, server.block_on_close = True, False
    _folders[server.server_port] = folder
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def web_folder(port: int) -> Path:
    return _folders[port]


class _Files(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: Any) -> None:
        """Tests look at what came of it."""

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        span = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range") or "")
        if not path.is_file() or not span:
            super().do_GET()
            return
        data = path.read_bytes()
        first, last = int(span[1]), min(int(span[2]) if span[2] else len(data) - 1, len(data) - 1)
        self.send_response(206)
        self.send_header("Content-Range", f"bytes {first}-{last}/{len(data)}")
        self.send_header("Content-Length", str(last - first + 1))
        self.end_headers()
        self.wfile.write(data[first : last + 1])
