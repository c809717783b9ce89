"""The web server where there is no fork (Windows): waitress, one process of threads."""

from __future__ import annotations

from core.environment import Environment

LARGEST_BODY = 1 << 50  # uploads are limited where they are received
IDLE_SECONDS = 120


def serve(environment: Environment, listener: str) -> None:
    """Serve on `host:port` until interrupted."""
    from waitress.server import create_server

    from core.below import below
    from core.wsgi import application

    host, _colon, port = listener.rpartition(":")
    server = create_server(
        below(environment.public_path, application),
        host=host.strip("[]"),
        port=int(port),
        threads=environment.web_threads,
        ident="",
        channel_timeout=IDLE_SECONDS,
        max_request_body_size=LARGEST_BODY,
        # Which of a proxy's headers to believe is decided by settings, as with the other server.
        clear_untrusted_proxy_headers=not environment.proxies,
        url_scheme="http",
    )
    try:
        server.run()
    finally:
        server.close()
