"""The command line. Label Studio's commands and flags keep their names; each command is a Django management command of the room it belongs to.

Django is imported only by the commands that need it: `start` is the supervisor, and stays small.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import MutableMapping, Sequence
from importlib import import_module

from core.commands import COMMANDS, apply_flags, make_parser
from core.environment import Environment, SettingError, read_environment
from core.environment.reader import PREFIXES
from core.startup import StartError, why_not_started
from core.startup.old_project import old_project
from labelspace import __version__

MISTAKE = 2  # exit code for what the user can put right


def run(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; returns the exit code. A user's mistake is one sentence on standard error and code 2."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "core.settings")
    parser = make_parser()
    try:
        options, rest = parser.parse_known_args(_with_command(list(sys.argv[1:] if arguments is None else arguments)))
        if options.version or options.command == "version":
            print(f"Labelspace {__version__}")
            return 0
        command = COMMANDS[options.command or "start"]
        if rest and command.management is None:
            parser.error(f"unrecognized arguments: {' '.join(rest)}")
        apply_flags(options, os.environ)
        if command.management is not None:
            return _manage(options, command.management, rest)
        return _serve(options)
    except (SettingError, StartError) as error:
        print(f"labelspace: {error}", file=sys.stderr)
        return MISTAKE
    except KeyboardInterrupt:
        return 130


def _with_command(arguments: list[str]) -> list[str]:
    """Flags without a command mean `start`, also those that only start has."""
    known = any(argument in COMMANDS or argument in ("-h", "--help", "--version") for argument in arguments)
    return arguments if known or (arguments and not arguments[0].startswith("-")) else ["start", *arguments]


def _serve(options: argparse.Namespace) -> int:
    if options.command == "start-multi-session":
        if not hasattr(options, "set_BASE_DATA_DIR"):
            raise SettingError("start-multi-session", "needs --root-dir, the folder that keeps everybody's projects")
        os.environ["LABEL_STUDIO_MULTI_SESSION"] = "true"
    if options.command in (None, "start"):
        take_over_directory(options, os.environ)
    environment = read_environment()
    plain = COMMANDS[options.command or "start"].plain
    if plain is not None:
        return _do_plainly(plain, environment, options)
    if options.command == "serve":
        return _serve_web(environment, options)
    if options.command == "health":
        return _health(environment)
    from core.start import start

    return start(environment, options)


def _do_plainly(plain: str, environment: Environment, options: argparse.Namespace) -> int:
    """A command of a room above this one, found by its name, that needs no Django."""
    if getattr(options, "supervised", None) is not None:
        from core.parent import stop_with_parent

        stop_with_parent(options.supervised)
    module, _, name = plain.partition(":")
    try:
        getattr(import_module(module), name)(environment, supervised=getattr(options, "supervised", None) is not None)
    except StartError as error:
        why_not_started(environment.data_directory).write_text(str(error), encoding="utf-8")
        raise
    return 0


def _serve_web(environment: Environment, options: argparse.Namespace) -> int:
    listener = options.listen or f"{environment.internal_host}:{environment.listening_port}"
    if options.until_eof:
        from core.parent import stop_with_input

        stop_with_input()
    if environment.waitress:
        from core.waitress_server import serve as serve_by_threads

        serve_by_threads(environment, listener)
        return 0
    if environment.use_gevent:
        from core.green import patch

        patch()
    from core.server import serve

    serve(environment, listener, options.ready_fd, options.supervised)
    return 0


def take_over_directory(options: argparse.Namespace, environ: MutableMapping[str, str]) -> None:
    """When `start DIRECTORY` names a Label Studio 0.x project whose config.json closes the server with a password, so it stays."""
    found = old_project(getattr(options, "project", None))
    if found is not None and found.name_and_password and not any(environ.get(f"{prefix}BASIC_AUTH") for prefix in PREFIXES):
        environ["LABEL_STUDIO_BASIC_AUTH"] = found.name_and_password


def _health(environment: Environment) -> int:
    import ssl
    from http.client import HTTPConnection, HTTPException, HTTPSConnection

    host = environment.internal_host if environment.internal_host not in ("0.0.0.0", "::") else "localhost"
    if environment.https:
        # Our own server on our own machine: whose name its certificate bears says nothing here.
        anybody = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE
        connection: HTTPConnection = HTTPSConnection(host, environment.listening_port, timeout=4, context=anybody)
    else:
        connection = HTTPConnection(host, environment.listening_port, timeout=4)
    try:
        connection.request("GET", "/health")
        status = connection.getresponse().status
    except (OSError, HTTPException) as error:
        print(f"labelspace: {host}:{environment.listening_port} does not answer: {error}.", file=sys.stderr)
        return 1
    finally:
        connection.close()
    return 0 if status == 200 else 1


def _manage(options: argparse.Namespace, name: str, arguments: Sequence[str]) -> int:
    if getattr(options, "supervised", None) is not None:
        from core.parent import stop_with_parent

        stop_with_parent(options.supervised)
    if getattr(options, "until_eof", False):
        from core.parent import stop_with_input

        stop_with_input()
    read_environment()  # a bad value is told before Django loads
    import django
    from django.core.management import get_commands, load_command_class
    from django.core.management.base import CommandError

    django.setup()
    from core.errors import Refused

    command = load_command_class(str(get_commands()[name]), name)
    try:
        parsed = vars(command.create_parser("labelspace", options.command).parse_args(list(arguments)))
    except CommandError as error:
        wrong = str(error).removeprefix("Error: ")
        raise StartError(f"{wrong}. See labelspace {options.command} --help.") from None
    parsed["skip_checks"] = True  # Django's checks are for developers; they would load every view
    try:
        command.execute(*parsed.pop("args", ()), **parsed)
    except Refused as error:
        raise StartError(error.sentence) from None
    except CommandError as error:
        raise StartError(str(error)) from None
    return 0
