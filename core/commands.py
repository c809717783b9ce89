"""The commands and flags of `labelspace`, as a table. Flags that change a setting become its environment variable, so that every process sees them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import MutableMapping
from dataclasses import dataclass

from core.environment import SettingError
from core.environment.kinds import is_email
from core.environment.reader import PREFIXES


@dataclass(frozen=True)
class Command:
    """`management` is the Django management command that does it, `plain` a function that does it without Django (`module:name`; it takes the environment, and whether it is a part of `start`).

    `own` are the setting flags it takes itself.
    """

    help: str
    management: str | None = None
    own: tuple[str, ...] = ()
    plain: str | None = None


COMMANDS = {
    "start": Command("Serve: web server and background worker together. This is also what happens without a command."),
    "start-multi-session": Command("Serve guests: each new browser gets an account and a project of its own, kept in --root-dir."),
    "serve": Command("Serve the web pages and the API only (larger installations run the worker apart)."),
    "worker": Command("Run background jobs only.", "worker"),
    "migrate": Command("Bring the database up to date and make the first account, as every start does.", "prepare"),
    "init": Command("Make a project (and the first account), then exit.", "init"),
    "adopt": Command("Make a project of the directory of a Label Studio 0.x project, once; `start DIRECTORY` does the same.", "adopt"),
    "user": Command("Show an account and its API token.", "user", own=("--username",)),
    "reset_password": Command("Give an account another password.", "reset_password", own=("--username", "--password")),
    "import": Command("Import files into a project.", "import"),
    "export": Command("Export a project to a file.", "export"),
    "migrate-from": Command("Copy projects from a running Label Studio; run again, bring what is new.", "migrate_from"),
    "demo": Command("Fill a project with demonstration data.", "demo"),
    "space": Command("Make and manage Spaces on Hugging Face: `space deploy me/labels` is everything in one.", "space"),
    "doctor": Command("Say what is right about this installation and what is not, with the fix.", "doctor"),
    "backup": Command("Write everything into one file: database, uploaded files, secret key.", "backup"),
    "restore": Command("Put back what `backup` wrote, with the server stopped.", "restore"),
    "bundle": Command("Write a whole project into one file, or make a project of one: to move it to another server.", "bundle"),
    "recover": Command(
        "Take over from the server before, and restore the database when this disk has none, as every start does.",
        plain="durability.boot:recover",
    ),
    "ship": Command("Copy the database off this machine until told to stop, as every start does.", plain="durability.shipper:ship"),
    "settings": Command("Show every setting, its value and where it came from.", "settings"),
    "health": Command("Ask the server on this machine whether it is up; for container health checks."),
    "shell": Command("Open a Python shell with Django set up.", "shell"),
    "version": Command("Print the version."),
}

# How --input-format of Label Studio 0.x reads --input-path: (a folder of files, the extension that a file is read as or "" for its own)
INPUT_FORMATS: dict[str, tuple[bool, str]] = {
    "json": (False, "json"),
    "json-dir": (True, "json"),
    "jsonl": (False, "jsonl"),
    "csv": (False, "csv"),
    "tsv": (False, "tsv"),
    "text": (False, "txt"),
    "text-dir": (True, "txt"),
    "image": (False, ""),
    "image-dir": (True, ""),
    "audio": (False, ""),
    "audio-dir": (True, ""),
    "video": (False, ""),
    "video-dir": (True, ""),
}
SAMPLING = ("sequential", "uniform", "prediction-score-min")

# flag: (environment variable, what it says in --help)
SETTINGS: dict[tuple[str, ...], tuple[str, str]] = {
    ("-p", "--port"): ("PORT", "port to listen on"),
    ("--internal-host",): ("INTERNAL_HOST", "network address to listen on"),
    ("--host",): ("HOST", "the address people type, like https://labels.example.org"),
    ("--cert",): ("TLS_CERT", "certificate file (PEM): the server speaks https; needs --key"),
    ("--key",): ("TLS_KEY", "the certificate's private key (PEM)"),
    ("-db", "--database"): ("DATABASE_NAME", "SQLite file"),
    ("--data-dir", "--root-dir"): ("BASE_DATA_DIR", "data directory"),
    ("--username",): ("USERNAME", "e-mail address of the first account"),
    ("--password",): ("PASSWORD", "password of the first account"),
    ("--user-token",): ("USER_TOKEN", "legacy API token of the first account"),
    ("--log-level",): ("LOG_LEVEL", "DEBUG, INFO, WARNING, ERROR or CRITICAL"),
}
SWITCHES: dict[tuple[str, ...], tuple[str, str]] = {
    ("--enable-legacy-api-token",): ("ENABLE_LEGACY_API_TOKEN", "new organizations start with legacy API tokens"),
    ("--use-gevent",): ("USE_GEVENT", "serve by greenlets instead of threads; needs the extra gevent"),
    ("-d", "--debug"): ("DEBUG", "error pages with stack traces, for developers"),
}
# Label Studio's flags without a meaning here: (flags, takes a value, why)
IGNORED: list[tuple[tuple[str, ...], str | None, str]] = [
    (("-c", "--config"), "?", "settings come from the environment; see `labelspace settings`"),
    (("--skip-long-migrations",), None, "no migration here is long"),
    (("--agree-fix-sqlite",), None, "the SQLite that comes with Python is used as it is"),
    (("-v", "--verbose"), None, "--log-level says how much is logged"),
    (("--protocol",), "?", "--cert and --key make it https"),
    (("-s", "--source"), "?", "tasks are kept in the database; connect storages in a project's settings"),
    (("--source-path",), "?", "tasks are kept in the database; connect storages in a project's settings"),
    (("--source-params",), "?", "tasks are kept in the database; connect storages in a project's settings"),
    (("-t", "--target"), "?", "annotations are kept in the database; connect storages in a project's settings"),
    (("--target-path",), "?", "annotations are kept in the database; connect storages in a project's settings"),
    (("--target-params",), "?", "annotations are kept in the database; connect storages in a project's settings"),
    (("-o", "--output-dir"), "?", "annotations are kept in the database; export them when you need files"),
    (("--allow-serving-local-files",), None, "files are uploaded, or served from a storage of the project"),
]
BASIC_AUTH = "close the whole server with --username and --password (HTTP Basic authentication), before people sign in"


class _Note(argparse.Action):
    """Accepts a flag and says that it is ignored."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: object, option_string: str | None = None
    ) -> None:
        print(f"labelspace: {option_string} is ignored: {self.help}.", file=sys.stderr)


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
    shared.add_argument("--basic-auth", action="store_true", help=BASIC_AUTH)


def add_project_flags(parser: argparse.ArgumentParser) -> None:
    """What a new project is like: flags of `start --init` and `init`."""
    new = parser.add_argument_group("the new project")
    new.add_argument(
        "-f", "--force", action="store_true", help="with a project that exists: give it this labeling set-up; results are never lost by it"
    )
    new.add_argument(
        "--template", metavar="NAME", help="labeling configuration from the gallery, by its name or by the one it had in Label Studio 0.x"
    )
    new.add_argument("-l", "--label-config", metavar="FILE", help="labeling configuration: an XML file, or the XML itself")
    new.add_argument("-i", "--input-path", metavar="FILE", help="tasks: a file or a folder of files, imported while the project has none")
    new.add_argument(
        "--input-format", metavar="FORMAT", choices=list(INPUT_FORMATS), help=f"what --input-path is: {', '.join(INPUT_FORMATS)}"
    )
    new.add_argument("--ml-backends", metavar="URL", nargs="+", help="model servers to connect")
    new.add_argument("--sampling", choices=list(SAMPLING), help="order of tasks")
    new.add_argument("--initial-project-description", metavar="TEXT", help="description")


def project_arguments(options: argparse.Namespace) -> list[str]:
    """The flags of `add_project_flags` that were given, to be handed to `init`."""
    found = ["--force"] if options.force else []
    for name in ("template", "label_config", "input_path", "input_format", "sampling", "initial_project_description"):
        value = getattr(options, name)
        if value is not None:
            found.append(f"--{name.replace('_', '-')}={value}")
    return [*found, *(["--ml-backends", *options.ml_backends] if options.ml_backends else [])]


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
        if name == "start-multi-session":
            one.add_argument("-b", "--no-browser", action="store_true", default=argparse.SUPPRESS, help="do not open the browser")
        if name == "start":
            one.add_argument(
                "project",
                nargs="?",
                help="title of a project that must exist, or is made with --init; or the directory of a Label Studio 0.x project",
            )
            one.add_argument("-b", "--no-browser", action="store_true", default=argparse.SUPPRESS, help="do not open the browser")
            add_project_flags(one)
            one.add_argument("--init", action="store_true", help="make the project when there is none of that title")
        if name in ("serve", "worker", "ship", "recover"):
            one.add_argument("--supervised", type=int, metavar="PID", help=argparse.SUPPRESS)
            one.add_argument("--until-eof", action="store_true", help=argparse.SUPPRESS)
        if name == "serve":
            one.add_argument("--listen", help=argparse.SUPPRESS)
            one.add_argument("--ready-fd", type=int, help=argparse.SUPPRESS)
    return parser


def apply_flags(options: argparse.Namespace, environ: MutableMapping[str, str]) -> None:
    """Write the settings given as flags into `environ`, where they win over every other spelling of the variable.

    Raises SettingError for a flag without value, and for --basic-auth without a user name and a password.
    """
    for name, _ in [*SETTINGS.values(), *SWITCHES.values()]:
        value = getattr(options, _variable_field(name), None)
        if value is not None:
            if value == "":
                raise SettingError(f"--{name.lower()}", "needs a value")
            environ[f"LABEL_STUDIO_{name}"] = value
            environ.pop(f"LABEL_STUDIO_{name}_FILE", None)
    if getattr(options, "basic_auth", False):
        _close_with_basic_auth(environ)


def _close_with_basic_auth(environ: MutableMapping[str, str]) -> None:
    """--username and --password become the pair that everybody gives; an account is made of them only when the name is an e-mail address."""
    where = {name: [full for prefix in PREFIXES if environ.get(full := prefix + name)] for name in ("USERNAME", "PASSWORD")}
    if not where["USERNAME"] or not where["PASSWORD"]:
        raise SettingError("--basic-auth", "needs --username and --password")
    name, password = environ[where["USERNAME"][0]], environ[where["PASSWORD"][0]]
    if ":" in name:
        raise SettingError("--basic-auth", "needs a --username without a colon")
    environ["LABEL_STUDIO_BASIC_AUTH"] = f"{name}:{password}"
    if not is_email(name):
        for full in [*where["USERNAME"], *where["PASSWORD"]]:
            environ.pop(full)
