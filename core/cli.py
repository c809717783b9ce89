"""The command line. Label Studio's commands and flags keep their names; each command is a Django management command of the room it belongs to.

Django is imported only by the commands that need it: `start` is the supervisor, and stays small.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from core.commands import COMMANDS, apply_flags, make_parser
from core.environment import Environment, SettingError, read_environment
from core.startup import StartError
from labelspace import __version__

MISTAKE = 2  # exit code for what the user can put right


def run(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; returns the exit code. A user's mistake is one sentence on standard error and code 2."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "core.settings")
    parser = make_parser()
    try:
        options, rest = parser.parse_known_args(arguments)
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


def _serve(options: argparse.Namespace) -> int:
    environment = read_environment()
    if options.command == "serve":
        from core.server import serve

        serve(environment, options.listen, options.ready_fd, options.supervised)
        return 0
    if options.command == "health":
        return _health(environment)
    from core.start import start

    return start(environment, options)


def _health(environment: Environment) -> int:
    from http.client import HTTPConnection, HTTPException

    host = environment.internal_host if environment.internal_host not in ("0.0.0.0", "::") else "localhost"
    connection = HTTPConnection(host, environment.port, timeout=4)
    try:
        connection.request("GET", "/health")
        status = connection.getresponse().status
    except (OSError, HTTPException) as error:
        print(f"labelspace: {host}:{environment.port} does not answer: {error}.", file=sys.stderr)
        return 1
    finally:
        connection.close()
    return 0 if status == 200 else 1


def _manage(options: argparse.Namespace, name: str, arguments: Sequence[str]) -> int:
    if getattr(options, "supervised", None) is not None:
        from core.parent import stop_with_parent

        stop_with_parent(options.supervised)
    read_environment()  # a bad value is told before Django loads
    import django
    from django.core.management import get_commands, load_command_class
    from django.core.management.base import CommandError

    django.setup()
    from core.errors import Refused

    command = load_command_class(str(get_commands()[name]), name)
    parsed = vars(command.create_parser("labelspace", options.command).parse_args(list(arguments)))
    parsed["skip_checks"] = True  # Django's checks are for developers; they would load every view
    try:
        command.execute(*parsed.pop("args", ()), **parsed)
    except Refused as error:
        raise StartError(error.sentence) from None
    except CommandError as error:
        raise StartError(str(error)) from None
    return 0
