"""The commands and flags of `labelspace`, as a table. Flags that change a setting become its environment variable, so that every process sees them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import MutableMapping
from dataclasses import dataclass

from core.environment import SettingError


@dataclass(frozen=True)
class Command:
    """`management` is the Django management command that does it (None: done without Django). `own` are the setting flags it takes itself."""

    help: str
    management: str | None = None
    own: tuple[str, ...] = ()
    internal: bool = False


COMMANDS = {
    "start": Command("Serve: web server and background worker together. This is also what happens without a command."),
    "serve": Command("Serve the web pages and the API only (larger installations run the worker apart)."),
    "worker": Command("Run background jobs only.", "worker"),
    "migrate": Command("Bring the database up to date and make the first account, as every start does.", "prepare"),
    "init": Command("Make a project (and the first account), then exit.", "init"),
    "user": Command("Show an account and its API token.", "user", own=("--username",)),
    "reset_password": Command("Give an account another password.", "reset_password", own=("--username", "--password")),
    "export": Command("Export a project to a file.", "export"),
    "demo": Command("Fill a project with demonstration data.", "demo"),
    "settings": Command("Show every setting, its value and where it came from.", "settings"),
    "health": Command("Ask the server on this machine whether it is up; for container health checks."),
    "shell": Command("Open a Python shell with Django set up.", "shell"),
    "version": Command("Print the version."),
}

# flag: (environment variable, what it says in --help)
SETTINGS: dict[tuple[str, ...], tuple[str, str]] = {
    ("-p", "--port"): ("PORT", "port to listen on"),
    ("--internal-host",): ("INTERNAL_HOST", "network address to listen on"),
    ("--host",): ("HOST", "the address people type, like https://labels.example.org"),
    ("-db", "--database"): ("DATABASE_NAME", "SQLite file"),
    ("--data-dir",): ("BASE_DATA_DIR", "data directory"),
    ("--username",): ("USERNAME", "e-mail address of the first account"),
    ("--password",): ("PASSWORD", "password of the first account"),
    ("--user-token",): ("USER_TOKEN", "legacy API token of the first account"),
    ("--log-level",): ("LOG_LEVEL", "DEBUG, INFO, WARNING, ERROR or CRITICAL"),
}
SWITCHES: dict[tuple[str, ...], tuple[str, str]] = {
    ("--enable-legacy-api-token",): ("ENABLE_LEGACY_API_TOKEN", "new organizations start with legacy API tokens"),
    ("-d", "--debug"): ("DEBUG", "error pages with stack traces, for developers"),
}
# Label Studio's flags without a meaning here: (flags, takes a value, why)
IGNORED: list[tuple[tuple[str, ...], str | None, str]] = [
    (("-c", "--config"), "?", "settings come from the environment; see `labelspace settings`"),
    (("--skip-long-migrations",), None, "no migration here is long"),
    (("--agree-fix-sqlite",), None, "the SQLite that comes with Python is used as it is"),
    (("--ml-backends",), "+", "model servers are connected in a project's settings"),
]
REFUSED: dict[str, str] = {
    "--cert": "put a proxy that speaks https in front, and say its address with --host",
    "--key": "put a proxy that speaks https in front, and say its address with --host",
}


class _Note(argparse.Action):
    """Accepts a flag and says that it is ignored."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: object, option_string: str | None = None
    ) -> None:
        print(f"labelspace: {option_string} is ignored: {self.help}.", file=sys.stderr)


class _Refuse(argparse.Action):
    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: object, option_string: str | None = None
    ) -> None:
        raise SettingError(str(option_string), f"is not supported: {self.help}")


def _variable_field(name: str) -> str:
    return f"set_{name}"


def _add_flags(parser: argparse.ArgumentParser, without: tuple[str, ...] = ()) -> None:
    # SUPPRESS everywhere: the same flags stand before and after the command, and a default of the one must not undo the other.
    shared = parser.add_argument_group("settings", argument_default=argparse.SUPPRESS)
    for flags, (name, text) in SETTINGS.items():
        if not set(flags) & set(without):
            shared.add_argument(*flags, dest=_variable_field(name), metavar=name, help=text)
    for flags, (name, text) in SWITCHES.items():
        shared.add_argument(*flags, dest=_variable_field(name), action="store_const", const="true", help=text)
    for flags, count, why in IGNORED:
        shared.add_argument(*flags, dest="_", action=_Note, nargs=count or 0, help=why)
    for flag, why in REFUSED.items():
        shared.add_argument(flag, dest="_", action=_Refuse, help=why)


def make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="labelspace", description="A multi-user data-annotation server.", allow_abbrev=False)
    parser.add_argument("--version", action="store_true", help="print the version and exit")
    parser.add_argument("-b", "--no-browser", action="store_true", help="do not open the browser")
    _add_flags(parser)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for name, command in COMMANDS.items():
        # A management command describes its own arguments; what is not a setting is handed to it.
        one = commands.add_parser(
            name, help=command.help, description=command.help, allow_abbrev=False, add_help=command.management is None
        )
        _add_flags(one, without=command.own)
        if name == "start":
            one.add_argument("project", nargs="?", help="title of a project that must exist, or is made with --init")
            one.add_argument("--init", action="store_true", help="make the project when there is none of that title")
            one.add_argument("-b", "--no-browser", action="store_true", default=argparse.SUPPRESS, help="do not open the browser")
            one.add_argument("-l", "--label-config", metavar="FILE", help="labeling configuration (XML) of the new project")
            one.add_argument(
                "--sampling", choices=["sequential", "uniform", "prediction-score-min"], help="order of tasks in the new project"
            )
            one.add_argument("--initial-project-description", metavar="TEXT", help="description of the new project")
        if name in ("serve", "worker"):
            one.add_argument("--supervised", type=int, metavar="PID", help=argparse.SUPPRESS)
        if name == "serve":
            one.add_argument("--listen", help=argparse.SUPPRESS)
            one.add_argument("--ready-fd", type=int, help=argparse.SUPPRESS)
    return parser


def apply_flags(options: argparse.Namespace, environ: MutableMapping[str, str]) -> None:
    """Write the settings given as flags into `environ`, where they win over every other spelling of the variable."""
    for name, _ in [*SETTINGS.values(), *SWITCHES.values()]:
        value = getattr(options, _variable_field(name), None)
        if value is not None:
            if value == "":
                raise SettingError(f"--{name.lower()}", "needs a value")
            environ[f"LABEL_STUDIO_{name}"] = value
            environ.pop(f"LABEL_STUDIO_{name}_FILE", None)
