"""`labelspace start`: open the port, prepare the database, then keep web server and worker running."""

from __future__ import annotations

import argparse
import errno
import os
import socket
import sys
from collections.abc import Callable

from core import green
from core.commands import project_arguments
from core.environment import Environment
from core.environment.ignored import ignored_in
from core.startup import StartError, why_not_started
from core.startup.keys import prepare_data_directory, secret_key
from core.startup.old_project import old_project

PORTS_TRIED = 20
BACKLOG = 1024


def start(environment: Environment, options: argparse.Namespace) -> int:
    """Serve until a stop signal; returns the exit code. Raises StartError for what the user can put right."""
    # By default each of the many threads would keep a heap of its own.
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")
    for name, why in ignored_in(os.environ).items():
        print(f"labelspace: {name} is ignored: {why}", file=sys.stderr)
    before = _preparation(options)
    prepare_data_directory(environment.data_directory)
    why_not_started(environment.data_directory).unlink(missing_ok=True)
    if environment.replicated:
        if environment.waitress:
            raise StartError("The database can be copied only where Unix sockets are: set DURABLE_TARGET=off.")
        before.insert(0, _ours("recover", "--supervised", str(os.getpid())))  # it also brings the secret key
    else:
        secret_key(environment)
    if environment.https:
        check_certificate(environment)
    if environment.use_gevent:
        green.check()
    listener = open_port(environment)
    port = listener.getsockname()[1]
    url = address(environment, port)

    def on_ready() -> None:
        print(f"Labelspace is at {url}\nIts data is in {environment.data_directory}. Press Ctrl-C to stop.", flush=True)
        if not getattr(options, "no_browser", False):
            _open_browser(url)

    if environment.waitress:
        return _keep(environment, listener, before, on_ready)
    return _supervise(environment, listener, before, on_ready)


def _supervise(environment: Environment, listener: socket.socket, before: list[list[str]], on_ready: Callable[[], None]) -> int:
    from core.supervisor import Child, Supervisor
    from core.waiting import WaitingPage

    ready, announce = os.pipe()
    supervised = ("--supervised", str(os.getpid()))
    web = _ours("serve", *supervised, "--listen", f"fd://{listener.fileno()}", "--ready-fd", str(announce))
    children = [
        Child("web server", web, pass_fds=(listener.fileno(), announce)),
        Child("background worker", _ours("worker", *supervised)),
    ]
    if environment.replicated:
        children.insert(0, Child("copying", _ours("ship", *supervised), last=True))
    waits = (environment.on_space or environment.replicated) and not environment.https
    meanwhile = WaitingPage(listener, why_not_started(environment.data_directory)) if waits else None
    return Supervisor(children, listener, ready, on_ready, meanwhile).run(before=before)


def _keep(environment: Environment, listener: socket.socket, before: list[list[str]], on_ready: Callable[[], None]) -> int:
    from core.keeper import Kept, keep

    host, port = listener.getsockname()[:2]
    listener.close()  # a socket cannot be handed on everywhere: the web server opens the port that was free
    web = _ours("serve", "--until-eof", "--listen", f"[{host}]:{port}" if ":" in host else f"{host}:{port}")
    children = [Kept("web server", web), Kept("background worker", _ours("worker", "--until-eof"))]
    here = "127.0.0.1" if host == "0.0.0.0" else "::1" if host == "::" else host
    return keep(before, children, (here, port), on_ready)


def check_certificate(environment: Environment) -> None:
    """Raises StartError when certificate or key cannot be used."""
    import ssl  # large, and only needed here

    cert, key = environment.tls_cert, environment.tls_key
    for flag, file in (("--cert", cert), ("--key", key)):
        try:
            open(str(file), "rb").close()
        except OSError as error:
            raise StartError(f"{flag}: {file} cannot be read ({error.strerror}).") from None
    try:
        # An empty passphrase, or OpenSSL would ask for one at the terminal.
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(str(cert), str(key), password="")
    except (ssl.SSLError, ValueError) as error:
        why = {"KEY_VALUES_MISMATCH": "the key is another certificate's"}.get(
            getattr(error, "reason", None) or "", "they must be a certificate and its key without passphrase, in PEM"
        )
        raise StartError(f"--cert {cert} and --key {key} cannot be used: {why}.") from None


def _ours(*arguments: str) -> list[str]:
    # -P: the working directory must not shadow our modules.
    return [sys.executable, "-P", "-m", "labelspace", *arguments]


def _preparation(options: argparse.Namespace) -> list[list[str]]:
    commands = [_ours("migrate")]
    title = getattr(options, "project", None)
    if title is None:
        if wanted := project_arguments(options) if options.command == "start" else []:
            raise StartError(f"{wanted[0].partition('=')[0]} is for a project: say its title, and --init when it is to be made.")
        if getattr(options, "init", False):
            raise StartError('start --init needs the title of the project: labelspace start "My project" --init.')
        return commands
    if old_project(title) is not None:
        return [*commands, _ours("adopt", title)]
    wanted = project_arguments(options)
    if options.init:
        return [*commands, _ours("init", title, *wanted)]
    if wanted:
        raise StartError(f"{wanted[0].partition('=')[0]} belongs to a new project: say --init as well.")
    return [*commands, _ours("init", title, "--only-check")]


def open_port(environment: Environment) -> socket.socket:
    """A listening socket. Connections wait in it until the web server is up, and while it is started again.

    When nobody chose a port and the usual one is taken, the next free one. Raises StartError otherwise.
    """
    host, first = environment.internal_host, environment.listening_port
    chosen = environment.port_chosen or environment.on_space  # a Space's visitors come by one port only
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
        if sys.platform != "win32":  # there it would take a port that another program has
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
    return f"{'https' if environment.https else 'http'}://{name}:{port}"


def _open_browser(url: str) -> None:
    # Only for a person in front of a screen: elsewhere Python would take over the terminal with a text browser.
    if sys.stdout.isatty() and (sys.platform in ("darwin", "win32") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        import webbrowser

        webbrowser.open(url)
