"""What visitors see between the opening of the port and the web server's first answer: a page that comes back by itself, and a sign of life.

A Space counts as started when its port answers, and a database may have to be restored and brought up to date before we can. Elsewhere
connections simply wait in the socket. Never imports Django.
"""

from __future__ import annotations

import json
import selectors
import socket
import threading
import time
from contextlib import suppress
from html import escape
from pathlib import Path

SECONDS = 5.0  # for a visitor to say what they want
LARGEST_HEAD = 16 << 10
AGAIN = 2  # seconds after which the page looks again
STOPPED = """<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>Labelspace has not started</title></head>
<body><main><h1>Labelspace has not started</h1><p>{}</p><p>Nothing was changed or deleted.</p></main></body></html>"""
PAGE = f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="{AGAIN}"><meta name="color-scheme" content="light dark"><title>Labelspace is starting</title></head>
<body><main><h1>Labelspace is starting</h1><p>Your data is being made ready. This page opens by itself.</p></main></body></html>"""
HEALTH = '{"status":"STARTING"}'
NOT_READY = '{"status":"DOWN","reasons":["Labelspace is starting."]}'
HTML, JSON = "text/html; charset=utf-8", "application/json"


def answer(head: bytes, trouble: str = "") -> bytes:
    """The answer to the head of a request: `/` and `/health` are well, everything else shall come again. `trouble`: why nothing will start."""
    method, _, rest = head.partition(b" ")
    path = rest.partition(b" ")[0].partition(b"?")[0].rstrip(b"/")
    if trouble:
        status = "200 OK" if path == b"" else "503 Service Unavailable"  # a Space shows the page only when it answers well
        is_api = path.startswith((b"/api", b"/ready", b"/health"))
        kind, body = (JSON, json.dumps({"status": "DOWN", "reasons": [trouble]})) if is_api else (HTML, STOPPED.format(escape(trouble)))
    elif path in (b"/health", b"/api/health"):
        status, kind, body = "200 OK", JSON, HEALTH
    elif path.startswith((b"/api", b"/ready")):
        status, kind, body = "503 Service Unavailable", JSON, NOT_READY
    elif path == b"":
        status, kind, body = "200 OK", HTML, PAGE
    else:
        status, kind, body = "503 Service Unavailable", HTML, PAGE
    content = body.encode()
    lines = [
        f"HTTP/1.1 {status}",
        f"Content-Type: {kind}",
        f"Content-Length: {len(content)}",
        f"Retry-After: {AGAIN}",
        "Cache-Control: no-store",
        "X-Content-Type-Options: nosniff",
        "Connection: close",
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + (b"" if method == b"HEAD" else content)


class WaitingPage:
    """Answers on a listening socket, in a thread, until the block ends; the socket stays open for who serves next.

    When the file `why_not` is there, the page says what it says instead.
    """

    def __init__(self, listener: socket.socket, why_not: Path | None = None) -> None:
        self._listener = listener
        self._why_not = why_not
        self._stop, self._stopped = socket.socketpair()
        self._thread = threading.Thread(target=self._serve, name="waiting page", daemon=True)

    def __enter__(self) -> WaitingPage:
        self._listener.setblocking(False)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.close()
        self._thread.join()
        self._stopped.close()

    @property
    def trouble(self) -> str:
        """Why the server does not start; "" while it is going to."""
        try:
            return self._why_not.read_text(encoding="utf-8") if self._why_not else ""
        except OSError:
            return ""

    def _serve(self) -> None:
        visitors: dict[socket.socket, tuple[bytes, float]] = {}
        with selectors.DefaultSelector() as selector:
            selector.register(self._listener, selectors.EVENT_READ)
            selector.register(self._stopped, selectors.EVENT_READ)
            while True:
                for key, _ in selector.select(1.0):
                    if key.fileobj is self._stopped:
                        for visitor in visitors:
                            visitor.close()
                        return
                    if key.fileobj is self._listener:
                        with suppress(OSError):  # the visitor has gone again
                            visitor = self._listener.accept()[0]
                            visitor.setblocking(False)
                            selector.register(visitor, selectors.EVENT_READ)
                            visitors[visitor] = (b"", time.monotonic() + SECONDS)
                    elif isinstance(key.fileobj, socket.socket):
                        head, until = visitors[key.fileobj]
                        more = _more(key.fileobj, head, self)
                        if more is None:
                            selector.unregister(key.fileobj)
                            del visitors[key.fileobj]
                            key.fileobj.close()
                        else:
                            visitors[key.fileobj] = (more, until)
                for visitor in [one for one, (_, until) in visitors.items() if time.monotonic() > until]:
                    selector.unregister(visitor)
                    del visitors[visitor]
                    visitor.close()


def _more(visitor: socket.socket, head: bytes, page: WaitingPage) -> bytes | None:
    """Read on; None when the visitor is answered, or gone."""
    try:
        piece = visitor.recv(LARGEST_HEAD)
        head += piece
        if piece and b"\r\n\r\n" not in head and len(head) < LARGEST_HEAD:
            return head
        if piece:
            visitor.sendall(answer(head, page.trouble))
            visitor.shutdown(socket.SHUT_WR)
    except OSError:
        return None
    return None
