"""`labelspace start`: open the port, prepare the database, then keep web server and worker running."""

from __future__ import annotations

import argparse
import errno
import os
import socket
import sys

from core.environment import Environment
from core.environment.ignored import ignored_in
from core.startup import StartError
from core.startup.keys import prepare_data_directory, secret_key
from core.supervisor import Child, Supervisor

PORTS_TRIED = 20
BACKLOG = 1024


def start(environment: Environment, options: argparse.Namespace) -> int:
    """Serve until a stop signal; returns the exit code. Raises StartError for what the user can put right."""
    if sys.platform == "win32":
        raise StartError("Labelspace's server runs on Linux and macOS; on Windows use WSL or the container image.")
    for name, why in ignored_in(os.environ).items():
        print(f"labelspace: {name} is ignored: {why}", file=sys.stderr)
    prepare_data_directory(environment.data_directory)
    secret_key(environment)
    listener = open_port(environment)
    port = listener.getsockname()[1]
    ready, announce = os.pipe()
    supervised = ("--supervised", str(os.getpid()))
    web = _ours("serve", *supervised, "--listen", f"fd://{listener.fileno()}", "--ready-fd", str(announce))
    children = [
        Child("web server", web, pass_fds=(listener.fileno(), announce)),
        Child("background worker", _ours("worker", *supervised)),
    ]
    url = address(environment, port)

    def on_ready() -> None:
        print(f"Labelspace is at {url}\nIts data is in {environment.data_directory}. Press Ctrl-C to stop.", flush=True)
        if not getattr(options, "no_browser", False):
            _open_browser(url)

    return Supervisor(children, listener, ready, on_ready).run(before=_preparation(options))


def _ours(*arguments: str) -> list[str]:
    # -P: the working directory must not shadow our modules.
    return [sys.executable, "-P", "-m", "labelspace", *arguments]


def _preparation(options: argparse.Namespace) -> list[list[str]]:
    commands = [_ours("migrate")]
    title = getattr(options, "project", None)
    if title is None:
        if getattr(options, "init", False):
            raise StartError('start --init needs the title of the project: labelspace start "My project" --init.')
        return commands
    project = ["init", title] if options.init else ["init", title, "--only-check"]
    if options.label_config:
        project += ["--label-config", options.label_config]
    if options.sampling:
        project += ["--sampling", options.sampling]
    if options.initial_project_description:
        project += ["--initial-project-description", options.initial_project_description]
    return [*commands, _ours(*project)]


def open_port(environment: Environment) -> socket.socket:
    """A listening socket. Connections wait in it until the web server is up, and while it is started again.

    When nobody chose a port and the usual one is taken, the next free one. Raises StartError otherwise.
    """
    host, first = environment.internal_host, environment.port
    chosen = "port" in environment.sources
    for port in [first] if chosen else range(first, first + PORTS_TRIED):
        try:
            return _listen(host, port)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                continue
            if error.errno == errno.EACCES:
                raise StartError(
                    f"Port {port} may only be opened by the system's administrator: choose one from 1024 up with --port."
                ) from None
            raise StartError(f"LABEL_STUDIO_INTERNAL_HOST: {host}:{port} cannot be listened on ({error.strerror or error}).") from None
    if chosen:
        raise StartError(f"Port {first} is taken by another program: stop it, or choose another with --port.")
    raise StartError(f"The ports {first} to {first + PORTS_TRIED - 1} are all taken: choose a free one with --port.")


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except BaseException:
        listener.close()
        raise
    return listener


def address(environment: Environment, port: int) -> str:
    """What to type into a browser: the public address when it is known, else this machine's."""
    if environment.public_url:
        return environment.public_url
    host = environment.internal_host
    name = "localhost" if host in ("0.0.0.0", "::", "127.0.0.1", "::1") else f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}"


def _open_browser(url: str) -> None:
    # Only for a person in front of a screen: elsewhere Python would take over the terminal with a text browser.
    if sys.stdout.isatty() and (sys.platform == "darwin" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        import webbrowser

        webbrowser.open(url)
